"""Filters on the kernel's own rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Self

    from core.actors import Actor


def hold(obj: models.Model, relation: str, rows: Iterable[models.Model]) -> None:
    """Let ``obj.<relation>.all()`` answer ``rows`` without asking, as after ``prefetch_related``.

    For who has just written them, or knows that there are none.
    """
    held = getattr(obj, relation).all()
    held._result_cache = list(rows)
    cache = obj.__dict__.setdefault("_prefetched_objects_cache", {})
    cache[relation] = held


def let_go(obj: models.Model) -> None:
    """Let all relations of ``obj`` be read anew."""
    obj.__dict__.pop("_prefetched_objects_cache", None)


class SeenWith(models.QuerySet[Any]):
    """Rows of another record: whoever sees that sees them.  ``seen_with`` is the foreign key to it."""

    seen_with = ""

    def visible_to(self, actor: Actor | None) -> Self:
        if actor and actor.is_system:
            return self
        record: Any = self.model._meta.get_field(self.seen_with).related_model
        return self.filter(**{f"{self.seen_with}__in": record._default_manager.visible_to(actor)})


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
