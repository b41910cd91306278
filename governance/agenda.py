"""What stands on an agenda beside initiatives."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, cast

from django.db import transaction
from django.db.models import Exists, Max, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from core.history import record
from core.workflow import TransitionBlocked, TransitionDenied
from governance import policies
from governance.models import (
    AgendaItem,
    Decision,
    Initiative,
    Meeting,
    MeetingStatus,
)
from organization.operations import next_number

if TYPE_CHECKING:
    from datetime import datetime

    from core.actors import Actor


# Somebody who sends the same form twice means one meeting, or one item.
SAME_FORM = timedelta(minutes=1)
# What was decided longer ago than this is no news to the council.
REPORTED_WITHIN = timedelta(days=365)


@transaction.atomic
def add_item(
    meeting: Meeting, *, title: str, kind: str, by: Actor, now: datetime, initiative: Initiative | None = None
) -> AgendaItem:
    """Put a notice case (RS) or an item of information (AN) last on the agenda; the same form twice gives one.

    :raises TransitionDenied: ``by`` does not arrange the meeting.
    :raises TransitionBlocked: the minutes are locked, or it is a case that needs a decision.
    """
    if not policies.may_arrange_meeting(by, meeting):
        raise TransitionDenied
    locked = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    if locked.minutes_are_locked or kind == AgendaItem.Kind.DECISION:
        raise TransitionBlocked([_("Vedtakssaker settes på sakslista fra tiltaket selv.")])
    if initiative is not None and (
        there := locked.items.on_agenda().filter(initiative=initiative, matter=None).first()
    ):
        return _retitled(there, title, by=by, now=now)
    # The lock on the meeting lets two requests meet here, so the second finds the first's item.
    same = locked.items.on_agenda().filter(matter=None, kind=kind, title=title[:200], initiative=initiative)
    if found := same.filter(changed_at__gt=now - SAME_FORM).first():
        return found
    with record("edit_agenda", actor=by):
        return _append(locked, title=title, kind=kind, initiative=initiative, now=now)


def _append(
    meeting: Meeting, *, title: str, kind: str, initiative: Initiative | None, now: datetime
) -> AgendaItem:
    """Put an item last on the agenda of a meeting that is locked."""
    last = meeting.items.aggregate(last=Max("position"))["last"] or 0
    year = timezone.localdate(meeting.starts_at).year
    number = ""
    if kind == AgendaItem.Kind.NOTICE:
        number = f"RS {next_number(meeting.municipality_id, 'notice_case', year)}/{year % 100:02d}"
    return AgendaItem.objects.create(
        meeting=meeting, initiative=initiative, kind=kind, title=title[:200], position=last + 1, case_number=number,
        changed_at=now,
    )  # fmt: skip


def _retitled(item: AgendaItem, title: str, *, by: Actor, now: datetime) -> AgendaItem:
    """Return the item that stands there for the initiative already, under the title it is now given."""
    if item.title != title[:200]:
        with record("edit_agenda", actor=by):
            item.title = title[:200]
            item.stamp(now)
            item.save(update_fields=["title", "changed_at"])
    return item


def report_fast_track(meeting: Meeting, *, now: datetime) -> None:
    """Report what the secretariat has decided and no meeting is told of, as notice cases (domain/governance 4.6).

    The meeting is locked, or new.
    """
    told = AgendaItem.objects.filter(initiative=OuterRef("initiative"), matter=None, removed_at=None)
    told = told.exclude(meeting__status=MeetingStatus.CANCELLED)
    decided = Decision.objects.filter(
        municipality_id=meeting.municipality_id, body=Decision.Body.SECRETARIAT, initiative__isnull=False,
        decided_at__gt=now - REPORTED_WITHIN,
    )  # fmt: skip
    for decision in decided.exclude(Exists(told)).select_related("initiative").order_by("decided_at", "pk"):
        initiative = cast("Initiative", decision.initiative)
        title = initiative.card_title or initiative.title
        _append(meeting, title=title, kind=AgendaItem.Kind.NOTICE, initiative=initiative, now=now)


def report_at_next_meeting(municipality_id: int, *, now: datetime) -> None:
    """Report to the next meeting whose papers are not out; where none is planned, the next one planned is told."""
    planned = Meeting.objects.filter(
        municipality_id=municipality_id, status=MeetingStatus.PLANNED, starts_at__gt=now
    )
    following = planned.select_for_update(of=("self",)).order_by("starts_at", "pk").first()
    if following is not None:
        report_fast_track(following, now=now)
