"""Which lines of the feed of events an actor sees."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import OuterRef, Q

from core.conditions import has_none, has_one
from organization.feed import is_given, sources

if TYPE_CHECKING:
    from typing import Self

    from core.actors import Actor
    from organization.feed import Source
    from organization.roles import Permission


class FeedEntryQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor | None) -> Self:
        """Keep what tells of records that the actor sees today, and that an open one is gone."""
        if not actor:
            return self.none()
        if actor.is_system:
            return self
        told = [_of_source(source, actor) for source in sources() if is_given(source.resource, actor)]
        return self.filter(reduce(or_, told)) if told else self.none()


def _of_source(source: Source, actor: Actor) -> Q:
    record = source.seen_by(actor).filter(pk=OuterRef("object_id"))
    of_it = Q(resource=source.resource)
    if not source.is_open:
        return of_it & has_one(record)
    everywhere = _whole_municipalities(actor, source.open_to)
    gone = Q(type=source.removed, municipality__in=everywhere) & has_none(record)
    return of_it & ((~Q(type=source.removed) & has_one(record)) | gone)


def _whole_municipalities(actor: Actor, permission: Permission | None) -> set[int]:
    """Return the municipalities in the whole of which a role or a scope held today gives the permission."""
    grants = getattr(actor, "lines_where", lambda _: ())(permission)
    return {grant.municipality_id for grant in grants if grant.unit_id == grant.municipality_id}
