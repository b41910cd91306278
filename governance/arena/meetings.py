"""Writes to the meetings of a professional group: planned, moved, cancelled, and finished."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Refused
from core.history import label_actions, record
from core.seeing import lock
from core.workflow import TransitionDenied
from governance.arena import policies, telling
from governance.models import GroupMeeting, GroupParticipant, GroupPoint
from organization.operations import Edit, create, save

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from core.actors import Actor
    from organization.models import Person

label_actions({
    "plan_group_meeting": gettext_lazy("Gruppemøte planlagt"), "change_group_meeting": gettext_lazy("Gruppemøte endret"),
    "cancel_group_meeting": gettext_lazy("Gruppemøte avlyst"), "conclude_group_meeting": gettext_lazy("Notatene ferdige"),
    "reopen_group_meeting": gettext_lazy("Notatene åpnet igjen"), "suggest_point": gettext_lazy("Punkt foreslått"),
    "withdraw_point": gettext_lazy("Punkt trukket"), "tick_participants": gettext_lazy("Deltakere ført"),
})  # fmt: skip
_TOLD_WHEN_CHANGED = {"starts_at", "ends_at", "place", "link"}


def locked_for_group(meeting: GroupMeeting, by: Actor) -> GroupMeeting:
    """Lock a meeting of a group that ``by`` is of: everything that is written in it waits for this.

    :raises Http404: ``by`` does not see it; TransitionDenied: ``by`` is not of the group.
    """
    current = lock(meeting, by)
    if not policies.may_take_part(by, current.group):
        raise TransitionDenied
    return current


def locked_for_responsible(meeting: GroupMeeting, by: Actor) -> GroupMeeting:
    """Lock a meeting of a group that ``by`` is responsible for.

    :raises Http404: ``by`` does not see it; TransitionDenied: ``by`` is not the responsible.
    """
    current = lock(meeting, by)
    if not policies.may_lead_meeting(by, current):
        raise TransitionDenied
    return current


def refuse_unless_open(meeting: GroupMeeting) -> None:
    """Stop what belongs to a meeting that is still written in.

    :raises Refused: it is cancelled, or its notes are finished.
    """
    if meeting.is_cancelled:
        raise Refused(_("Møtet er avlyst."))
    if meeting.is_concluded:
        raise Refused(_("Notatene er ferdige. Den ansvarlige for gruppen kan åpne dem igjen."))


# --- Planned, moved, cancelled ------------------------------------------------------------------
@transaction.atomic
def plan_meeting(meeting: GroupMeeting, *, by: Actor, now: datetime) -> GroupMeeting:
    """Save a new meeting, and tell the group.

    :raises TransitionDenied: ``by`` is not responsible for the group.
    :raises ValidationError: with the fault at each field.
    """
    if not policies.may_lead_meeting(by, meeting):
        raise TransitionDenied
    meeting.municipality_id = meeting.group.municipality_id
    meeting.full_clean()
    made = create(meeting, action="plan_group_meeting", by=by, now=now)
    telling.tell_planned(made, by=by, now=now)
    return made


@transaction.atomic
def change_meeting(edit: Edit[GroupMeeting], *, by: Actor, now: datetime) -> GroupMeeting:
    """Save new facts of a meeting; the group is told where time or place changes.

    :raises Http404: ``by`` does not see it; TransitionDenied: ``by`` is not responsible for the group.
    :raises Refused: it is cancelled or finished; StaleVersion: somebody else saved meanwhile.
    """
    current = locked_for_responsible(edit.row, by)
    refuse_unless_open(current)
    if not edit.fields:
        return current
    edit.row.full_clean()
    edit.row.version = current.version + 1
    whole = Edit(edit.row, (*edit.fields, "version"), edit.seen)
    saved = save(whole, action="change_group_meeting", by=by, now=now)
    if _TOLD_WHEN_CHANGED & set(edit.fields):
        telling.tell_moved(saved, by=by, now=now)
    return saved


@transaction.atomic
def cancel_meeting(meeting: GroupMeeting, *, reason: str, by: Actor, now: datetime) -> GroupMeeting:
    """Cancel a meeting and tell the group; what is written in it stays.

    :raises Http404: ``by`` does not see it; TransitionDenied: ``by`` is not responsible for the group.
    :raises Refused: it is cancelled already, or finished.
    """
    current = locked_for_responsible(meeting, by)
    refuse_unless_open(current)
    current.cancelled_at, current.cancel_reason = now, reason.strip()
    _stand(current, "cancel_group_meeting", ("cancelled_at", "cancel_reason"), by=by, now=now)
    telling.tell_cancelled(current, by=by, now=now)
    return current


@transaction.atomic
def conclude_meeting(meeting: GroupMeeting, *, by: Actor, now: datetime) -> GroupMeeting:
    """Say that the notes are finished, and tell the group.  What comes of them can still be decided.

    :raises Http404: ``by`` does not see it; TransitionDenied: ``by`` is not responsible for the group.
    :raises Refused: it has not begun, is cancelled, or is finished already.
    """
    current = locked_for_responsible(meeting, by)
    refuse_unless_open(current)
    if not current.has_begun(now):
        raise Refused(_("Møtet har ikke begynt ennå."))
    current.concluded_at = now
    _stand(current, "conclude_group_meeting", ("concluded_at",), by=by, now=now)
    telling.tell_concluded(current, by=by, now=now)
    return current


@transaction.atomic
def reopen_meeting(meeting: GroupMeeting, *, by: Actor, now: datetime) -> GroupMeeting:
    """Let the group write on in notes that were finished; open ones stay open.

    :raises Http404: ``by`` does not see it; TransitionDenied: ``by`` is not responsible for the group.
    """
    current = locked_for_responsible(meeting, by)
    if current.is_concluded:
        current.concluded_at = None
        _stand(current, "reopen_group_meeting", ("concluded_at",), by=by, now=now)
    return current


def _stand(meeting: GroupMeeting, action: str, columns: tuple[str, ...], *, by: Actor, now: datetime) -> None:
    with record(action, actor=by):
        meeting.version += 1
        meeting.stamp(now)
        meeting.save(update_fields=[*columns, "version", "changed_at"])


# --- What is suggested, and who came ------------------------------------------------------------
@transaction.atomic
def suggest_point(meeting: GroupMeeting, *, title: str, detail: str, by: Actor, now: datetime) -> GroupPoint:
    """Put a point on the agenda of a meeting.

    :raises Http404: ``by`` does not see it; TransitionDenied: ``by`` is not of the group.
    :raises Refused: the meeting is cancelled or finished.
    """
    current = locked_for_group(meeting, by)
    refuse_unless_open(current)
    point = GroupPoint(
        meeting=current, title=title.strip(), detail=detail.strip(), suggested_by_id=cast("int", by.person_id)
    )
    return create(point, action="suggest_point", by=by, now=now)


@transaction.atomic
def withdraw_point(meeting: GroupMeeting, *, pk: int, by: Actor) -> None:
    """Take a point off the agenda.  One that is gone already is withdrawn once.

    :raises Http404: ``by`` does not see it; TransitionDenied: ``by`` neither suggested it nor is the responsible.
    :raises Refused: the meeting is cancelled or finished, or notes are written on the point.
    """
    current = locked_for_group(meeting, by)
    point = current.points.filter(pk=pk).first()
    if point is None:
        return
    if not policies.may_withdraw_point(by, point):
        raise TransitionDenied
    refuse_unless_open(current)
    if point.notes.exists():
        raise Refused(_("Det er skrevet notater på punktet, så det blir stående."))
    with record("withdraw_point", actor=by):
        point.delete()


@transaction.atomic
def tick_participants(
    meeting: GroupMeeting, people: Iterable[Person], *, shown: Collection[int], by: Actor, now: datetime
) -> None:
    """Say who came.  Two who tick at once keep each other's ticks: only what ``by`` changed is changed.

    :param people: who is ticked now.
    :param shown: the numbers of those who were ticked when ``by`` began.
    :raises Http404: ``by`` does not see it; TransitionDenied: ``by`` is not of the group.
    :raises Refused: the meeting is cancelled or finished, or has not begun.
    """
    current = locked_for_group(meeting, by)
    refuse_unless_open(current)
    if not current.has_begun(now):
        raise Refused(_("Møtet har ikke begynt ennå. Før deltakerne når det er i gang."))
    wanted, before = {person.pk for person in people}, set(shown)
    there = set(current.participants.values_list("person_id", flat=True))
    come = wanted - before - there
    with record("tick_participants", actor=by):
        current.participants.filter(person_id__in=before - wanted).delete()
        GroupParticipant.objects.bulk_create(
            GroupParticipant(meeting=current, person_id=pk, changed_at=now) for pk in sorted(come)
        )
