"""Where the numbers of an indicator can be computed from: plug-ins, listed in ``INDICATOR_SOURCES``."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date
    from decimal import Decimal

    from django.utils.functional import _StrOrPromise as StrOrPromise

    from benefits.forms.sources import SourceForm
    from benefits.models import Indicator, MeasurementBasis
    from core.actors import Actor


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a schedule to compute: what is counted from ``first`` and before ``end``."""

    key: int
    municipality_id: int
    choice: Mapping[str, Any]
    first: date
    end: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoning:
    """What a point came to, or in ``lack`` why it is missing.  The counts hold also where the denominator lacks."""

    value: Decimal | None = None
    count: int | None = None
    total: int | None = None
    severe: int | None = None
    amount: Decimal | None = None
    per: str = ""
    parts: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    lack: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """One part of a count, such as a unit, with the list behind it for those who may open it."""

    label: str
    count: int
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorSource:
    """A source of numbers.

    ``form`` asks what is counted, and its ``choice`` is kept as JSON; ``check`` refuses a choice that the
    actor may not make; ``reckon`` computes many points at once; ``describe`` says what is counted and
    ``unit`` in what; ``ways`` leads to the lists behind a number.
    """

    key: str
    label: StrOrPromise
    form: Callable[..., SourceForm]
    check: Callable[[Mapping[str, Any], Indicator, Actor, date], None]
    reckon: Callable[[Sequence[Point], date], Mapping[int, Reckoning]]
    describe: Callable[[Mapping[str, Any]], str]
    unit: Callable[[Mapping[str, Any]], str]
    ways: Callable[[MeasurementBasis, Actor, date], list[Way]]


@cache
def sources() -> dict[str, IndicatorSource]:
    """Return the sources of this installation by their keys, in the order of the setting."""
    found: list[IndicatorSource] = [import_string(path) for path in settings.INDICATOR_SOURCES]
    return {source.key: source for source in found}
