"""The list of deviations as a file.  No name of a reporter stands in it, nor a word of what was told but the title."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.exports import as_file
from core.formats import local_day
from deviations.models import Severity
from deviations.presentation import headline_of, who_has_it

if TYPE_CHECKING:
    from django.http import FileResponse, StreamingHttpResponse

    from deviations.models import Deviation
    from deviations.queries import DeviationQuerySet

_HEADINGS = (
    gettext_lazy("Nummer"), gettext_lazy("Tittel"), gettext_lazy("Hva slags"), gettext_lazy("Kategori"), gettext_lazy("Type"),
    gettext_lazy("Alvorlighet"), gettext_lazy("Status"), gettext_lazy("Enhet"), gettext_lazy("Ligger hos"),
    gettext_lazy("Meldt"), gettext_lazy("Frist"), gettext_lazy("Lukket"),
)  # fmt: skip


def deviations(rows: DeviationQuerySet, kind: str) -> StreamingHttpResponse | FileResponse:
    """Return the list as a file of ``kind``; the rows are loaded ``with_access``."""
    return as_file(rows, kind, name="avvik", sheet=_("Avvik"), headings=_HEADINGS, line=_line)


def _line(row: Deviation) -> list[Any]:
    severity = row.judged_severity
    return [
        row.number, headline_of(row), row.get_kind_display(), row.get_category_display(), row.type_name,
        str(Severity(severity).label) if severity else "", row.get_status_display(), str(row.unit), who_has_it(row),
        local_day(row.created_at), row.due_on, local_day(row.closed_at) if row.closed_at else None,
    ]  # fmt: skip
