"""Programmes, and projects that stand below others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from organization.operations import Edit
from organization.roles import Role
from portfolio.models import Programme, Project
from portfolio.operations import start_project
from portfolio.programme import operations
from tests import stories
from tests.governance import regional

if TYPE_CHECKING:
    from tests.world import Place, World


def programme(place: Place, name: str = "Trygg hjemme", **fields: Any) -> Programme:
    values = {
        "purpose": "Flere skal bo hjemme lenger.", "owner": place.person(Role.PROJECT_OWNER),
        "manager": place.person(Role.PROJECT_MANAGER), **fields,
    }  # fmt: skip
    row = Programme(municipality=place.municipality, name=name, **values)
    edit = Edit(row, (), "")
    return operations.save_programme(edit, by=place.actor(Role.PORTFOLIO_MANAGER), now=timezone.now())


def project(place: Place, title: str = "E-lås") -> Project:
    return stories.in_portfolio(place, title=title).project


def regional_project(world: World, name: str = "Felles prosjekt") -> Project:
    """Return a project of the region that heim and granne take part in."""
    initiative = regional.recommended(world)
    for one in (world.home, world.neighbor):
        initiative = regional.answer(initiative, one, "approved")
    region = world.region
    return start_project(
        initiative, name=name, owner=region.person(Role.PROJECT_OWNER), by=region.actor(Role.PORTFOLIO_MANAGER),
        manager=region.person(Role.PROJECT_MANAGER), now=timezone.now(),
    )  # fmt: skip


def place_project(
    project: Project, place: Place, *, by: Role = Role.PORTFOLIO_MANAGER, **fields: Any
) -> Project:
    project.refresh_from_db()
    values = {"programme": project.programme, "parent": project.parent, "version": project.version, **fields}
    return operations.place_project(project, by=place.actor(by), now=timezone.now(), **values)
