"""Who may handle archive messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from organization.actors import as_person
from organization.roles import Permission

if TYPE_CHECKING:
    from archive.models import ArchiveMessage
    from core.actors import Actor


def may_open(actor: Actor) -> bool:
    """The archivist follows up the messages, the secretariat those of its own cases."""
    if not actor or actor.is_system:
        return False
    return any(as_person(actor).holds(one) for one in (Permission.MANAGE_ARCHIVE, Permission.TRIAGE))


def nobody(actor: Actor, message: ArchiveMessage, /) -> bool:
    """The system moves it, by operations that need no policy."""
    return False


def may_set_rules(actor: Actor, municipality_id: int) -> bool:
    """Both the archivist and the administrator of the municipality."""
    if not actor or actor.is_system:
        return False
    permissions = (Permission.MANAGE_ARCHIVE, Permission.SET_RULES)
    return any(as_person(actor).holds(one, municipality_id=municipality_id) for one in permissions)


def may_follow_up(actor: Actor, municipality_id: int) -> bool:
    """The archivist of the municipality follows up what is sent and answered."""
    if not actor or actor.is_system:
        return bool(actor)
    return as_person(actor).holds(Permission.MANAGE_ARCHIVE, municipality_id=municipality_id)


def may_carry(actor: Actor, municipality_id: int) -> bool:
    """The archivist, and clients that the archive fetches and answers by."""
    if not actor or actor.is_system:
        return bool(actor)
    return as_person(actor).holds(Permission.CARRY_ARCHIVE, municipality_id=municipality_id)


def may_handle(actor: Actor, message: ArchiveMessage, /) -> bool:
    return may_follow_up(actor, message.municipality_id)
