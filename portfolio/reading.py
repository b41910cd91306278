"""Who reads what a project contains: everybody at home, and of what is shielded those who are named (domain/visibility)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Q
from django.shortcuts import get_object_or_404

from core.conditions import has_one
from governance.queries import shielded_condition
from organization.roles import Permission

if TYPE_CHECKING:
    from organization.actors import PersonActor
    from portfolio.models import Project


def readable_project(pk: int, actor: PersonActor) -> Project:
    """Return the project, with what its pages show, if the actor may read what is in it.

    :raises Http404: there is none, or it is another municipality's.
    :raises PermissionDenied: it is shielded from the actor, who sees that there is such a project.
    """
    from portfolio.models import Project

    project: Project = get_object_or_404(
        Project.objects.visible_to(actor).in_full().with_access(actor), pk=pk
    )
    if not project.is_readable:
        raise PermissionDenied
    return project


def reading_condition(person: PersonActor) -> Q:
    """Return the condition that a project's content is for ``person``, who sees that there is such a project."""
    from governance.models import Initiative

    shielded = Initiative.objects.filter(shielded_condition(person), pk=OuterRef("initiative_id"))
    managed = person.municipalities_where(Permission.MANAGE_PORTFOLIO)
    leads = Q(owner_id=person.person_id) | Q(manager_id=person.person_id) | Q(municipality_id__in=managed)
    return Q(initiative__shield_basis="") | leads | has_one(shielded) | _named(person.person_id)


def _named(person_id: int) -> Q:
    """Whoever takes part in the project, has something to do in it, or answers for people that it asks for."""
    from portfolio.models import Deliverable, Milestone, ProjectMember, ProjectRisk, ResourceRequest

    def of(model: Any, *columns: str) -> Q:
        named = Q()
        for column in columns:
            named |= Q(**{column: person_id})
        return has_one(model.objects.filter(named, project=OuterRef("pk")))

    return (
        of(ProjectMember, "person_id")
        | of(Milestone, "responsible_id")
        | of(Deliverable, "quality_owner_id", "approver_id")
        | of(ProjectRisk, "owner_id")
        | of(ResourceRequest, "role__owner_id", "role__stand_in_id", "person_id", "asked_by_id")
    )
