"""Many measurements noted at once, each at the point that stands on its day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.http import Http404

from benefits import policies
from benefits.models import Benefit, Indicator, Kind, Measurement
from benefits.operations.measuring import day_is_scheduled, write_value
from core.workflow import TransitionDenied
from organization.importing.plans import CHANGED, NEW, SAME

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime
    from decimal import Decimal

    from core.actors import Actor


class Noting:
    """What one person notes of some indicators, which nobody else measures until the transaction ends.

    They are held and read together.  The caller has the transaction, and notes in a savepoint what may be refused.
    """

    def __init__(self, indicators: Iterable[int], *, by: Actor, now: datetime) -> None:
        self.by, self.now = by, now
        self._held = _hold(indicators, by)
        self._spoilt: set[int] = set()

    def indicator(self, pk: int) -> Indicator | None:
        """Return an indicator, if the person sees it."""
        held = self._held.get(pk)
        return held.indicator if held else None

    def standing(self, pk: int, measured_on: date) -> Measurement | None:
        """Return what is measured on a day."""
        held = self._fresh(pk)
        return held.measured_on(measured_on) if held else None

    def note(
        self, pk: int, *, value: Decimal, measured_on: date, comment: str = "", forecast: Decimal | None = None
    ) -> tuple[Measurement, str]:  # fmt: skip
        """Register what was measured on a day, at the point that stands there; what stands already is left alone.

        The point is the one of that day, else the one due that day, else the baseline that waits, else a new one
        outside the schedule.

        :returns: the measurement, and whether it is new, changed or the same (``organization.importing.plans``).
        :raises Http404: the person cannot see the indicator.
        :raises TransitionDenied: the person does not measure it.
        :raises ValidationError: the value or the day cannot be right; by field.
        """
        held = self._fresh(pk)
        if held is None:
            raise Http404
        stands = held.measured_on(measured_on)
        if stands is not None and held.says(stands, value, comment, forecast):
            return stands, SAME
        row = stands or held.point_for(measured_on)
        if not policies.may_measure(self.by, row):
            raise TransitionDenied
        others = [one for one in held.rows if one is not row]
        more: dict[str, Any] = {"by": self.by, "now": self.now, "comment": comment, "forecast": forecast}
        try:
            write_value(row, value, measured_on, others=others, **more)
        except ValidationError:
            raise
        except Exception:
            self._spoilt.add(pk)  # the rows in memory may be half changed: they are read anew
            raise
        held.rows = [*others, row]
        return row, NEW if stands is None else CHANGED

    def _fresh(self, pk: int) -> _Held | None:
        if pk in self._spoilt:
            self._held |= _hold([pk], self.by)
            self._spoilt.discard(pk)
        return self._held.get(pk)


@dataclass(slots=True)
class _Held:
    """An indicator, and all points of its schedule and beside it."""

    indicator: Indicator
    rows: list[Measurement]

    def measured_on(self, day: date) -> Measurement | None:
        return next((row for row in self.rows if row.measured_on == day), None)

    def says(self, row: Measurement, value: Decimal, comment: str, forecast: Decimal | None) -> bool:
        """Tell whether a measurement has these words already."""
        return (row.value, row.comment) == (value, comment) and forecast in {None, self.indicator.forecast}

    def point_for(self, day: date) -> Measurement:
        """Return the point that a measurement of a day is for, where none is measured that day.

        :raises ValidationError: the day is one of the schedule, and was measured on another day.
        """
        due = next((row for row in self.rows if row.due_on == day), None)
        if due is not None and not due.is_measured:
            return due
        if not any(row.is_measured for row in self.rows):
            # The first of all measurements is the baseline, on whatever day it was made.
            baseline = next((row for row in self.rows if row.is_baseline), None)
            if baseline is not None:
                return baseline
        if due is not None:
            raise day_is_scheduled()
        return Measurement(indicator=self.indicator, kind=Kind.EXTRA, due_on=day)


def _hold(indicators: Iterable[int], by: Actor) -> dict[int, _Held]:
    """Let nobody else measure the benefits of the indicators, or change their plans, and return what ``by`` sees of them."""
    pks = set(indicators)
    benefits = Indicator.objects.filter(pk__in=pks).values("benefit_id")
    list(Benefit.objects.select_for_update().filter(pk__in=benefits).order_by("pk").values_list("pk"))
    seen = Indicator.objects.visible_to(by).filter(pk__in=pks)
    rows = seen.select_related("benefit__initiative__unit", "computation").prefetch_related("measurements")
    return {row.pk: _Held(row, list(row.measurements.all())) for row in rows}
