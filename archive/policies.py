"""Who may handle archive messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from organization.roles import Permission

if TYPE_CHECKING:
    from archive.models import ArchiveMessage
    from core.actors import Actor


def may_open(actor: Actor) -> bool:
    """The archivist follows up the messages, the secretariat those of its own cases."""
    if not actor or actor.is_system:
        return False
    return any(actor.holds(one) for one in (Permission.MANAGE_ARCHIVE, Permission.TRIAGE))  # type: ignore[attr-defined]


def nobody(actor: Actor, message: ArchiveMessage, /) -> bool:
    """The system moves it, by operations that need no policy."""
    return False


def may_set_rules(actor: Actor, municipality_id: int) -> bool:
    """Both the archivist and the administrator of the municipality."""
    if not actor or actor.is_system:
        return False
    permissions = (Permission.MANAGE_ARCHIVE, Permission.SET_RULES)
    return any(actor.holds(one, municipality_id=municipality_id) for one in permissions)  # type: ignore[attr-defined]


def may_follow_up(actor: Actor, municipality_id: int) -> bool:
    """The archivist of the municipality follows up what is sent and answered."""
    if not actor:
        return False
    return actor.is_system or actor.holds(Permission.MANAGE_ARCHIVE, municipality_id=municipality_id)  # type: ignore[attr-defined]


def may_handle(actor: Actor, message: ArchiveMessage, /) -> bool:
    if not actor:
        return False
    return actor.is_system or actor.holds(  # type: ignore[attr-defined]
        Permission.MANAGE_ARCHIVE, municipality_id=message.municipality_id
    )
