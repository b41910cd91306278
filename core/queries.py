"""Filters on the kernel's own rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    from typing import Self

    from core.actors import Actor


class NoticeQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor | None) -> Self:
        """Keep the notices addressed to ``actor``."""
        if actor is None or (not actor.is_system and actor.person_id is None):
            return self.none()
        return self if actor.is_system else self.filter(recipient_id=actor.person_id)

    def unread(self) -> Self:
        return self.filter(read_at=None)

    def unmailed(self) -> Self:
        return self.filter(mail=None, read_at=None)
