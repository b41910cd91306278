"""Who makes and leads programmes, and says where a project belongs: roles and ownership only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portfolio.policies import may_manage_portfolio, may_manage_portfolio_of

if TYPE_CHECKING:
    from core.actors import Actor
    from portfolio.models import Programme, Project


def may_make(actor: Actor, municipality_id: int, /) -> bool:
    """The portfolio manager of the municipality or region."""
    return may_manage_portfolio_of(actor, municipality_id)


def may_close(actor: Actor, programme: Programme, /) -> bool:
    """The programme's owner and the portfolio manager end it, and open it again."""
    if not actor:
        return False
    is_owner = actor.person_id is not None and actor.person_id == programme.owner_id
    return is_owner or may_make(actor, programme.municipality_id)


def may_lead(actor: Actor, programme: Programme, /) -> bool:
    """Whoever ends it, and the programme's manager, write what it is for and who leads it."""
    if not actor:
        return False
    is_manager = actor.person_id is not None and actor.person_id == programme.manager_id
    return is_manager or may_close(actor, programme)


def may_place(actor: Actor, project: Project, /) -> bool:
    """A project says itself where it belongs, by the portfolio manager at its home."""
    return may_manage_portfolio(actor, project)
