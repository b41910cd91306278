"""A corrective action: proposed, accepted, done, and its effect judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from core.workflow import Workflow
from deviations import policies, telling
from deviations.forms import transitions as forms
from deviations.models import ActionStatus, CorrectiveAction

if TYPE_CHECKING:
    from datetime import date, datetime

    from core.actors import Actor
    from organization.models import Person

S = ActionStatus
action_workflow: Workflow[CorrectiveAction] = Workflow(CorrectiveAction, S)
step = action_workflow.transition
OWNER = _("Tiltaksansvarlig")


@step(
    source=[S.PROPOSED], target=S.ACCEPTED, label=_("Godta"), done=_("Godtatt"), tone="primary", roles=OWNER,
    allow=policies.may_accept_action, notify=telling.action_has_moved,
)  # fmt: skip
def accept(action: CorrectiveAction, *, by: Actor, now: datetime) -> None:
    action.status_since = now


@step(
    source=[S.ACCEPTED], target=S.IN_PROGRESS, label=_("Start"), done=_("Startet"), tone="primary", roles=OWNER,
    allow=policies.may_accept_action,
)  # fmt: skip
def begin(action: CorrectiveAction, *, by: Actor, now: datetime) -> None:
    action.status_since = now


@step(
    source=[S.ACCEPTED, S.IN_PROGRESS], target=S.DONE, label=_("Meld som utført"), done=_("Utført"), tone="primary",
    roles=OWNER, allow=policies.may_accept_action, form=forms.OutcomeForm, notify=telling.action_has_moved,
    then="await_evaluation",
)  # fmt: skip
def finish(action: CorrectiveAction, *, by: Actor, now: datetime, outcome: str) -> None:
    action.outcome, action.done_at, action.status_since = outcome, now, now


@step(
    source=[S.DONE], target=S.AWAITING_EVALUATION, label=_("Send til evaluering"), done=_("Venter på evaluering"),
    roles=_("Systemet"), allow=policies.nobody, guards=[lambda action: None if action.is_evaluated else _("Skal ikke evalueres.")],
)  # fmt: skip
def await_evaluation(action: CorrectiveAction, *, by: Actor, now: datetime) -> None:
    action.status_since = now


@step(
    source=[S.DONE, S.AWAITING_EVALUATION], target=S.CLOSED, label=_("Lukk tiltaket"), done=_("Lukket"),
    roles=_("Den som foreslo tiltaket"), allow=policies.may_follow_up_action, form=forms.ActionEffectForm,
)  # fmt: skip
def close_action(action: CorrectiveAction, *, by: Actor, now: datetime, effect: str) -> None:
    action.effect, action.status_since = effect, now


@step(
    source=[S.DONE, S.AWAITING_EVALUATION], target=S.IN_PROGRESS, label=_("Gjør mer"), done=_("Ikke ferdig likevel"),
    roles=_("Den som foreslo tiltaket"), allow=policies.may_follow_up_action, form=forms.ReasonForm,
    notify=telling.action_has_moved,
)  # fmt: skip
def resume_action(action: CorrectiveAction, *, by: Actor, now: datetime, reason: str) -> None:
    action.done_at, action.status_since = None, now


@step(
    source=[S.PROPOSED, S.ACCEPTED, S.IN_PROGRESS], target=S.REJECTED, label=_("Avvis tiltaket"), done=_("Avvist"),
    tone="danger", roles=OWNER, allow=policies.may_follow_up_action, form=forms.ReasonForm,
    notify=telling.action_has_moved,
)  # fmt: skip
def reject(action: CorrectiveAction, *, by: Actor, now: datetime, reason: str) -> None:
    action.status_since = now


@step(
    source=[S.PROPOSED, S.ACCEPTED, S.IN_PROGRESS], target=S.PROPOSED, label=_("Gi til en annen"),
    done=_("Ny ansvarlig"), roles=_("Den som foreslo tiltaket"), allow=policies.may_follow_up_action,
    form=forms.NewOwnerForm, notify=telling.action_is_given,
)  # fmt: skip
def hand_over(action: CorrectiveAction, *, by: Actor, now: datetime, owner: Person, deadline: date) -> None:
    """Give the action to somebody else, as when its owner has left."""
    action.owner, action.due_on, action.status_since = owner, deadline, now


action_workflow.seal()
