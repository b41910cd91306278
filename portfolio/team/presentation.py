"""How the people of a project are shown, and who is missing among those who lead it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from portfolio.models import MemberRole, ProjectMember

if TYPE_CHECKING:
    from datetime import date

    from organization.models import Person
    from portfolio.models import Project

ON_CARD = 5


@dataclass(frozen=True, slots=True)
class Leader:
    """Somebody who answers for the project, or ought to."""

    person: Person | None
    role: str
    has_left: bool = False


@dataclass(frozen=True, slots=True)
class People:
    """Who leads, who takes part now, and who did before."""

    leaders: list[Leader]
    members: list[ProjectMember]
    former: list[ProjectMember]


def leaders_of(project: Project) -> list[Leader]:
    """Return the owner, the manager and the service owner, who comes from the initiative."""
    return [
        Leader(project.owner, _("Prosjekteier"), project.owner_left and project.is_running),
        Leader(project.manager, _("Prosjektleder"), project.manager_left and project.is_running),
        Leader(project.initiative.service_owner, _("Tjenesteeier")),
    ]


def people_of(project: Project, day: date) -> People:
    """Return everybody of a project, in one query; those with most to say first."""
    order = list(MemberRole.values)
    rows = list(ProjectMember.objects.filter(project=project).select_related("person"))
    rows.sort(key=lambda row: (order.index(row.role), row.person.name_sort, row.pk))
    return People(
        leaders_of(project),
        [row for row in rows if row.is_there_on(day)],
        [row for row in rows if not row.is_there_on(day)],
    )


def card_of(project: Project) -> dict[str, Any]:
    """Return what the project's page shows, from what its query found (``with_people``)."""
    told = project.people_told or []
    shown = [{"name": one["name"], "role": MemberRole(one["role"]).label} for one in told[:ON_CARD]]
    return {"leaders": leaders_of(project), "members": shown, "has_more": len(told) > ON_CARD}
