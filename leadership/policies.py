"""Who sets targets, and who decides which leaders have the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from organization.actors import as_person
from organization.roles import Permission, Role

if TYPE_CHECKING:
    from core.actors import Actor
    from organization.models import Unit


def may_set_target(actor: Actor, area: Unit, /) -> bool:
    """The municipal director in the whole municipality, and the sector leader in the own sector."""
    if not actor:
        return False
    if actor.is_system:
        return True
    person = as_person(actor)
    return person.holds(Permission.DECIDE_FOR_MUNICIPALITY, municipality_id=area.municipality_id) or (
        person.has_role(Role.SECTOR_LEADER, municipality_id=area.municipality_id, unit_path=area.path)
    )


def may_set_level(actor: Actor, municipality_id: int, /) -> bool:
    """Whoever sets the municipality's rules."""
    if not actor:
        return False
    return actor.is_system or as_person(actor).holds(Permission.SET_RULES, municipality_id=municipality_id)
