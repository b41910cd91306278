"""A lift: raised, solved by somebody whose offer was accepted, and closed by whoever raised it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.utils.translation import gettext_lazy as _

from core.history import record
from core.workflow import TransitionBlocked, Workflow
from deviations import guards, policies
from deviations import lift_telling as telling
from deviations.forms import lifts as forms
from deviations.forms.transitions import ReasonForm
from deviations.models import (
    ActionLink,
    ActionStatus,
    CorrectiveAction,
    Lift,
    LiftOffer,
    LiftReply,
    LiftStatus,
)
from deviations.operations.actions import create_action
from deviations.operations.touching import touch

if TYPE_CHECKING:
    from datetime import datetime

    from core.actors import Actor
    from deviations.models import Deviation

S = LiftStatus
lift_workflow: Workflow[Lift] = Workflow(Lift, S)
step = lift_workflow.transition
RAISER = _("Den som løftet problemet")


@step(
    source=[S.RAISED], target=S.BEING_SOLVED, label=_("Ta imot et tilbud"), done=_("Tok imot et tilbud"), tone="primary",
    roles=RAISER, allow=policies.may_steer_lift, form=forms.AcceptOfferForm, guards=[guards.has_offers],
    notify=telling.offer_is_accepted,
)  # fmt: skip
def accept_offer(lift: Lift, *, by: Actor, now: datetime, offer: LiftOffer, title: str) -> None:
    """Make the offer a corrective action of the unit that gave it, on every case the lift stands for."""
    standing = lift.offers.standing().select_related("unit", "owner").filter(pk=offer.pk).first()
    if standing is None:
        raise TransitionBlocked([_("Tilbudet er trukket. Last siden på nytt og velg et annet.")])
    promised = standing.owner_id == standing.person_id
    lift.action = create_action(
        title=title, unit=standing.unit, owner=standing.owner, due_on=standing.due_on, by=by, now=now,
        description=standing.plan, status=ActionStatus.ACCEPTED if promised else ActionStatus.PROPOSED,
    )  # fmt: skip
    standing.accepted_at = now
    standing.save()
    lift.status_since = now
    for one in [lift, *lift.merged_from.select_related("deviation")]:
        if one.deviation is not None:
            _tie(one.deviation, lift.action, by=by, now=now)


@step(
    source=[S.BEING_SOLVED], target=S.RAISED, label=_("Spør de andre igjen"), done=_("Spurte de andre igjen"),
    roles=RAISER, allow=policies.may_steer_lift, form=ReasonForm, notify=telling.help_is_asked_again,
)  # fmt: skip
def ask_again(lift: Lift, *, by: Actor, now: datetime, reason: str) -> None:
    """Let others offer anew.  What was begun stands as an action of the cases, with an end of its own."""
    lift.action, lift.status_since = None, now


@step(
    source=[S.RAISED, S.BEING_SOLVED], target=S.SOLVED, label=_("Meld som løst"), done=_("Løst"), roles=RAISER,
    tone="primary", allow=policies.may_steer_lift, form=forms.SolveForm, guards=[guards.solution_is_in_place],
    notify=telling.problem_has_ended,
)  # fmt: skip
def solve(lift: Lift, *, by: Actor, now: datetime, solution: str) -> None:
    lift.solution = solution
    _end(lift, now)


@step(
    source=[S.RAISED], target=S.WITHDRAWN, label=_("Trekk problemet"), done=_("Trukket"), roles=RAISER,
    allow=policies.may_steer_lift, form=ReasonForm, notify=telling.problem_has_ended,
)  # fmt: skip
def withdraw_lift(lift: Lift, *, by: Actor, now: datetime, reason: str) -> None:
    _end(lift, now)


@step(
    source=[S.RAISED], target=S.MERGED, label=_("Slå sammen med et annet"), done=_("Slått sammen"), roles=RAISER,
    allow=policies.may_steer_lift, form=forms.MergeLiftForm, notify=telling.problem_has_ended,
)  # fmt: skip
def merge_lift(lift: Lift, *, by: Actor, now: datetime, main: Lift) -> None:
    """Let the other lift stand for this one too: its raiser, and those who had the same, count there."""
    locked = (
        Lift.objects.visible_to(by).select_for_update(of=("self",)).select_related("action").get(pk=main.pk)
    )
    if not locked.is_open:
        raise TransitionBlocked([_("Det andre problemet er avsluttet. Velg et som er åpent.")])
    lift.merged_into = locked
    _end(lift, now)
    same = LiftReply.Kind.SAME
    people = {lift.raised_by_id, *lift.replies.filter(kind=same).values_list("person_id", flat=True)}
    LiftReply.objects.bulk_create(
        [LiftReply(lift=locked, person_id=pk, kind=same, at=now) for pk in people - {locked.raised_by_id}],
        update_conflicts=True, unique_fields=["lift", "person"], update_fields=["kind", "at"],
    )  # fmt: skip
    if locked.action is not None and lift.deviation is not None:
        _tie(lift.deviation, locked.action, by=by, now=now)


def _end(lift: Lift, now: datetime) -> None:
    lift.ended_at = lift.status_since = now


def _tie(case: Deviation, action: CorrectiveAction, *, by: Actor, now: datetime) -> None:
    """Put the action on the case, as long as that is open, without showing the case to the action's owner."""
    if not case.is_open:
        return
    with record("propose_action", actor=by, of=case):
        _link, made = ActionLink.objects.get_or_create(
            action=action, deviation=case, defaults={"linked_by_id": cast("int", by.person_id), "linked_at": now, "hides_case": True}
        )  # fmt: skip
        if made:
            touch(case, now)


lift_workflow.seal()
