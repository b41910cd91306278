"""How an entry in the log is shown, with what it said before it was corrected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from core.formats import long_date
from core.presentation import names_of
from portfolio.models import LogKind, LogResponsible, ProjectLogEntry

if TYPE_CHECKING:
    from datetime import datetime

TONES = {
    LogKind.EVENT: "neutral", LogKind.CHANGE_REQUEST: "info", LogKind.OFF_SPECIFICATION: "warning", LogKind.DECISION: "success",
}  # fmt: skip


def tone_of(entry: ProjectLogEntry) -> str:
    return TONES[LogKind(entry.kind)]


@dataclass(frozen=True, slots=True)
class Version:
    """What an entry said from a moment on, and who wrote it so."""

    at: datetime
    who: str
    facts: list[tuple[str, str]]


def versions_of(entry: ProjectLogEntry) -> list[Version]:
    """Return what an entry said before it was corrected, the latest first, in two queries."""
    model: Any = ProjectLogEntry.pgh_event_model
    events = list(model.objects.filter(pgh_obj_id=entry.pk).select_related("pgh_context").order_by("-pgh_id"))
    names = names_of(_actor_of(event) for event in events)
    return [
        Version(event.changed_at, names.get(_actor_of(event) or 0, ""), facts_of(event))
        for event in events[1:]
    ]


def facts_of(entry: Any) -> list[tuple[str, str]]:
    """Return what is filled in of an entry, or of what it was once."""
    responsible = LogResponsible(entry.responsible).label if entry.responsible else ""
    rows = [
        (_("Hva slags"), str(LogKind(entry.kind).label)), (_("Kort fortalt"), entry.title), (_("Beskrivelse"), entry.text),
        (_("Når"), long_date(entry.happened_on)), (_("Ansvarlig"), str(responsible)), (_("Konsekvens"), entry.consequence),
        (_("Anbefaling"), entry.recommendation),
        (_("Besluttet"), long_date(entry.decided_on) if entry.decided_on else ""), (_("Erfaring"), entry.lesson),
    ]  # fmt: skip
    return [(label, text) for label, text in rows if text]


def _actor_of(event: Any) -> int | None:
    actor: int | None = event.pgh_context.metadata.get("actor") if event.pgh_context else None
    return actor
