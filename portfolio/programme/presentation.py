"""What a project's page and a list show of programmes, and of the projects around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from portfolio.models import Project
from portfolio.programme.sums import Sums, sums_of, sums_of_one

if TYPE_CHECKING:
    from collections.abc import Iterable

    from organization.actors import PersonActor
    from portfolio.models import Programme
    from portfolio.queries import ProjectQuerySet

CHILDREN_ON_CARD = 5


@dataclass(frozen=True, slots=True)
class Family:
    """The programme and the project above, and the first of those below; ``parent`` only where the reader sees it."""

    programme: Programme | None
    parent: Project | None
    children: list[Project]
    sums: Sums

    def __bool__(self) -> bool:
        return bool(self.programme or self.parent or self.sums.number)

    @property
    def has_more(self) -> bool:
        return self.sums.seen > len(self.children)


def family_of(project: Project, actor: PersonActor) -> Family:
    """Return what stands around a project: one query, and one more for each of parent and children where there are any."""
    sums = sums_of_one("parent", project.pk, actor)
    children: list[Project] = []
    if sums.seen:
        children = list(children_of(project, actor)[:CHILDREN_ON_CARD])
    parent = None
    if project.parent_id:
        parent = Project.objects.visible_to(actor).filter(pk=project.parent_id).first()
    return Family(project.programme, parent, children, sums)


def children_of(project: Project, actor: PersonActor) -> ProjectQuerySet:
    return Project.objects.visible_to(actor).filter(parent=project).select_related("municipality").order_by("-changed_at", "-pk")  # fmt: skip


def with_sums(programmes: Iterable[Programme], actor: PersonActor) -> list[Programme]:
    """Give each programme what its projects are and cost, in one query."""
    rows = list(programmes)
    if rows:
        found = sums_of("programme", [row.pk for row in rows], actor)
        for row in rows:
            row.sums = found.get(row.pk, Sums())
    return rows
