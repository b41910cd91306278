"""Who may do what with projects: roles and ownership only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from organization.roles import Permission, Role

if TYPE_CHECKING:
    from core.actors import Actor
    from portfolio.models import Project


def may_manage_portfolio(actor: Actor, project: Project, /) -> bool:
    """The portfolio manager acts for the portfolio board."""
    if not actor:
        return False
    return actor.is_system or actor.holds(  # type: ignore[attr-defined]
        Permission.MANAGE_PORTFOLIO, municipality_id=project.municipality_id
    )


def may_move(actor: Actor, project: Project, /) -> bool:
    """The project's owner and the portfolio manager move it between phases."""
    if not actor:
        return False
    return may_manage_portfolio(actor, project) or (
        actor.person_id is not None and actor.person_id == project.owner_id
    )


def may_edit(actor: Actor, project: Project, /) -> bool:
    """The project's manager works on it, and whoever moves it."""
    if not actor:
        return False
    is_manager = actor.person_id is not None and actor.person_id == project.manager_id
    return is_manager or may_move(actor, project)


def may_set_checklists(actor: Actor, municipality_id: int, /) -> bool:
    """Whoever sets the municipality's rules, and nobody who answers to them by that alone."""
    if not actor:
        return False
    return actor.is_system or actor.holds(  # type: ignore[attr-defined]
        Permission.SET_RULES, municipality_id=municipality_id
    )


def may_report(actor: Actor, project: Project, /) -> bool:
    """The project's manager and owner and the portfolio manager write how it stands."""
    return may_edit(actor, project)


def may_account(actor: Actor, project: Project, /) -> bool:
    """Whoever reports on the project, and the chief of finance, write what it costs."""
    if not actor:
        return False
    return may_report(actor, project) or actor.has_role(  # type: ignore[attr-defined]
        Role.CHIEF_OF_FINANCE, municipality_id=project.municipality_id
    )
