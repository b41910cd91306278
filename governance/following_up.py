"""Who follows up a decision, and by when: set when it is made, and moved by the secretariat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import notices
from core.history import label_actions, record
from core.workflow import TransitionBlocked, TransitionDenied
from governance import policies, telling_follow_up
from governance.models import Decision, FollowUp, FollowUpStatus

if TYPE_CHECKING:
    from datetime import date, datetime

    from core.actors import Actor
    from organization.models import Person

label_actions({
    "give_follow_up": gettext_lazy("Oppfølging satt opp"),
    "move_follow_up": gettext_lazy("Ansvarlig eller frist endret"),
})  # fmt: skip


def follow_up_as_decided(decision: Decision, *, by: Actor, now: datetime) -> FollowUp | None:
    """Open the follow-up that a new decision asks for, and tell who is responsible; none where it names nobody and no day."""
    if decision.responsible_id is None and decision.due_on is None:
        return None
    row = _opened(decision, decision.responsible, decision.due_on, now)
    notices.post(telling_follow_up.it_is_given(row, by=by), about=row, now=now)
    return row


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Who is to see to a decision, by when, and why it is moved.

    ``began`` is when the follow-up that whoever moves it saw was last changed; ``None`` where there was none.
    """

    responsible: Person | None
    due_on: date | None
    reason: str = ""
    began: datetime | None = None


def set_follow_up(decision: Decision, assignment: Assignment, *, by: Actor, now: datetime) -> FollowUp:
    """Give a decision to somebody to follow up, or move what is given to another person or day.

    :raises TransitionDenied: ``by`` does not keep the decisions there.
    :raises TransitionBlocked: it is finished, or somebody has changed it since.
    """
    if not policies.may_arrange_follow_up(by, decision):
        raise TransitionDenied
    with transaction.atomic():
        # The follow-up before its decision, as its steps lock them.
        row = FollowUp.objects.select_for_update(of=("self",)).filter(decision=decision).first()
        if row is None:
            Decision.objects.select_for_update(no_key=True, of=("self",)).get(pk=decision.pk)
            _refuse_changed(FollowUp.objects.filter(decision=decision).first(), assignment)
            with record("give_follow_up", actor=by, reason=assignment.reason):
                row = _opened(decision, assignment.responsible, assignment.due_on, now)
                touch(row, now)
            before = None
        else:
            _refuse_changed(row, assignment)
            before = _moved(row, assignment, by=by, now=now)
        notices.post(telling_follow_up.it_is_given(row, by=by), about=row, now=now)
        # Who is relieved of a shielded case sees only the case's card from now on, and is told as one who does.
        card = decision.initiative or row
        notices.post(telling_follow_up.it_is_taken(row, by=by, before=before), about=card, now=now)
    return row


def _refuse_changed(row: FollowUp | None, assignment: Assignment) -> None:
    if (row.changed_at if row else None) != assignment.began:
        raise TransitionBlocked(
            [_("Noen har endret oppfølgingen imens. Se hva som står nå, og lagre på nytt.")]
        )


def touch(row: FollowUp, now: datetime) -> None:
    """Stamp the decision with what happened to its follow-up, so that other systems hear of it."""
    Decision.objects.filter(pk=row.decision_id).update(changed_at=now)


def _opened(decision: Decision, responsible: Person | None, due_on: date | None, now: datetime) -> FollowUp:
    return FollowUp.objects.create(
        decision=decision, responsible=responsible, due_on=due_on, status=FollowUpStatus.OPEN, status_since=now, changed_at=now
    )  # fmt: skip


def _moved(row: FollowUp, assignment: Assignment, *, by: Actor, now: datetime) -> Person | None:
    """Move a follow-up, and return who had it."""
    if not row.is_unfinished:
        raise TransitionBlocked([_("Oppfølgingen er avsluttet. Gjenåpne den før du endrer den.")])
    before = row.responsible
    with record("move_follow_up", actor=by, reason=assignment.reason, of=row):
        row.responsible, row.due_on = assignment.responsible, assignment.due_on
        row.stamp(now)
        row.save(update_fields=["responsible", "due_on", "changed_at"])
        touch(row, now)
    return before
