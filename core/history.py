"""Record why a row changed, and read it back as a timeline.

Rows are copied into append-only event tables by database triggers (django-pghistory).
This module adds who, why and under which action, and turns the events of one record into
lines that a person can read.

The trigger stamps the transaction's own time.  What happened *when* is ``changed_at``,
which the kernel and the operations set from ``now=`` and which every event copies; so
history that was built for the demo, or imported, is true, and late registration shows.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

import pghistory
from django.db import models
from django.utils.encoding import force_str

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from django.utils.functional import _StrOrPromise as StrOrPromise

    from core.actors import Actor

_labels: dict[str, StrOrPromise] = {}


class Tracked(models.Model):
    """A record with history.  Subclasses are decorated with ``@tracked``."""

    changed_at = models.DateTimeField(editable=False)
    pgh_event_model: ClassVar[Any]  # the table of its events, which ``@tracked`` gives it

    class Meta:
        abstract = True

    def stamp(self, now: datetime) -> None:
        """Set when this happened; call it before every save."""
        self.changed_at = now

    def _get_FIELD_display(self, field: models.Field[Any, Any]) -> Any:  # noqa: N802 - Django's name
        """Return the label of the value, where Django's own translates every label of the field for each record."""
        value = getattr(self, field.attname)
        return force_str(dict(field.flatchoices).get(value, value), strings_only=True)


def tracked(*, exclude: tuple[str, ...] = ()) -> Any:
    """Return a class decorator that copies every change into an append-only event table."""
    return pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        append_only=True,
        exclude=list(exclude) or None,
    )


@contextmanager
def record(
    action: str, *, actor: Actor, reason: str = "", of: models.Model | None = None, **extra: Any
) -> Iterator[None]:
    """Name the action, the actor and the reason of every change made inside the block.

    A block inside another one shares its context.  ``of`` keeps the action of a record of its own
    where another kind of record moves with it.
    """
    if of is not None:
        extra[_own_action(of)] = action
    with pghistory.context(
        action=action,
        actor=actor.person_id,
        actor_label="" if actor.person_id else actor.label,
        acting_for=actor.acting_for_id,
        reason=reason,
        **extra,
    ):
        yield


def _own_action(obj: models.Model) -> str:
    return f"action of {obj._meta.label_lower}"


def label_actions(labels: Mapping[str, StrOrPromise]) -> None:
    """Give the actions of an app the words that timelines show."""
    _labels.update(labels)


def label_of(action: str) -> StrOrPromise:
    return _labels.get(action, action)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a timeline."""

    at: datetime
    registered_at: datetime
    action: str
    label: StrOrPromise
    actor_id: int | None
    is_system: bool
    before: str | None
    after: str | None
    reason: str

    @property
    def moved(self) -> bool:
        return self.after is not None and self.before != self.after

    @property
    def registered_late(self) -> bool:
        """More than a day passed between the deed and its registration."""
        return self.registered_at - self.at > timedelta(days=1)


def timeline(obj: Tracked, *, field: str = "status") -> list[Entry]:
    """Read the history of ``obj`` as lines, newest first, in one query.

    Edits of the same kind by the same actor on one day become one line, so that autosave
    does not fill the page.
    """
    events = obj.pgh_event_model._default_manager.filter(pgh_obj_id=obj.pk)
    rows = events.select_related("pgh_context").order_by("pgh_id")
    entries: list[Entry] = []
    before: str | None = None
    for event in rows:
        after = getattr(event, field)
        entry = _entry(obj, event, before, after)
        before = after
        if entries and _same_edit(entries[-1], entry):
            entries[-1] = entry
        else:
            entries.append(entry)
    entries.reverse()
    return entries


def _entry(obj: models.Model, event: Any, before: str | None, after: str) -> Entry:
    context = event.pgh_context.metadata if event.pgh_context else {}
    action = str(context.get(_own_action(obj)) or context.get("action", ""))
    return Entry(
        at=event.changed_at,
        registered_at=event.pgh_created_at,
        action=action,
        label=label_of(action),
        actor_id=context.get("actor"),
        is_system=context.get("actor") is None,
        before=before,
        after=after,
        reason=str(context.get("reason", "")),
    )


def said_by(event: Any, obj: Tracked) -> str:
    """Return what an event of ``obj`` says in a line: what was done, and the reason that was given."""
    entry = _entry(obj, event, None, "")
    return f"{entry.label}: {entry.reason}" if entry.reason else str(entry.label)


def _same_edit(last: Entry, entry: Entry) -> bool:
    return (
        not entry.moved
        and not last.moved
        and not entry.reason
        and (last.action, last.actor_id, last.at.date()) == (entry.action, entry.actor_id, entry.at.date())
    )
