"""Who writes stories, nominates, votes and announces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benefits.policies import may_take_out
from organization.actors import as_person
from organization.roles import Permission

if TYPE_CHECKING:
    from benefits.models import Award, Benefit, Story
    from core.actors import Actor


def may_tell(actor: Actor, benefit: Benefit, /) -> bool:
    """Whoever takes the benefit out tells of it."""
    return may_take_out(actor, benefit)


def may_withdraw(actor: Actor, story: Story, /) -> bool:
    """Whoever may tell takes it down, and the municipality's leadership."""
    return may_tell(actor, story.benefit) or may_run(actor, story.municipality_id)


def may_run(actor: Actor, municipality_id: int, /) -> bool:
    """The municipality's leadership and its administrator run the award."""
    if not actor or actor.is_system:
        return False
    person = as_person(actor)
    allowed = (Permission.DECIDE_FOR_MUNICIPALITY, Permission.SET_RULES)
    return any(person.holds(one, municipality_id=municipality_id) for one in allowed)


def may_run_award(actor: Actor, award: Award, /) -> bool:
    return may_run(actor, award.municipality_id)


def may_take_part(actor: Actor, municipality_id: int, /) -> bool:
    """Whoever is employed there nominates and votes; elected representatives and visitors look on."""
    if not actor or actor.is_system:
        return False
    return as_person(actor).holds(Permission.RAISE_INITIATIVE, municipality_id=municipality_id)
