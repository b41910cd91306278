"""The states of a hand-over.

A municipality's own plan goes straight to the one who is to take it; a local plan of a regional initiative first to
the municipality's leadership, which names who that is.  A refusal stands; handing over anew is a new hand-over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from benefits.baton import guards, policies, telling
from benefits.baton.forms import AcceptForm, LeadershipForm, RefuseForm, WithdrawForm
from benefits.models import Benefit, Handover, HandoverStatus, Ownership
from benefits.workflow import ownership_workflow
from core import notices
from core.history import label_actions
from core.workflow import Workflow
from governance.operations import touching

if TYPE_CHECKING:
    from datetime import datetime

    from core.actors import Actor
    from organization.models import Person, Unit

handover_workflow: Workflow[Handover] = Workflow(Handover, HandoverStatus)
S = HandoverStatus
LEADERSHIP, RECEIVER, GIVER = _("Kommunedirektør"), _("Tjenesteeieren som er spurt"), _("Den som overleverte")


@handover_workflow.transition(
    source=[S.WITH_LEADERSHIP], target=S.WITH_RECEIVER, label=_("Ta imot for kommunen"), done=_("Kommunen tar imot"),
    tone="primary", roles=LEADERSHIP, allow=policies.may_answer_for_municipality, form=LeadershipForm,
    guards=[guards.municipality_takes_part], notify=telling.holder_is_asked,
)  # fmt: skip
def confirm_handover(
    handover: Handover, *, by: Actor, now: datetime, receiver: Person, unit: Unit, remark: str = ""
) -> None:
    initiative = handover.initiative
    with touching(initiative, "place_local_plan", by=by, now=now):
        type(initiative).objects.filter(pk=initiative.pk).update(service_owner=receiver, unit=unit)
    for benefit in initiative.benefits.exclude(status=Benefit.Status.DROPPED).filter(service_owner=None):
        ownership_workflow.perform(
            "ask_owner", benefit, by=by, now=now, vouched=True, data={"service_owner": receiver}
        )
    handover.receiver, handover.led_by_id, handover.led_at, handover.note = (
        receiver,
        by.person_id,
        now,
        remark,
    )
    _tell_region(handover, S.WITH_RECEIVER, now)


@handover_workflow.transition(
    source=[S.WITH_LEADERSHIP], target=S.REFUSED, label=_("Si nei for kommunen"), done=_("Kommunen tok ikke imot"),
    tone="danger", roles=LEADERSHIP, allow=policies.may_answer_for_municipality, form=RefuseForm,
    guards=[guards.municipality_takes_part],
)  # fmt: skip
def decline_handover(handover: Handover, *, by: Actor, now: datetime, reason: str) -> None:
    handover.led_by_id, handover.led_at, handover.note = by.person_id, now, reason
    _tell_region(handover, S.REFUSED, now)


@handover_workflow.transition(
    source=[S.WITH_RECEIVER], target=S.ACCEPTED, label=_("Ta imot planen"), done=_("Linjen har overtatt"), tone="primary",
    roles=RECEIVER, allow=policies.is_receiver, form=AcceptForm, guards=[guards.receiver_leads, guards.municipality_takes_part],
    notify=telling.giver_is_told,
)  # fmt: skip
def accept_handover(handover: Handover, *, by: Actor, now: datetime, remark: str = "") -> None:
    """Whoever takes over takes on the benefits of the plan that ask for it."""
    handover.answered_by_id, handover.answered_at, handover.note = by.person_id, now, remark
    asked = handover.initiative.benefits.filter(service_owner=handover.receiver, ownership=Ownership.ASKED)
    for benefit in asked.exclude(status=Benefit.Status.DROPPED).select_related("initiative"):
        ownership_workflow.perform("accept_ownership", benefit, by=by, now=now)
    _tell_region(handover, S.ACCEPTED, now)


@handover_workflow.transition(
    source=[S.WITH_RECEIVER], target=S.REFUSED, label=_("Si nei til planen"), done=_("Planen er ikke overtatt"),
    tone="danger", roles=RECEIVER, allow=policies.is_receiver, form=RefuseForm, guards=[guards.municipality_takes_part],
    notify=telling.giver_is_told,
)  # fmt: skip
def refuse_handover(handover: Handover, *, by: Actor, now: datetime, reason: str) -> None:
    handover.answered_by_id, handover.answered_at, handover.note = by.person_id, now, reason
    _tell_region(handover, S.REFUSED, now)


@handover_workflow.transition(
    source=[S.WITH_LEADERSHIP, S.WITH_RECEIVER], target=S.WITHDRAWN, label=_("Trekk overleveringen"), done=_("Overleveringen er trukket"),
    roles=GIVER, allow=policies.may_withdraw, form=WithdrawForm,
)  # fmt: skip
def withdraw_handover(handover: Handover, *, by: Actor, now: datetime, reason: str) -> None:
    handover.note = reason


def _tell_region(handover: Handover, becomes: HandoverStatus, now: datetime) -> None:
    """Tell the region what one of its municipalities answered."""
    plan = guards.local_plan_of(handover.initiative)
    if plan is None:
        return
    notices.post(telling.region_is_told(plan, handover, becomes, now=now), about=plan, now=now)


label_actions({
    "hand_over": _("Overlevert til linjen"), "give_local_plan": _("Lokal plan laget"), "place_local_plan": _("Mottaker valgt i kommunen"),
    "open_in_line": _("Endring i linjen"), "take_from_template": _("Endring i malen tatt inn"), "keep_own": _("Eget innhold beholdt"),
    "leave_regional_plan": _("Kommunen gikk ut av det regionale tiltaket"),
})  # fmt: skip

handover_workflow.seal()
