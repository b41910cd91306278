"""Whether an actor sees a record: statements that are built once for all who see alike.

Each change of state asks it of who makes the change, and again of each who is told.  Building the SQL of
``visible_to`` takes ten times as long as running it, and depends on nothing but the actor's ``scope``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.db import connection
from django.db.models import BigIntegerField
from django.db.transaction import TransactionManagementError
from django.http import Http404

from core.statements import Records, Shelf, Slot

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

    from core.actors import Actor

M = TypeVar("M", bound="Model")
_asked = Shelf(keeps_plans=True)
_locked = Shelf(keeps_plans=True)


def sees(actor: Actor, record: Model) -> bool:
    """Tell whether ``actor`` sees a record."""
    model = type(record)
    statement = _asked.get(_key(model, actor), lambda: _one(model, actor).values_list("pk"))
    return bool(statement.rows(pk=record.pk))


def lock(record: M, actor: Actor) -> M:
    """Lock a record until the transaction ends and return it as it is now.

    :raises Http404: ``actor`` does not see it.
    :raises TransactionManagementError: there is no transaction that could hold the lock.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("A lock needs a transaction that holds it.")

    model = type(record)

    def row() -> QuerySet[M]:
        rows = _one(model, actor).select_for_update(of=("self",))
        assert rows.query.default_cols
        assert not rows.query.annotations
        assert not rows.query.select_related
        assert not any(rows.query.deferred_loading[0])
        return rows

    records: Records[M] = Records(_locked.get(_key(model, actor), row), (("", model, slice(None)),))
    for locked in records.load(pk=record.pk):
        return locked
    raise Http404


def _one(model: type[M], actor: Actor) -> QuerySet[M]:
    visible: Any = cast("Any", model._default_manager).visible_to(actor)
    one: QuerySet[M] = visible.filter(pk=Slot("pk", BigIntegerField())).order_by()
    return one


def _key(model: type[Model], actor: Actor) -> tuple[object, ...]:
    return model._meta.label, actor.scope
