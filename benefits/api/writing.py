"""Measurements written through the API: the form and the operations of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy

from benefits import operations, policies
from benefits.forms import MeasureForm
from benefits.models import Indicator, Kind, Measurement
from core.api.bodies import cleaned, is_id, object_of, pointing, read_id
from core.api.bulk import MOST, Written, carry_out, rows_of, twin_of
from core.api.schema import FormBody
from core.workflow import TransitionDenied
from organization.api.outcomes import OUTCOMES_OF

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from core.actors import Actor
    from core.api.bodies import Path

MEASUREMENTS, INDICATOR = "measurements", "indicator_id"


class MeasuredForm(MeasureForm):
    """The page's form without its files."""

    files = None  # type: ignore[assignment] # a declared field leaves the class


_INDICATOR = {INDICATOR: {"type": "integer", "minimum": 1, "title": gettext_lazy("Indikatoren som er målt")}}
CREATE = FormBody("NewMeasurement", [MeasuredForm], more=_INDICATOR)
CHANGE = FormBody("MeasurementChange", [MeasuredForm])
_ROW = {
    "type": "object",
    "required": [INDICATOR, "measured_on", "value"],
    "properties": {
        **_INDICATOR,
        "measured_on": {"type": "string", "format": "date"},
        "value": {"type": "string", "format": "decimal", "pattern": r"^-?\d{1,30}(\.\d{1,4})?$"},
        "comment": {"type": "string", "maxLength": 2000},
        "forecast": {
            "type": "string", "format": "decimal", "nullable": True, "pattern": r"^-?\d{1,30}(\.\d{1,4})?$",
        },
    },
    "additionalProperties": False,
}  # fmt: skip
BULK = FormBody(
    "Measurements", [],
    more={MEASUREMENTS: {"type": "array", "minItems": 1, "maxItems": MOST, "items": _ROW}},
)  # fmt: skip


def create(body: Any, *, by: Actor, now: datetime) -> Measurement:
    """Register a measurement outside the schedule.

    :raises Http404: ``by`` knows of no such indicator.
    :raises TransitionDenied: ``by`` does not measure it.
    :raises ApiProblem: something that was sent is wrong.
    """
    pk, sent = _apart(body)
    values = _values(_seen_by(by, [pk]).get(pk), sent, by, ())
    with pointing():
        return operations.measure_extra(values.pop("indicator"), by=by, now=now, **values)


def change(row: Measurement, body: Any, *, by: Actor, now: datetime) -> Measurement:
    """Register what was measured at a point of the schedule, or put it right; what is not sent stays.

    :raises ApiProblem: something that was sent is wrong.
    """
    values = cleaned(lambda data: MeasuredForm(data, measurement=row), body, partial=True)
    with pointing():
        return operations.measure(row, by=by, now=now, **values)


def write_all(body: Any, *, by: Actor, now: datetime) -> dict[str, Any]:
    """Register many measurements, each at the point that stands there, and tell what became of each.

    They are written by benefit, indicator and day: a baseline in the list is in place before what is compared with it.

    :raises ApiProblem: what was sent is no list of rows, or one that is too long.
    """
    batch = _Batch(rows_of(body, MEASUREMENTS), by, now)
    return carry_out(len(batch.rows), sorted(range(len(batch.rows)), key=batch.place), batch.write)


class _Batch:
    """The rows of a request, with the indicators they are about."""

    def __init__(self, rows: Sequence[Any], by: Actor, now: datetime) -> None:
        self.rows, self.by = rows, by
        self.noting = operations.Noting(
            (pk for row in rows if is_id(pk := _indicator_of(row))), by=by, now=now
        )
        self.seen: dict[tuple[int, date], int] = {}

    def place(self, index: int) -> tuple[int, int, str, int]:
        pk = _indicator_of(self.rows[index])
        indicator = self.noting.indicator(pk) if is_id(pk) else None
        if indicator is None:
            return 0, 0, "", index
        return indicator.benefit_id, indicator.pk, str(self.rows[index].get("measured_on", "")), index

    def write(self, index: int) -> Written:
        at = (MEASUREMENTS, index)
        indicator, sent = _apart(self.rows[index], at)
        known = self.noting.indicator(indicator)
        values = _values(known, sent, self.by, at)
        measured: Indicator = values.pop("indicator")
        first = self.seen.setdefault((measured.pk, values["measured_on"]), index)
        if first != index:
            raise twin_of(first, *at, "measured_on")
        with pointing(*at):
            made, what = self.noting.note(measured.pk, **values)
        return Written(made.pk, OUTCOMES_OF[what])


def _apart(body: Any, at: Path = ()) -> tuple[int, dict[str, Any]]:
    """Return the id of the indicator, and the rest of what was sent.

    :raises ApiProblem: it is no object, or has no such id.
    """
    sent = object_of(body, at)
    return read_id(sent.pop(INDICATOR, None), *at, INDICATOR), sent


def _values(indicator: Indicator | None, sent: Any, by: Actor, at: Path) -> dict[str, Any]:
    """Return what the form makes of a measurement, and its ``indicator``.

    :raises Http404: there is no such indicator for ``by``.
    :raises TransitionDenied: ``by`` does not measure it.
    :raises ApiProblem: something that was sent is wrong.
    """
    if indicator is None:
        raise Http404
    row = Measurement(indicator=indicator, kind=Kind.EXTRA, due_on=timezone.localdate())
    if not policies.may_measure(by, row):
        raise TransitionDenied
    return {**cleaned(lambda data: MeasuredForm(data, measurement=row), sent, at=at), "indicator": indicator}


def _seen_by(by: Actor, ids: Iterable[int]) -> dict[int, Indicator]:
    rows = Indicator.objects.visible_to(by).filter(pk__in=set(ids))
    return {row.pk: row for row in rows.select_related("benefit__initiative__unit", "computation")}


def _indicator_of(row: Any) -> Any:
    return row.get(INDICATOR) if isinstance(row, dict) else None
