"""Who may do what with projects: roles and ownership only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from organization.actors import as_person
from organization.roles import Permission, Role

if TYPE_CHECKING:
    from core.actors import Actor
    from portfolio.models import Deliverable, Milestone, Project


def may_manage_portfolio(actor: Actor, project: Project, /) -> bool:
    """The portfolio manager acts for the portfolio board."""
    return may_manage_portfolio_of(actor, project.municipality_id)


def may_manage_portfolio_of(actor: Actor, municipality_id: int, /) -> bool:
    """The portfolio manager of the municipality or region."""
    return _holds(actor, Permission.MANAGE_PORTFOLIO, municipality_id)


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
    return _holds(actor, Permission.SET_RULES, municipality_id)


def _holds(actor: Actor, permission: Permission, municipality_id: int) -> bool:
    if not actor:
        return False
    return actor.is_system or as_person(actor).holds(permission, municipality_id=municipality_id)


def may_report(actor: Actor, project: Project, /) -> bool:
    """The project's manager and owner and the portfolio manager write how it stands."""
    return may_edit(actor, project)


def may_account(actor: Actor, project: Project, /) -> bool:
    """Whoever reports on the project, the chief of finance, and a client that was given it, write what it costs."""
    if not actor:
        return False
    person, home = as_person(actor), project.municipality_id
    return (
        may_report(actor, project)
        or person.has_role(Role.CHIEF_OF_FINANCE, municipality_id=home)
        or person.holds(Permission.REGISTER_ACTUALS, municipality_id=home)
    )


def may_follow(actor: Actor, milestone: Milestone, /) -> bool:
    """Whoever is responsible for a milestone moves it and says that it is reached, as do those who work on the project."""
    if not actor:
        return False
    is_responsible = actor.person_id is not None and actor.person_id == milestone.responsible_id
    return is_responsible or may_edit(actor, milestone.project)


def may_approve(actor: Actor, deliverable: Deliverable, /) -> bool:
    """Whoever is named to approve a deliverable, the project's owner and the portfolio manager."""
    if not actor:
        return False
    is_named = actor.person_id is not None and actor.person_id == deliverable.approver_id
    return is_named or may_move(actor, deliverable.project)


def may_read_ranking(actor: Actor, municipality_id: int, /) -> bool:
    """Those who read all cases of the municipality, also before they are decided."""
    return _holds(actor, Permission.READ_ALL_PAPERS, municipality_id)


def may_set_frame(actor: Actor, municipality_id: int, /) -> bool:
    """The chief of finance and the portfolio manager."""
    if not actor:
        return False
    return may_manage_portfolio_of(actor, municipality_id) or as_person(actor).has_role(
        Role.CHIEF_OF_FINANCE, municipality_id=municipality_id
    )
