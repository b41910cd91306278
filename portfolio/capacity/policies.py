"""Who asks for people, who answers, and who says how many there are: roles and ownership only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from organization.actors import as_person
from portfolio.policies import may_edit, may_manage_portfolio_of

if TYPE_CHECKING:
    from core.actors import Actor
    from portfolio.models import ResourceRequest, ResourceRole


def may_set_roles(actor: Actor, municipality_id: int, /) -> bool:
    """The portfolio manager says which roles there are and who answers for them."""
    return may_manage_portfolio_of(actor, municipality_id)


def may_answer_for(actor: Actor, role: ResourceRole, /) -> bool:
    """The resource owner and the stand-in, while they work in the municipality, and the portfolio manager."""
    if not actor:
        return False
    if may_manage_portfolio_of(actor, role.municipality_id):
        return True
    is_theirs = actor.person_id in {role.owner_id, role.stand_in_id}
    return is_theirs and role.municipality_id in as_person(actor).municipality_ids


def may_ask(actor: Actor, request: ResourceRequest, /) -> bool:
    """Whoever works on the project asks for it."""
    return may_edit(actor, request.project)


def may_answer(actor: Actor, request: ResourceRequest, /) -> bool:
    return may_answer_for(actor, request.role)


def may_end(actor: Actor, request: ResourceRequest, /) -> bool:
    """Both sides may end early: the project needs it no more, or the role is needed elsewhere."""
    return may_ask(actor, request) or may_answer(actor, request)
