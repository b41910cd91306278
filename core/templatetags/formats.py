"""Filters that write numbers, money and dates; what is missing becomes «–».

The names are Norwegian because they stand in templates among Norwegian words, and are short
because they stand on every line of every table.  The work is done in ``core.formats``.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django import template
from django.utils import timezone

from core import formats
from core.formats import NOTHING, Number

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

register = template.Library()

# How Django hands over what a template asks for and nobody has.
Missing = str | None


def _shown(value: object, write: Callable[..., str], *options: object) -> str:
    return NOTHING if value is None or value == "" else write(value, *options)


@register.filter
def tall(value: Number | Missing, decimals: int | None = None) -> str:
    """Write a number: «1 250 000», «41,5»; ``tall:1`` shows exactly one decimal."""
    return _shown(value, formats.number, decimals)


@register.filter
def antall(value: int) -> str:
    """Write a count that stopped at a limit: «7», «99+»."""
    return formats.count(value)


@register.filter
def kr(value: Number | Missing) -> str:
    """Write an amount: «1 250 000 kr»."""
    return _shown(value, formats.kroner)


@register.filter
def kr_kort(value: Number | Missing) -> str:
    """Write an amount for a card: «4,9 mill. kr»."""
    return _shown(value, formats.kroner_short)


@register.filter
def prosent(value: Number | Missing, decimals: int | None = None) -> str:
    """Write a ratio: 0.123 is «12,3 %»; ``prosent:0`` shows no decimals."""
    return _shown(value, formats.percent, decimals)


@register.filter
def andel(part: Number | Missing, whole: Number | Missing) -> str:
    """Write a part of a whole: ``{{ measured|andel:planned }}`` is «25 %», or «mangler»."""
    return formats.rate(_number_or_none(part), _number_or_none(whole))


@register.filter
def i_setning(label: object) -> str:
    """Write a label within a sentence: «personvernombud», «HR»."""
    return formats.in_sentence(label)


@register.filter
def dato(value: dt.date | Missing) -> str:
    """Write a date: «3. desember 2026»."""
    return _shown(value, formats.long_date)


@register.filter
def dato_kort(value: dt.date | Missing) -> str:
    """Write a date: «3. des. 2026»."""
    return _shown(value, formats.short_date)


@register.filter
def dato_tall(value: dt.date | Missing) -> str:
    """Write a date: «03.12.2026»."""
    return _shown(value, formats.numeric_date)


@register.filter
def tidspunkt(value: dt.datetime | Missing) -> str:
    """Write a point in time: «3. des. 2026 kl. 14.30»."""
    return _shown(value, formats.moment)


@register.filter
def relativ(value: dt.date | Missing, today: dt.date | None = None) -> str:
    """Write a day seen from today: «i går», «om 3 dager»; ``relativ:day`` sees it from ``day``."""
    return _shown(value, formats.relative_day, today or timezone.localdate())


@register.filter
def varighet(value: dt.timedelta | Number | Missing) -> str:
    """Write a length of time: «2 timer 15 minutter»; a bare number is days."""
    return _shown(value, formats.duration)


def _number_or_none(value: Number | Missing) -> Number | None:
    return value if isinstance(value, int | float | Decimal) else None
