"""Begin a project from an adopted initiative, and move it.

The project owns phase, pause and stop; the initiative follows in the same transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import Refused, StaleVersion
from core.history import record
from core.seeing import lock
from core.workflow import TransitionBlocked, TransitionDenied
from governance import policies as governance_policies
from governance.models import Initiative
from governance.workflow import initiative_workflow
from portfolio import policies
from portfolio.checklist.operations import ask_from, copy_checklist
from portfolio.checklist.state import next_of
from portfolio.models import MemberRole, Project, ProjectKind, ProjectMember, ProjectStatus

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from core.actors import Actor
    from organization.models import Person


def start_project(  # noqa: PLR0913 - the fields of one row, keyword-only
    initiative: Initiative, *, name: str, owner: Person, manager: Person, by: Actor, now: datetime,
    kind: str = ProjectKind.PROJECT, ildsjeler: Iterable[Person] = (), starts_on: date | None = None, ends_on: date | None = None,
) -> Project:  # fmt: skip
    """Take an adopted initiative into the portfolio, in the first phase of what it is.

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
                owner=owner, manager=manager, starts_on=starts_on, ends_on=ends_on, kind=kind,
                phase=ProjectKind(kind).phases[0], status=ProjectStatus.ACTIVE, status_since=now, created_at=now, changed_at=now,
            )  # fmt: skip
            if made.is_project:
                copy_checklist(made, now=now)
            keep_ildsjeler(made, ildsjeler, now=now)
    return made


def keep_ildsjeler(project: Project, people: Iterable[Person], *, now: datetime) -> None:
    """Keep those who took part in the initiative in the project that comes of it."""
    for person in people:
        ProjectMember.objects.create(
            project=project, person=person, role=MemberRole.ILDSJEL, begins_on=timezone.localdate(now),
            note=_("Var med på å melde inn tiltaket"), created_at=now, changed_at=now,
        )  # fmt: skip


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
        if declared.target == to and current.phase in declared.source and not declared.internal:
            return phase_workflow.perform(name, current, by=by, now=now)
    raise TransitionBlocked([_("Prosjektet kan ikke flyttes dit fra fasen det står i.")])


@transaction.atomic
def change_kind(project: Project, *, kind: str, reason: str, by: Actor, now: datetime) -> Project:
    """Follow a project as another kind of work: with or without a concept phase and checklists.

    :raises Http404: ``by`` cannot see the project.
    :raises TransitionDenied: ``by`` does not manage its portfolio.
    :raises Refused: the project has ended, or a gate paper waits for its decision.
    """
    from portfolio.gatepaper.rules import no_paper_waits
    from portfolio.workflow import phase_workflow

    current = lock(project, by)
    if not policies.may_manage_portfolio(by, current):
        raise TransitionDenied
    if why := why_ended(current):
        raise Refused(why)
    if kind == current.kind:
        return current
    if waits := no_paper_waits(current):
        raise Refused(waits)
    if current.phase not in ProjectKind(kind).phases:
        current = phase_workflow.perform("skip_concept", current, by=by, now=now, vouched=True)
    current.kind = kind
    current.version += 1
    current.stamp(now)
    with record("change_kind", actor=by, reason=reason):
        current.save()
        if current.is_project:
            ask_from(current, next_of(current), now=now)
    return current


def why_ended(project: Project) -> str | None:
    """Return why nothing about a project changes any more, or ``None``."""
    if project.is_running:
        return None
    return _("Prosjektet er %(status)s. Det kan leses, men ikke endres.") % {
        "status": str(project.get_status_display()).lower()
    }
