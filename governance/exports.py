"""The open list as a file: what stands on the screen, with the same filters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import FileResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.formats import local_day, number
from core.spreadsheets import write_csv, write_xlsx
from governance.models.status import STAGES
from governance.presentation import who_has_it

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest

    from governance.models import Initiative
    from governance.queries import InitiativeQuerySet

LIMIT = 5000
KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_HEADINGS = (
    gettext_lazy("Nummer"), gettext_lazy("Tittel"), gettext_lazy("Status"), gettext_lazy("Trinn"), gettext_lazy("Enhet"),
    gettext_lazy("Kommune"), gettext_lazy("Ligger hos"), gettext_lazy("Tjenesteeier"), gettext_lazy("Innmeldt"),
    gettext_lazy("Frist"), gettext_lazy("Sist endret"),
)  # fmt: skip
_STAGE_LABELS = {key: label for key, label, _states in STAGES}


def initiatives(rows: InitiativeQuerySet, kind: str) -> StreamingHttpResponse | FileResponse:
    """Return the first ``LIMIT`` rows as a file; a last line says when there were more."""
    name = f"tiltak-{timezone.localdate():%Y-%m-%d}.{kind}"
    headers = {"Content-Type": KINDS[kind], "Cache-Control": "private, no-store"}
    if kind == "xlsx":
        return FileResponse(
            write_xlsx(_HEADINGS, _lines(rows), sheet=_("Tiltak")),
            as_attachment=True,
            filename=name,
            headers=headers,
        )
    headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return StreamingHttpResponse(write_csv(_HEADINGS, _lines(rows)), headers=headers)


def _lines(rows: InitiativeQuerySet) -> Iterator[list[Any]]:
    for index, row in enumerate(rows[: LIMIT + 1].iterator(chunk_size=500)):
        if index == LIMIT:
            yield [
                _("Fila er kuttet ved %(limit)s rader. Avgrens med filtrene på siden for å få med resten.")
                % {"limit": number(LIMIT)}
            ]
            return
        yield _line(row)


def _line(row: Initiative) -> list[Any]:
    owner = row.service_owner
    return [
        row.number, row.card_title, row.get_status_display(), _STAGE_LABELS.get(row.stage, _("Avsluttet underveis")),
        str(row.unit), str(row.municipality), who_has_it(row), str(owner) if owner else "",
        local_day(row.submitted_at) if row.submitted_at else None, row.due_on, row.changed_at,
    ]  # fmt: skip


def links(request: HttpRequest) -> list[dict[str, str]]:
    """Return the addresses of the list as files, with the filters in use."""
    query = request.GET.copy()
    for name in ("etter", "for", "fil"):
        query.pop(name, None)
    found = []
    for kind, label in (("xlsx", _("Excel")), ("csv", _("CSV"))):
        query["fil"] = kind
        found.append({"url": f"?{query.urlencode()}", "label": label})
    return found
