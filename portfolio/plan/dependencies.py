"""Let a project wait for another, so that no project ever waits for itself.

A ring can be closed by two people who each add a part of it, over projects that neither of them
has in common.  All who add therefore wait for each other: one lock for the whole installation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.http import Http404
from django.utils.translation import gettext as _

from core.errors import Refused
from core.history import record
from core.seeing import lock
from core.workflow import TransitionDenied
from portfolio import policies
from portfolio.models import Dependency, Milestone, Project
from portfolio.plan.operations import why_closed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from core.actors import Actor
    from governance.forms.merging import MergingForm

_ONE_AT_A_TIME = "select pg_advisory_xact_lock(hashtext('portfolio.dependencies'))"


@transaction.atomic
def save_dependency(
    dependency: Dependency, values: Mapping[str, Any], *, by: Actor, now: datetime, form: MergingForm | None = None
) -> Dependency:  # fmt: skip
    """Let ``dependency.project`` wait for ``dependency.on``, or change what of it, by when and why.

    :raises Http404: ``by`` does not see both projects, or the dependency is gone.
    :raises TransitionDenied: ``by`` does not work on the project that waits.
    :raises StaleVersion: somebody else changed the same to something else.
    :raises Refused: it would close a ring or stands already, or the project has ended.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ONE_AT_A_TIME)
    ends = {pk: lock(Project(pk=pk), by) for pk in sorted({dependency.project_id, dependency.on_id})}
    project, on = ends[dependency.project_id], ends[dependency.on_id]
    if not policies.may_edit(by, project):
        raise TransitionDenied
    if reason := why_closed(project):
        raise Refused(reason)
    row = _row(dependency, now)
    row.project, row.on = project, on
    if dependency.pk is None:
        refuse_ring(project, on, by)
    elif form is not None:
        form.refuse_clashes(row)
    return _write(row, values, by=by, now=now)


def _row(dependency: Dependency, now: datetime) -> Dependency:
    if dependency.pk is None:
        return Dependency(project_id=dependency.project_id, on_id=dependency.on_id, created_at=now)
    rows = Dependency.objects.select_for_update(of=("self",))
    row: Dependency | None = rows.filter(pk=dependency.pk, project_id=dependency.project_id).first()
    if row is None:
        raise Http404
    return row


def _write(row: Dependency, values: Mapping[str, Any], *, by: Actor, now: datetime) -> Dependency:
    for name, value in values.items():
        setattr(row, name, value)
    milestone: Milestone | None = row.milestone
    if milestone is not None and milestone.project_id != row.on_id:
        raise Refused(_("Milepælen hører til et annet prosjekt. Velg en av dem som står i lista."))
    row.stamp(now)
    try:
        row.full_clean(exclude=["project", "on", "milestone"], validate_constraints=False)
        row.validate_constraints()
    except ValidationError as problem:
        raise Refused(*problem.messages) from problem
    with record("edit_plan" if row.pk else "add_to_plan", actor=by):
        row.save()
    return row


def refuse_ring(project: Project, on: Project, by: Actor) -> None:
    """:raises Refused: ``on`` already waits for ``project``, over however many steps."""
    if project.pk == on.pk:
        raise Refused(_("Et prosjekt kan ikke vente på seg selv. Velg et annet prosjekt."))
    way = way_between(on.pk, project.pk)
    if way:
        raise Refused(_told(way, by))


def way_between(start: int, goal: int) -> list[int]:
    """Return the projects on the shortest way along which ``start`` waits for ``goal``, or nothing."""
    came: dict[int, int] = {start: 0}
    edge = [start]
    while edge and goal not in came:
        pairs = (
            Dependency.objects.filter(project_id__in=edge).order_by("pk").values_list("project_id", "on_id")
        )
        edge = []
        for waiting, awaited in pairs:
            if awaited not in came:
                came[awaited] = waiting
                edge.append(awaited)
    if goal not in came:
        return []
    way = [goal]
    while way[-1] != start:
        way.append(came[way[-1]])
    return way[::-1]


def _told(way: list[int], by: Actor) -> str:
    """Say along what way the ring goes, with the names that ``by`` may know."""
    known = dict(Project.objects.visible_to(by).filter(pk__in=way).values_list("pk", "name"))
    names = [f"«{known[pk]}»" if pk in known else _("et prosjekt du ikke ser") for pk in way]
    told = _("Prosjektene ville ventet på hverandre i ring: %(way)s. Ta bort en av avhengighetene først.")
    return told % {"way": _(" venter på ").join(names)}
