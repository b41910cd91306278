"""Who may handle archive messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from organization.roles import Permission

if TYPE_CHECKING:
    from archive.models import ArchiveMessage
    from core.actors import Actor


def may_handle(actor: Actor, message: ArchiveMessage, /) -> bool:
    if not actor:
        return False
    return actor.is_system or actor.holds(  # type: ignore[attr-defined]
        Permission.MANAGE_ARCHIVE, municipality_id=message.municipality_id
    )
