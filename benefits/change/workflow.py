"""The states of an action: KS' *Ikke startet*, *Under arbeid* and *Ferdig*, and *Ikke gjennomført* with a reason.

That it is late is no state: it follows from the deadline.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from benefits.change import policies, telling
from benefits.change.steps import GiveUpForm, OutcomeForm
from benefits.models import ChangeAction, ChangeStatus
from benefits.operations.mapping import why_plan_is_closed
from core.history import label_actions
from core.workflow import Workflow

if TYPE_CHECKING:
    from datetime import datetime

    from core.actors import Actor

change_workflow: Workflow[ChangeAction] = Workflow(ChangeAction, ChangeStatus)
S = ChangeStatus
DOERS = _("Den ansvarlige, eller den som arbeider med planen")


def plan_is_open(action: ChangeAction, /) -> str | None:
    if action.is_removed:
        return _t("Tiltaket er tatt ut av planen. Ta det inn igjen først.")
    return why_plan_is_closed(action.initiative)


@change_workflow.transition(
    source=[S.NOT_STARTED], target=S.UNDER_WAY, label=_("Begynn på tiltaket"), done=_("Begynt på tiltaket"), roles=DOERS,
    allow=policies.may_do, guards=[plan_is_open],
)  # fmt: skip
def begin_change(action: ChangeAction, *, by: Actor, now: datetime) -> None:
    """Whoever is responsible works on it."""


@change_workflow.transition(
    source=[S.NOT_STARTED, S.UNDER_WAY], target=S.DONE, label=_("Merk som ferdig"), done=_("Tiltaket er ferdig"),
    tone="primary", roles=DOERS, allow=policies.may_do, form=OutcomeForm, guards=[plan_is_open],
)  # fmt: skip
def finish_change(action: ChangeAction, *, by: Actor, now: datetime, outcome: str = "") -> None:
    action.outcome, action.concluded_at = outcome, now


@change_workflow.transition(
    source=[S.NOT_STARTED, S.UNDER_WAY], target=S.NOT_DONE, label=_("Merk som ikke gjennomført"),
    done=_("Tiltaket blir ikke gjennomført"), tone="danger", roles=DOERS, allow=policies.may_do, form=GiveUpForm,
    guards=[plan_is_open], notify=telling.planners_are_told,
)  # fmt: skip
def give_up_change(action: ChangeAction, *, by: Actor, now: datetime, outcome: str) -> None:
    action.outcome, action.concluded_at = outcome, now


@change_workflow.transition(
    source=[S.DONE, S.NOT_DONE], target=S.UNDER_WAY, label=_("Åpne tiltaket igjen"), done=_("Tiltaket er åpnet igjen"),
    roles=DOERS, allow=policies.may_do, guards=[plan_is_open],
)  # fmt: skip
def reopen_change(action: ChangeAction, *, by: Actor, now: datetime) -> None:
    """What was written stays until it is ended anew."""
    action.concluded_at = None


label_actions({
    "edit_change_work": _("Endringsarbeidet endret"), "remove_change_work": _("Tatt ut av endringsarbeidet"),
    "restore_change_work": _("Tatt inn i endringsarbeidet igjen"),
})  # fmt: skip

change_workflow.seal()
