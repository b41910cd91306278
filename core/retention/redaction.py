"""Redact columns of records wherever they are kept: the rows, their history, and what was told of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pghistory.models
import pgtrigger
from django.conf import settings
from django.db import models, transaction
from django.db.models import Case, F, Func, JSONField, Value, When
from django.utils.module_loading import import_string

from core.history import record
from core.retention.messages import redact_messages
from core.retention.order import REDACTED, Order, leave_tombstones

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from core.actors import Actor
    from core.models import Tombstone


@dataclass(frozen=True, slots=True)
class Part:
    """Rows that hang on the records that are forgotten, and what is then to stand in their columns.

    ``owner`` is the way from such a row to its record, so that whoever is forgotten also leaves its history.
    """

    rows: QuerySet[Any]
    values: Mapping[str, Any]
    owner: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What is forgotten of each record.

    :param values: what is to stand in the columns, in the row and in every event of its history.
    :param marks: what is set in the row alone, such as when it was forgotten.
    :param person: the column of whoever is forgotten; their name leaves also the history's contexts.
    :param parts: rows of other tables that are redacted in the same way.
    :param taken: rows of other tables that are deleted.
    """

    values: Mapping[str, Any]
    marks: Mapping[str, Any] = field(default_factory=dict)
    person: str = ""
    parts: Sequence[Part] = ()
    taken: Sequence[QuerySet[Any]] = ()


def forget(
    subject: models.Model,
    *,
    columns: Iterable[str],
    legal_basis: str,
    by: Actor,
    now: datetime,
    decision: str = "",
) -> Tombstone:
    """Redact ``columns`` of ``subject`` everywhere they are kept, in one transaction, and return the tombstone.

    Running it again changes nothing but adds a tombstone for the new reason.

    :raises ValueError: no legal basis is given, or a column is not one that can be redacted.
    """
    order = Order(legal_basis=legal_basis, by=by, now=now, decision=decision)
    scope = Scope(values=cleared(type(subject), columns))
    (stone,) = forget_rows([subject], scope, order)
    subject.refresh_from_db(fields=list(scope.values))
    return stone


def forget_rows(subjects: Sequence[models.Model], scope: Scope, order: Order) -> list[Tombstone]:
    """Forget what the scope names of records of one kind, in one transaction, and return the tombstones.

    The caller holds a lock on them, or knows that nobody else writes.
    """
    if not subjects:
        return []
    model, ids = type(subjects[0]), [subject.pk for subject in subjects]
    with transaction.atomic(), record("forget", actor=order.by):
        redact_messages(model, ids)
        people = {subject.pk: getattr(subject, f"{scope.person}_id", None) for subject in subjects}
        for part in scope.parts:
            own = dict(part.rows.values_list("pk", part.owner)) if part.owner else {}
            redact_copies(
                part.rows, part.values, now=order.now, people={pk: people.get(one) for pk, one in own.items()}
            )
        for rows in scope.taken:
            rows.delete()
        _redact(model._base_manager.filter(pk__in=ids), scope, order.now, people)
        for path in settings.RETENTION_FOLLOWERS:
            import_string(path)(model, ids, columns=frozenset(scope.values), now=order.now)
        return leave_tombstones(subjects, sorted(scope.values), order)


def redact_copies(
    rows: QuerySet[Any],
    values: Mapping[str, Any],
    *,
    now: datetime,
    people: Mapping[int, int | None] | None = None,
) -> None:
    """Redact columns of some rows, their history and what was told of them; for this package and its followers only.

    :param people: whose name leaves the history of which row.
    """
    ids = list(rows.values_list("pk", flat=True))
    redact_messages(rows.model, ids)
    _redact(rows.model._base_manager.filter(pk__in=ids), Scope(values=values), now, people or {})


def cleared(model: type[models.Model], names: Iterable[str]) -> dict[str, Any]:
    """Return what is to stand in redacted columns: a mark where there was text, nothing where nothing is allowed.

    :raises ValueError: a column is not one that can be redacted.
    """
    return {name: _blank(model._meta.get_field(name)) for name in sorted(set(names))}


def _blank(column: models.Field[Any, Any] | Any) -> Any:
    if isinstance(column, models.TextField | models.CharField) and not column.choices:
        fits = column.max_length is None or column.max_length >= len(REDACTED)
        return Case(When(**{column.name: ""}, then=Value("")), default=Value(REDACTED if fits else ""))
    if isinstance(column, models.JSONField):
        return column.get_default()
    if getattr(column, "null", False):
        return None
    raise ValueError(f"{column.name} cannot be redacted")


def _redact(rows: QuerySet[Any], scope: Scope, now: datetime, people: Mapping[int, int | None]) -> None:
    """Overwrite the rows first: the history is then cleaned also of the event that this makes."""
    model = rows.model
    marks = {**scope.marks, "changed_at": now} if _has(model, "changed_at") else dict(scope.marks)
    ids = list(rows.values_list("pk", flat=True))
    rows.update(**scope.values, **marks)
    events = getattr(model, "pgh_event_model", None)
    if events is None:
        return
    _redact_contexts(events._default_manager.filter(pgh_obj_id__in=ids), people)
    redact_events(events, ids, scope.values)


def _has(model: type[models.Model], name: str) -> bool:
    return any(column.name == name for column in model._meta.get_fields())


def redact_events(event_model: type[models.Model], ids: Iterable[int], values: Mapping[str, Any]) -> None:
    """Overwrite columns in the append-only events of some rows; for this package and its followers only."""
    kept = {name: value for name, value in values.items() if _has(event_model, name)}
    with pgtrigger.ignore(f"{event_model._meta.label}:append_only"):
        event_model._default_manager.filter(pgh_obj_id__in=list(ids)).update(**kept)


def _redact_contexts(events: QuerySet[Any], people: Mapping[int, int | None]) -> None:
    """Take the reasons out of the contexts of some events, and the person who is forgotten with the row."""
    contexts = pghistory.models.Context.objects.filter(pk__in=events.values("pgh_context_id"))
    told = contexts.filter(metadata__has_key="reason").exclude(metadata__reason="")
    told.update(metadata=_with({"reason": REDACTED}))
    if any(people.values()):
        done = events.values_list("pgh_context_id", "pgh_obj_id", "pgh_context__metadata__actor")
        own = {context for context, pk, actor in done if actor is not None and actor == people.get(pk)}
        nobody = _with({"actor": None, "actor_label": REDACTED, "acting_for": None})
        pghistory.models.Context.objects.filter(pk__in=own).update(metadata=nobody)


def _with(keys: Mapping[str, Any]) -> Func:
    return Func(
        F("metadata"),
        Value(dict(keys), JSONField()),
        template="(%(expressions)s)",
        arg_joiner=" || ",
        output_field=JSONField(),
    )
