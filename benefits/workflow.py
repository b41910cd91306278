"""The states of a benefit, and its service owner's answer.

Two workflows on one model: ``status`` goes from what is named in the intake to what was taken out,
``ownership`` tells whether the service owner has taken it on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from benefits import guards, policies, telling
from benefits.forms.transitions import DropForm, LessonForm, OptionalLessonForm, RefuseForm, ReopenForm
from benefits.models import Benefit, Ownership
from core.history import label_actions
from core.workflow import Workflow

if TYPE_CHECKING:
    from datetime import datetime

    from core.actors import Actor
    from organization.models import Person

benefit_workflow: Workflow[Benefit] = Workflow(Benefit, Benefit.Status)
ownership_workflow: Workflow[Benefit] = Workflow(Benefit, Ownership, status="ownership")
S, A = Benefit.Status, Ownership
OWNER, PLANNERS = _("Tjenesteeier"), _("Tjenesteeier eller den som arbeider med planen")
TAKERS = _("Tjenesteeier eller porteføljeforvalter")


# --- The service owner's answer --------------------------------------------------------------------
@ownership_workflow.transition(
    source=[A.ASKED, A.REFUSED], target=A.ACCEPTED, label=_("Ta på deg gevinsten"), done=_("Tjenesteeieren tok den på seg"),
    tone="primary", roles=OWNER, allow=policies.is_service_owner, notify=telling.planners_are_told,
    guards=[guards.initiative_is_sent_in, guards.service_owner_leads],
)  # fmt: skip
def accept_ownership(benefit: Benefit, *, by: Actor, now: datetime) -> None:
    benefit.ownership_note = ""


@ownership_workflow.transition(
    source=[A.ASKED, A.ACCEPTED], target=A.REFUSED, label=_("Si nei til gevinsten"), done=_("Tjenesteeieren sa nei"),
    tone="danger", roles=OWNER, allow=policies.is_service_owner, form=RefuseForm, notify=telling.planners_are_told,
    guards=[guards.initiative_is_sent_in],
)  # fmt: skip
def refuse_ownership(benefit: Benefit, *, by: Actor, now: datetime, reason: str) -> None:
    benefit.ownership_note = reason


@ownership_workflow.transition(
    source=[A.ACCEPTED, A.REFUSED, A.ASKED], target=A.ASKED, label=_("Spør en ny tjenesteeier"),
    done=_("Ny tjenesteeier spurt"), roles=PLANNERS, allow=policies.nobody, internal=True, notify=telling.owner_is_asked,
)  # fmt: skip
def ask_owner(benefit: Benefit, *, by: Actor, now: datetime, service_owner: Person | None) -> None:
    benefit.service_owner, benefit.ownership_note = service_owner, ""


# --- The benefit -----------------------------------------------------------------------------------
@benefit_workflow.transition(
    source=[S.IDENTIFIED], target=S.PLANNED, label=_("Godkjenn i planen"), done=_("Godkjent i planen"),
    roles=_("Prosjekteier, kommunedirektør eller porteføljeforvalter"), allow=policies.may_approve, tone="primary",
    guards=[
        guards.initiative_is_sent_in, guards.service_owner_is_named, guards.service_owner_leads,
        guards.service_owner_has_accepted, guards.indicator_is_set, guards.saved_time_is_cut,
    ],
)  # fmt: skip
def plan_benefit(benefit: Benefit, *, by: Actor, now: datetime) -> None:
    """The plan counts on it from now on."""


@benefit_workflow.transition(
    source=[S.PLANNED], target=S.BASELINE_MEASURED, label=_("Før nullpunktet"), done=_("Nullpunktet er målt"),
    roles=PLANNERS, allow=policies.nobody, internal=True, guards=[guards.baseline_is_measured],
)  # fmt: skip
def note_baseline(benefit: Benefit, *, by: Actor, now: datetime) -> None:
    """Follows by itself when the baseline of the main indicator is measured."""


@benefit_workflow.transition(
    source=[S.PLANNED, S.BASELINE_MEASURED], target=S.REALIZING, label=_("Begynn å ta ut gevinsten"),
    done=_("Gevinsten tas ut"), tone="primary", roles=TAKERS, allow=policies.may_take_out,
    guards=[guards.baseline_is_measured, guards.target_is_not_the_baseline],
)  # fmt: skip
def begin_realizing(benefit: Benefit, *, by: Actor, now: datetime) -> None:
    """The line takes it out and measures on."""


@benefit_workflow.transition(
    source=[S.REALIZING], target=S.REALIZED, label=_("Sett til realisert"), done=_("Gevinsten er realisert"), tone="primary",
    roles=TAKERS, allow=policies.may_take_out, form=OptionalLessonForm,
    guards=[
        guards.is_measured_after_baseline, guards.target_is_reached, guards.reporting_has_not_collapsed, guards.budget_is_verified,
    ],
)  # fmt: skip
def conclude_realized(benefit: Benefit, *, by: Actor, now: datetime, lesson: str = "") -> None:
    benefit.lesson = lesson


@benefit_workflow.transition(
    source=[S.REALIZING], target=S.PARTLY_REALIZED, label=_("Sett til delvis realisert"), done=_("Gevinsten er delvis realisert"),
    roles=TAKERS, allow=policies.may_take_out, form=LessonForm, guards=[guards.is_measured_after_baseline],
)  # fmt: skip
def conclude_partly(benefit: Benefit, *, by: Actor, now: datetime, lesson: str) -> None:
    benefit.lesson = lesson


@benefit_workflow.transition(
    source=[S.REALIZING], target=S.NOT_REALIZED, label=_("Sett til ikke realisert"), done=_("Gevinsten ble ikke realisert"),
    roles=TAKERS, allow=policies.may_take_out, form=LessonForm,
)  # fmt: skip
def conclude_not_realized(benefit: Benefit, *, by: Actor, now: datetime, lesson: str) -> None:
    benefit.lesson = lesson


@benefit_workflow.transition(
    source=[S.REALIZED, S.PARTLY_REALIZED, S.NOT_REALIZED], target=S.REALIZING, label=_("Følg opp gevinsten igjen"),
    done=_("Gevinsten følges opp igjen"), roles=TAKERS, allow=policies.may_take_out, form=ReopenForm,
)  # fmt: skip
def reopen_benefit(benefit: Benefit, *, by: Actor, now: datetime, reason: str) -> None:
    """What was learned stays."""


@benefit_workflow.transition(
    source=[S.IDENTIFIED, S.PLANNED, S.BASELINE_MEASURED, S.REALIZING], target=S.DROPPED, label=_("Ta ut av planen"),
    done=_("Tatt ut av planen"), tone="danger", roles=PLANNERS, allow=policies.may_plan, form=DropForm,
    guards=[guards.initiative_is_sent_in],
)  # fmt: skip
def drop_benefit(benefit: Benefit, *, by: Actor, now: datetime, reason: str) -> None:
    """Stopping is a result too: the reason stands in the history."""


@benefit_workflow.transition(
    source=[S.DROPPED], target=S.IDENTIFIED, label=_("Ta inn i planen igjen"), done=_("Tatt inn i planen igjen"),
    roles=PLANNERS, allow=policies.may_plan, form=ReopenForm, guards=[guards.initiative_is_sent_in],
)  # fmt: skip
def restore_benefit(benefit: Benefit, *, by: Actor, now: datetime, reason: str) -> None:
    """It begins anew, and must be approved again."""


label_actions({
    "edit_benefits": _("Gevinstene endret"), "edit_plan": _("Planen endret"), "edit_profile": _("Anslag per år endret"),
    "edit_indicator": _("Indikator endret"), "add_indicator": _("Indikator lagt til"), "measure": _("Målt"),
    "verify_measurement": _("Måling bekreftet"), "approve_plan": _("Plan godkjent"),
    "set_source": _("Kilde til tallet valgt"), "remove_source": _("Tallet føres for hånd igjen"),
    "compute": _("Regnet ut"), "record_effect": _("Uventet virkning ført"), "add_later": _("Gevinst lagt til i planen"), "import_measurements": _("Målinger lest inn fra fil"), "set_silence_rules": _("Grenser for meldestillhet endret"),
    "edit_map": _("Gevinstkartet endret"), "plan_pulse": _("Puls planlagt"),
})  # fmt: skip

benefit_workflow.seal()
ownership_workflow.seal()
