"""The standing item of every agenda: what the council decided before, and nobody has finished.

It is read from the history of the follow-ups, so that the agenda, the minutes and the papers of the archive tell it as it
stood when the papers went out, whatever has happened since.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, F, OuterRef, Subquery, Window
from django.utils import timezone

from core.asof import of_event
from core.history import said_by
from governance.follow_up_presentation import FollowUpState
from governance.models import Decision, FollowUp, Meeting
from governance.models.follow_up import UNFINISHED

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from django.db.models import QuerySet

    from core.actors import Actor

MOST = 10


@dataclass(frozen=True, slots=True)
class StandingLine:
    """One decision that waits: how its follow-up stood and what was said of it last, for who may know of it."""

    decision: Any
    state: FollowUpState | None
    said: str

    @property
    def title(self) -> str:
        return str(self.decision.open_title)


@dataclass(frozen=True, slots=True)
class StandingItem:
    """The first of what waits, the most urgent before the others; ``others`` is how many more there are."""

    lines: tuple[StandingLine, ...] = ()
    others: int = 0


def standing_of(meeting: Meeting, actor: Actor, *, now: datetime) -> StandingItem:
    """Return what waited when the papers of a meeting went out, or waits now where they have not, in one query."""
    if meeting.papers_are_out and not meeting.tells_standing:
        return StandingItem()
    at = meeting.summoned_at or now
    lines = Decision.objects.logged_for(actor).with_follow_up_access(actor).of_council(meeting)
    seen = lines.filter(pk=OuterRef("decision_id")).values("reads_follow_up")[:1]
    last = _events(at).filter(pgh_obj_id=OuterRef("pgh_obj_id")).values("pgh_id")[:1]
    of_council = _events(at).filter(decision__municipality_id=meeting.municipality_id)
    waiting = of_council.filter(pgh_id=Subquery(last), status__in=UNFINISHED).annotate(reads=Subquery(seen))
    counted = waiting.filter(reads__isnull=False).annotate(of_all=Window(Count("pgh_id")))
    told = counted.select_related(
        "decision__initiative", "decision__agenda_item", "responsible", "pgh_context"
    )
    found = list(told.order_by(F("due_on").asc(nulls_last=True), "decision_id")[:MOST])
    day = timezone.localdate(at)
    return StandingItem(
        tuple(_line(event, day) for event in found), found[0].of_all - len(found) if found else 0
    )


def _events(at: Any) -> QuerySet[Any]:
    """Return what follow-ups had been through by a point in time, the last first."""
    rows: QuerySet[Any] = FollowUp.pgh_event_model.objects.filter(changed_at__lte=at)
    return rows.order_by("-pgh_id")


def _line(event: Any, day: date) -> StandingLine:
    if not event.reads:
        return StandingLine(event.decision, None, "")
    row = of_event(FollowUp, event)
    row.responsible = event.responsible
    return StandingLine(event.decision, FollowUpState(row, day), said_by(event, row))


def meetings_told_of(follow_up_ids: Iterable[int]) -> QuerySet[Meeting]:
    """Return the meetings whose papers went out while one of some follow-ups waited."""
    last = _events(OuterRef(OuterRef("summoned_at"))).filter(pgh_obj_id=OuterRef("pk"))
    there = FollowUp.objects.filter(
        pk__in=list(follow_up_ids), decision__municipality_id=OuterRef("municipality_id")
    )
    waited = there.annotate(stood_as=Subquery(last.values("status")[:1])).filter(stood_as__in=UNFINISHED)
    rows: QuerySet[Meeting] = Meeting.objects.filter(Exists(waited), tells_standing=True)
    return rows
