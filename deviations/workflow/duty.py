"""A duty is open until every point is stamped, or somebody with a name judged it not notifiable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from core.workflow import Workflow
from deviations import guards, policies
from deviations.forms import transitions as forms
from deviations.models import Duty, DutyStatus

if TYPE_CHECKING:
    from datetime import datetime

    from core.actors import Actor

S = DutyStatus
duty_workflow: Workflow[Duty] = Workflow(Duty, S)
step = duty_workflow.transition


@step(
    source=[S.OPEN], target=S.DONE, label=_("Fullfør"), done=_("Meldeplikten er gjort"), tone="primary",
    roles=_("Behandler"), allow=policies.may_judge_duty, guards=[guards.stamps_are_set],
)  # fmt: skip
def complete(duty: Duty, *, by: Actor, now: datetime) -> None:
    """Every stamp is set: nothing more to write."""


@step(
    source=[S.OPEN], target=S.NOT_NOTIFIABLE, label=_("Sett til ikke meldepliktig"), done=_("Vurdert, ikke meldepliktig"),
    roles=_("Behandler"), allow=policies.may_judge_duty, form=forms.JudgementForm,
)  # fmt: skip
def judge_not_notifiable(duty: Duty, *, by: Actor, now: datetime, reason: str) -> None:
    duty.judgement, duty.judged_at = reason, now
    duty.judged_by_id = by.person_id


@step(
    source=[S.DONE, S.NOT_NOTIFIABLE], target=S.OPEN, label=_("Åpne igjen"), done=_("Meldeplikten er åpnet igjen"),
    roles=_("Behandler"), allow=policies.may_judge_duty, form=forms.ReasonForm, guards=[guards.case_is_open],
)  # fmt: skip
def reopen_duty(duty: Duty, *, by: Actor, now: datetime, reason: str) -> None:
    duty.judgement, duty.judged_at, duty.judged_by = "", None, None


duty_workflow.seal()
