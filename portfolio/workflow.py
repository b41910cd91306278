"""Phase and status of a project.  The initiative follows in the same transaction.

Two workflows on one model: ``phase`` goes forward through Prosjektveiviseren, ``status``
tells whether the project runs.  A phase moves only while the project is active.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from benefits.filing import file_report
from core.history import label_actions
from core.workflow import Workflow
from governance.gates import Point
from governance.workflow import initiative_workflow
from portfolio import policies
from portfolio.checklist.operations import ask_again
from portfolio.checklist.state import checklists_are_answered
from portfolio.forms import PauseForm, StopForm
from portfolio.gatepaper.operations import lapse
from portfolio.gatepaper.rules import no_paper_waits, paper_is_decided
from portfolio.gates import guards_at
from portfolio.models import DecisionPoint, Phase, Project, ProjectStatus

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal

    from core.actors import Actor

phase_workflow: Workflow[Project] = Workflow(Project, Phase, status="phase")
status_workflow: Workflow[Project] = Workflow(Project, ProjectStatus)
OWNER, MANAGER = gettext_lazy("Prosjekteier"), gettext_lazy("Porteføljeforvalter")
BOTH = gettext_lazy("Prosjekteier eller porteføljeforvalter")


def is_active(project: Project, /) -> str | None:
    if project.is_active:
        return None
    return _("Prosjektet er %(status)s. Gjenoppta det før du flytter det.") % {
        "status": str(project.get_status_display()).lower()
    }


def has_a_concept(project: Project, /) -> str | None:
    if project.is_project:
        return None
    return _("%(kind)s har ingen konseptfase.") % {"kind": str(project.get_kind_display())}


def _follow(project: Project, name: str, *, by: Actor, now: datetime, reason: str = "") -> None:
    """Move the initiative with the project."""
    initiative_workflow.perform(
        name, project.initiative, by=by, now=now, vouched=True, data={"reason": reason} if reason else None
    )


@phase_workflow.transition(
    source=[Phase.CONCEPT], target=Phase.PLANNING, label=gettext_lazy("Flytt til Planlegge"),
    done=gettext_lazy("Flyttet til Planlegge"), tone="primary", roles=BOTH, allow=policies.may_move,
    guards=[is_active, checklists_are_answered(DecisionPoint.BP2), paper_is_decided(DecisionPoint.BP2)],
)  # fmt: skip
def to_planning(project: Project, *, by: Actor, now: datetime) -> None:
    project.version += 1


@phase_workflow.transition(
    source=[Phase.CONCEPT], target=Phase.PLANNING, label=gettext_lazy("Hopp over Konsept"),
    done=gettext_lazy("Flyttet til Planlegge, uten konseptfase"), roles=MANAGER, allow=policies.may_manage_portfolio,
    internal=True,
)  # fmt: skip
def skip_concept(project: Project, *, by: Actor, now: datetime) -> None:
    project.version += 1


@phase_workflow.transition(
    source=[Phase.PLANNING], target=Phase.EXECUTION, label=gettext_lazy("Flytt til Gjennomføre"),
    done=gettext_lazy("Flyttet til Gjennomføre"), tone="primary", roles=BOTH, allow=policies.may_move,
    guards=[is_active, checklists_are_answered(DecisionPoint.BP3), paper_is_decided(DecisionPoint.BP3), *guards_at(Point.BP3)],
)  # fmt: skip
def to_execution(project: Project, *, by: Actor, now: datetime) -> None:
    project.version += 1


@phase_workflow.transition(
    source=[Phase.EXECUTION], target=Phase.CLOSING, label=gettext_lazy("Flytt til Avslutte"),
    done=gettext_lazy("Flyttet til Avslutte"), tone="primary", roles=BOTH, allow=policies.may_move,
    guards=[is_active, checklists_are_answered(DecisionPoint.BP4), paper_is_decided(DecisionPoint.BP4), *guards_at(Point.BP4)],
)  # fmt: skip
def to_closing(project: Project, *, by: Actor, now: datetime) -> None:
    project.version += 1


@phase_workflow.transition(
    source=[Phase.CLOSING], target=Phase.REALIZING, label=gettext_lazy("Flytt til Realisere"),
    done=gettext_lazy("Overlevert til linjen"), tone="primary", roles=BOTH, allow=policies.may_move,
    guards=[is_active, checklists_are_answered(DecisionPoint.BP5), paper_is_decided(DecisionPoint.BP5), *guards_at(Point.BP5)],
)  # fmt: skip
def to_realizing(project: Project, *, by: Actor, now: datetime) -> None:
    project.version += 1
    _follow(project, "start_realizing", by=by, now=now)


@phase_workflow.transition(
    source=[Phase.PLANNING], target=Phase.CONCEPT, label=gettext_lazy("Tilbake til Konsept"),
    done=gettext_lazy("Flyttet tilbake til Konsept"), roles=MANAGER, allow=policies.may_manage_portfolio,
    guards=[is_active, has_a_concept, no_paper_waits],
)  # fmt: skip
def back_to_concept(project: Project, *, by: Actor, now: datetime) -> None:
    project.version += 1
    ask_again(project, DecisionPoint.BP2, now=now)
    lapse(project, [DecisionPoint.BP2, DecisionPoint.BP3], now=now)


@phase_workflow.transition(
    source=[Phase.EXECUTION], target=Phase.PLANNING, label=gettext_lazy("Tilbake til Planlegge"),
    done=gettext_lazy("Flyttet tilbake til Planlegge"), roles=MANAGER, allow=policies.may_manage_portfolio,
    guards=[is_active, no_paper_waits],
)  # fmt: skip
def back_to_planning(project: Project, *, by: Actor, now: datetime) -> None:
    project.version += 1
    ask_again(project, DecisionPoint.BP3, now=now)
    lapse(project, [DecisionPoint.BP3, DecisionPoint.BP4], now=now)


def is_not_realizing(project: Project, /) -> str | None:
    if project.phase != Phase.REALIZING:
        return None
    return _("Prosjektet er overlevert til linjen. Gevinstene følges opp der.")


@status_workflow.transition(
    source=[ProjectStatus.ACTIVE], target=ProjectStatus.PAUSED, label=gettext_lazy("Sett på vent"),
    done=gettext_lazy("Satt på vent"), roles=MANAGER, allow=policies.may_manage_portfolio, form=PauseForm,
    guards=[is_not_realizing],
)  # fmt: skip
def pause(project: Project, *, by: Actor, now: datetime, reason: str, until: date | None = None) -> None:
    project.paused_until = until
    _arrive(project, now)
    _follow(project, "pause", by=by, now=now, reason=reason)


@status_workflow.transition(
    source=[ProjectStatus.PAUSED], target=ProjectStatus.ACTIVE, label=gettext_lazy("Gjenoppta"),
    done=gettext_lazy("Gjenopptatt"), tone="primary", roles=MANAGER, allow=policies.may_manage_portfolio,
)  # fmt: skip
def resume(project: Project, *, by: Actor, now: datetime) -> None:
    project.paused_until = None
    _arrive(project, now)
    _follow(project, "resume", by=by, now=now)


@status_workflow.transition(
    source=[ProjectStatus.ACTIVE, ProjectStatus.PAUSED], target=ProjectStatus.STOPPED, label=gettext_lazy("Stopp"),
    done=gettext_lazy("Stoppet"), tone="danger", roles=MANAGER, allow=policies.may_manage_portfolio, form=StopForm,
    guards=[is_not_realizing, no_paper_waits],
)  # fmt: skip
def stop(project: Project, *, by: Actor, now: datetime, reason: str, spent: Decimal) -> None:
    project.spent_when_stopped = spent
    _arrive(project, now)
    _follow(project, "stop", by=by, now=now, reason=reason)


def is_realizing(project: Project, /) -> str | None:
    return None if project.phase == Phase.REALIZING else _("Overlever til linjen før du lukker.")


@status_workflow.transition(
    source=[ProjectStatus.ACTIVE], target=ProjectStatus.COMPLETED, label=gettext_lazy("Lukk prosjektet"),
    done=gettext_lazy("Lukket"), roles=BOTH, allow=policies.may_move,
    guards=[is_realizing, checklists_are_answered(DecisionPoint.BP6), paper_is_decided(DecisionPoint.BP6), *guards_at(Point.BP6)],
)  # fmt: skip
def complete(project: Project, *, by: Actor, now: datetime) -> None:
    _arrive(project, now)
    file_report(project.initiative, now=now)
    _follow(project, "close", by=by, now=now)


def _arrive(project: Project, now: datetime) -> None:
    project.status_since = now
    project.version += 1


label_actions({
    "start_project": gettext_lazy("Prosjekt opprettet"),
    "edit_project": gettext_lazy("Prosjektet endret"),
    "change_kind": gettext_lazy("Slag endret"),
})  # fmt: skip

phase_workflow.seal()
status_workflow.seal()
