"""Conditions that PostgreSQL plans well on big tables, for ``visible_to`` and its like.

``pk__in=<queryset>`` as one of several alternatives is read as a whole before the first row is
looked at, whatever LIMIT stands outside, and the planner guesses that half of all rows fit.
These two say the same and cost what they are worth.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Case, Exists, F, Func, Q, Subquery, When
from django.db.models.lookups import IsNull

if TYPE_CHECKING:
    from django.db.models import Expression, QuerySet


class _AnyOf(Func):
    arg_joiner = " = ANY("
    template = "%(expressions)s)"
    output_field = BooleanField()


def is_one_of(column: str, few: QuerySet[Any]) -> Q:
    """Return the condition that ``column`` is one of the values that ``few`` selects.

    For sets that stay small, such as what one person has written: they are read first, and an
    index on ``column`` can be used.
    """
    return Q(_AnyOf(F(column), ArraySubquery(few.order_by())))


def is_in_slot(column: str, slot: Expression) -> Q:
    """Return the condition that ``column`` is one of a list: that of a ``Value``, or what a ``Slot`` is given later."""
    return Q(_AnyOf(F(column), slot))


def is_among_first(column: str, first: QuerySet[Any]) -> Q:
    """Return the condition that ``column`` is one of what ``first``, which is ordered and cut off, selects."""
    return Q(_AnyOf(F(column), ArraySubquery(first)))


def is_among_chosen(column: str, sign: QuerySet[Any], first: QuerySet[Any], otherwise: QuerySet[Any]) -> Q:
    """Return the condition that ``column`` is one of ``first`` where ``sign`` finds anything, else of ``otherwise``.

    Only the one that is chosen is read.
    """
    chosen = Case(When(Exists(sign), then=ArraySubquery(first)), default=ArraySubquery(otherwise))
    return Q(_AnyOf(F(column), chosen))


def first_of_each(groups: QuerySet[Any], first: QuerySet[Any]) -> QuerySet[Any]:
    """Return the keys that ``first`` selects for each row of ``groups``, tied to it by ``OuterRef``, in one column.

    With an index that begins with the group and goes on in the order, each costs what it returns.
    """
    found = Func(ArraySubquery(first), function="unnest")
    return groups.order_by().annotate(first_key=found).values("first_key")


def without_index(condition: Q) -> Q:
    """Return the same condition, written so that no index is used for it, and half of all rows are expected to fit.

    For who knows better than the planner that the rows met on another way will fit soon.
    """
    return Q(Func(condition, template="coalesce(%(expressions)s, false)", output_field=BooleanField()))


def has_one(rows: QuerySet[Any]) -> Q:
    """Return the condition that ``rows``, tied to the row outside by ``OuterRef``, are not empty.

    For sets that grow: each row that gets this far is looked up through an index, so a page of
    a list pays for what it shows.
    """
    return Q(IsNull(Subquery(rows.order_by().values("pk")[:1]), False))


def has_none(rows: QuerySet[Any]) -> Q:
    """Return the condition that ``rows``, tied to the row outside by ``OuterRef``, are empty.

    Said outright, since the planner takes the opposite of ``has_one`` for true of one row in two hundred.
    """
    nothing = IsNull(Subquery(rows.order_by().values("pk")[:1]), True)
    return Q(Func(nothing, template="coalesce(%(expressions)s, true)", output_field=BooleanField()))
