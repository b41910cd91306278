"""The open list and the decision log as files: what stands on the screen, with the same filters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.exports import as_file
from core.formats import local_day
from governance.decision_presentation import LogLine
from governance.models.status import STAGES
from governance.presentation import who_has_it

if TYPE_CHECKING:
    from datetime import date

    from django.http import FileResponse, StreamingHttpResponse

    from governance.decision_queries import DecisionQuerySet
    from governance.models import Initiative
    from governance.queries import InitiativeQuerySet

_HEADINGS = (
    gettext_lazy("Nummer"), gettext_lazy("Tittel"), gettext_lazy("Status"), gettext_lazy("Trinn"), gettext_lazy("Enhet"),
    gettext_lazy("Kommune"), gettext_lazy("Ligger hos"), gettext_lazy("Tjenesteeier"), gettext_lazy("Innmeldt"),
    gettext_lazy("Frist"), gettext_lazy("Sist endret"),
)  # fmt: skip
_LOG_HEADINGS = (
    gettext_lazy("Nummer"), gettext_lazy("Dato"), gettext_lazy("Organ"), gettext_lazy("Kommune"), gettext_lazy("Sak"),
    gettext_lazy("Saksnummer"), gettext_lazy("Utfall"), gettext_lazy("Vedtak"), gettext_lazy("Beløp"), gettext_lazy("Votering"),
    gettext_lazy("Vedtaksreferanse"), gettext_lazy("Ansvarlig"), gettext_lazy("Frist"), gettext_lazy("Saksnummer i arkivet"),
    gettext_lazy("Oppfølging"), gettext_lazy("Oppfølging avsluttet"),
)  # fmt: skip
_STAGE_LABELS = {key: label for key, label, _states in STAGES}


def initiatives(rows: InitiativeQuerySet, kind: str) -> StreamingHttpResponse | FileResponse:
    """Return the list as a file of ``kind``."""
    return as_file(rows, kind, name="tiltak", sheet=_("Tiltak"), headings=_HEADINGS, line=_line)


def _line(row: Initiative) -> list[Any]:
    owner = row.service_owner
    return [
        row.number, row.card_title, row.get_status_display(), _STAGE_LABELS.get(row.stage, _("Avsluttet underveis")),
        str(row.unit), str(row.municipality), who_has_it(row), str(owner) if owner else "",
        local_day(row.submitted_at) if row.submitted_at else None, row.due_on, row.changed_at,
    ]  # fmt: skip


def decisions(rows: DecisionQuerySet, kind: str, *, today: date) -> StreamingHttpResponse | FileResponse:
    """Return the decision log as a file of ``kind``, each line with as much as whoever asks may read."""

    def line(row: Any) -> list[Any]:
        return _log_line(LogLine(row, today))

    return as_file(rows, kind, name="vedtak", sheet=_("Vedtak"), headings=_LOG_HEADINGS, line=line)


def _log_line(line: LogLine) -> list[Any]:
    row, item, reads = line.decision, line.decision.agenda_item, line.decision.reads_text
    state = line.follow_up
    followed = state.row if state else None
    return [
        row.number, row.day, str(row.get_body_display()), str(row.municipality), line.title,
        item.case_number if item else "", str(line.outcome), row.text if reads else "", line.amount, line.votes if reads else "",
        row.reference, str(followed.responsible or "") if followed else "", followed.due_on if followed else None,
        line.archive_reference, state.label if state else "",
        local_day(followed.closed_at) if followed and followed.closed_at else None,
    ]  # fmt: skip
