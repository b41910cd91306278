"""What other systems are told of: the kinds of records in the feed of events, and the triggers that write it.

A model is put into the feed by ``@in_feed``.  Triggers of its table then write a line (``FeedEntry``) in the transaction
of every change, whatever makes it: a page, the API, a job, an import or SQL by hand.  A line says which record, what
happened and when, and nothing of what the record holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pgtrigger
from django.conf import settings

from organization.actors import ClientGrant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.db.models import Model, QuerySet

    from core.actors import Actor
    from organization.roles import Permission

PREFIX = "no.stafett"
CREATED, CHANGED, REMOVED = "created", "changed", "removed"
DRAFT = "draft"
_WRITE = """
    insert into organization_feedentry (type, resource, object_id, municipality, status, changed_at, recorded_at)
    values ('{prefix}.{kind}.' || {what}, '{resource}', {row}.id, {municipality}, {status}, {row}.changed_at, now());
    return null;
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One kind of record in the feed.

    :param kind: what its events are called by: ``no.stafett.<kind>.<what happened>``.
    :param resource: where the API has it, and so which scope a client needs.
    :param municipality: SQL for the municipality of ``{row}``.
    :param derived: columns that are reckoned from others, whose change is none.
    :param is_open: SQL for whether everybody with ``open_to`` in the whole municipality reads ``{row}``; when that ends,
        or an open record is deleted, those are told that it is gone.
    :param visible: which rows an actor sees, where that is not ``visible_to``.
    """

    model: type[Model]
    kind: str
    resource: str
    municipality: str
    derived: tuple[str, ...] = ()
    is_open: str = ""
    open_to: Permission | None = None
    visible: Callable[[Any, Actor], QuerySet[Any]] | None = None

    @property
    def states(self) -> tuple[str, ...]:
        """The states whose names are events, drafts apart: they are nobody's but their author's."""
        columns = {column.name: column for column in self.model._meta.concrete_fields}
        if "status" not in columns:
            return ()
        return tuple(str(code) for code, _label in columns["status"].flatchoices if code != DRAFT)

    @property
    def types(self) -> tuple[str, ...]:
        """Every type of event that such a record can give."""
        ends = (CREATED, CHANGED, *self.states, *((REMOVED,) if self.is_open else ()))
        return tuple(f"{PREFIX}.{self.kind}.{end}" for end in ends)

    @property
    def removed(self) -> str:
        return f"{PREFIX}.{self.kind}.{REMOVED}"

    @property
    def address(self) -> str:
        """The address of a record in the API, with ``%s`` for its id."""
        return f"{settings.PUBLIC_URL}/api/v1/{self.resource}/%s/"

    def seen_by(self, actor: Actor) -> QuerySet[Any]:
        """Return the records that the actor sees."""
        rows: Any = self.model._default_manager
        return self.visible(rows.all(), actor) if self.visible else rows.visible_to(actor)

    def triggers(self) -> list[pgtrigger.Trigger]:
        has_status = bool(self.states)
        has_drafts = has_status and self._has_drafts()
        what = f"case when new.status is distinct from old.status then new.status else '{CHANGED}' end"
        told = _Told(self.derived, between_drafts=not has_drafts)
        made = ~pgtrigger.Q(new__status=DRAFT) if has_drafts else None
        return [
            self._trigger("feed_new", pgtrigger.Insert, f"'{CREATED}'", condition=made),
            self._trigger(
                "feed_change", pgtrigger.Update, what if has_status else f"'{CHANGED}'", condition=told
            ),
            *(self._farewells() if self.is_open else ()),
        ]

    def _has_drafts(self) -> bool:
        column: Any = self.model._meta.get_field("status")
        return any(code == DRAFT for code, _label in column.flatchoices)

    def _farewells(self) -> Iterable[pgtrigger.Trigger]:
        was, still = (self.is_open.format(row=row) for row in ("old", "new"))
        gone = f"'{REMOVED}'"
        ended = pgtrigger.Condition(f"(({was}) and not ({still}))")
        yield self._trigger("feed_hidden", pgtrigger.Update, gone, condition=ended, states=False)
        deleted = pgtrigger.Condition(f"({was})")
        yield self._trigger(
            "feed_deleted", pgtrigger.Delete, gone, condition=deleted, states=False, row="old"
        )

    def _trigger(
        self, name: str, operation: Any, what: str, *, condition: Any, states: bool = True, row: str = "new"
    ) -> pgtrigger.Trigger:
        func = _WRITE.format(
            prefix=PREFIX, kind=self.kind, resource=self.resource, what=what, row=row,
            municipality=self.municipality.format(row=row), status=f"{row}.status" if states and self.states else "''",
        )  # fmt: skip
        return pgtrigger.Trigger(
            name=name, when=pgtrigger.After, operation=operation, condition=condition, func=func
        )


class _Told(pgtrigger.Condition):
    """Something other than what is reckoned has changed, and not in a draft that stays one."""

    def __init__(self, derived: tuple[str, ...], *, between_drafts: bool) -> None:
        super().__init__("true")
        self.derived, self.between_drafts = derived, between_drafts

    def resolve(self, model: type[Model]) -> str:
        moved = pgtrigger.AnyChange(exclude=list(self.derived)).resolve(model)
        if self.between_drafts:
            return str(moved)
        return f"(({moved}) and not (old.status = '{DRAFT}' and new.status = '{DRAFT}'))"


_sources: dict[str, Source] = {}


def in_feed(**facts: Any) -> Callable[[type[Model]], type[Model]]:
    """Return a class decorator that puts a model into the feed; it takes what ``Source`` does, but the model."""

    def decorate(model: type[Model]) -> type[Model]:
        facts.setdefault("municipality", "{row}.municipality_id")
        source = Source(model=model, **facts)
        _sources[source.resource] = source
        pgtrigger.register(*source.triggers())(model)
        return model

    return decorate


def sources() -> tuple[Source, ...]:
    """Return every kind of record in the feed."""
    return tuple(_sources[name] for name in sorted(_sources))


def is_given(resource: str, actor: Actor) -> bool:
    """Tell whether a client has the scope to read a resource; people have no scopes, but roles."""
    given = [grant.scopes for grant in getattr(actor, "grants", ()) if isinstance(grant, ClientGrant)]
    return not given or any(f"{resource}:read" in scopes for scopes in given)
