"""Small helpers that make database constraints with a name and a message that a person can read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import CheckConstraint, F, Q, UniqueConstraint

if TYPE_CHECKING:
    from django.db.models import TextChoices
    from django.utils.functional import _StrOrPromise as StrOrPromise


def check(name: str, condition: Q, message: StrOrPromise) -> CheckConstraint:
    return CheckConstraint(name=name, condition=condition, violation_error_message=message)


def together(name: str, first: str, second: str, message: StrOrPromise) -> CheckConstraint:
    """Both columns are set, or neither: who and when belong together."""
    both = Q(**{f"{first}__isnull": False, f"{second}__isnull": False})
    neither = Q(**{f"{first}__isnull": True, f"{second}__isnull": True})
    return check(name, both | neither, message)


def ordered(name: str, first: str, last: str, message: StrOrPromise) -> CheckConstraint:
    """``first`` comes before ``last`` where both are set."""
    return check(name, Q(**{f"{last}__isnull": True}) | Q(**{f"{last}__gt": F(first)}), message)


def known(name: str, column: str, choices: type[TextChoices]) -> CheckConstraint:
    """The column holds one of the declared values, also when raw SQL writes it."""
    return CheckConstraint(name=name, condition=Q(**{f"{column}__in": choices.values}))


def not_negative(name: str, column: str, message: StrOrPromise) -> CheckConstraint:
    return check(name, Q(**{f"{column}__isnull": True}) | Q(**{f"{column}__gte": 0}), message)


def unique(
    name: str, *columns: str, message: StrOrPromise, condition: Q | None = None, include: tuple[str, ...] = ()
) -> UniqueConstraint:
    """Return a constraint; its index holds the columns of ``include`` too, for who reads nothing else of the rows."""
    options: dict[str, Any] = {"condition": condition} if condition is not None else {}
    if include:
        options["include"] = include
    return UniqueConstraint(name=name, fields=columns, violation_error_message=message, **options)
