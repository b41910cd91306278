"""Begin a project from an adopted initiative, and move it.

The project owns phase, pause and stop; the initiative follows in the same transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from core.errors import StaleVersion
from core.history import record
from core.seeing import lock
from core.workflow import TransitionBlocked, TransitionDenied
from governance import policies as governance_policies
from governance.models import Initiative
from governance.workflow import initiative_workflow
from portfolio.checklist.operations import copy_checklist
from portfolio.models import Phase, Project, ProjectStatus

if TYPE_CHECKING:
    from datetime import date, datetime

    from core.actors import Actor
    from organization.models import Person


def start_project(  # noqa: PLR0913 - the fields of one row, keyword-only
    initiative: Initiative, *, name: str, owner: Person, manager: Person, by: Actor, now: datetime,
    starts_on: date | None = None, ends_on: date | None = None,
) -> Project:  # fmt: skip
    """Take an adopted initiative into the portfolio as a project in the concept phase.

    :raises Http404: ``by`` cannot see the initiative.
    :raises TransitionDenied: ``by`` is not the portfolio manager of its municipality.
    :raises TransitionBlocked: it is not adopted, or benefits or service owner are missing.
    """
    if not Initiative.objects.visible_to(by).filter(pk=initiative.pk).exists():
        raise Http404
    if not governance_policies.may_take_into_portfolio(by, initiative):
        raise TransitionDenied
    with transaction.atomic():
        moved = initiative_workflow.perform("enter_portfolio", initiative, by=by, now=now, vouched=True)
        with record("start_project", actor=by):
            made: Project = Project.objects.create(
                initiative=moved, municipality_id=moved.municipality_id, unit_id=moved.unit_id, name=name,
                owner=owner, manager=manager, starts_on=starts_on, ends_on=ends_on, phase=Phase.CONCEPT,
                status=ProjectStatus.ACTIVE, status_since=now, created_at=now, changed_at=now,
            )  # fmt: skip
            copy_checklist(made, now=now)
    return made


@transaction.atomic
def move_phase(project: Project, *, to: str, by: Actor, now: datetime, version: int | None = None) -> Project:
    """Move the project to phase ``to`` by the transition that leads there from where it stands.

    :raises Http404: ``by`` cannot see the project.
    :raises StaleVersion: it was changed since ``version``.
    :raises TransitionDenied: ``by`` may not move it there.
    :raises TransitionBlocked: no transition leads there, or the project does not run.
    """
    from portfolio.workflow import phase_workflow

    current = lock(project, by)
    if version is not None and current.version != version:
        raise StaleVersion(theirs={_("Fase"): str(current.get_phase_display())})
    for name, declared in phase_workflow.transitions.items():
        if declared.target == to and current.phase in declared.source:
            return phase_workflow.perform(name, current, by=by, now=now)
    raise TransitionBlocked([_("Prosjektet kan ikke flyttes dit fra fasen det står i.")])
