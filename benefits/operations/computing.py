"""Let an indicator be computed from a source, and compute its points: by the nightly job, and when asked for."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from benefits import policies
from benefits.models import (
    Benefit,
    Computation,
    Indicator,
    Kind,
    Lack,
    Measurement,
    MeasurementBasis,
    Quantity,
    SilenceRules,
)
from benefits.operations.overview import planning, why_closed
from benefits.periods import period_of
from benefits.sources import Point, Reckoning, sources
from benefits.workflow import benefit_workflow
from core.actors import System
from core.errors import Refused
from core.history import record
from core.workflow import TransitionDenied

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date, datetime

    from benefits.sources import IndicatorSource
    from core.actors import Actor
    from organization.models import Unit

_NIGHT = System("computed indicators")
_BATCH = 500
_KEPT = ("source", "choice", "first_day", "last_day", "computed_at", "changed_at")
_RECKONED = ("count", "total", "severe", "amount", "per", "parts", "lack")


def set_source(
    indicator: Indicator, key: str, *, months: int, choice: Mapping[str, Any], by: Actor, now: datetime
) -> Computation:
    """Compute the indicator from the source from now on, and compute what is due.

    What was computed from another choice is computed anew, since the two cannot be compared.

    :raises Http404: ``by`` cannot see the benefit, or there is no such source.
    :raises TransitionDenied: ``by`` does not work on its plan.
    :raises Refused: the plan is closed, numbers are written by hand or confirmed, or the choice is not ``by``'s.
    """
    source = sources().get(key)
    if source is None:
        raise Http404
    with transaction.atomic():
        made = _chosen(indicator, source, months, choice, by=by, now=now)
        _compute(_due_of(indicator, timezone.localdate(now)), by=by, now=now)
    return made


def _chosen(
    indicator: Indicator, source: IndicatorSource, months: int, choice: Mapping[str, Any], *, by: Actor, now: datetime
) -> Computation:  # fmt: skip
    with planning(indicator.benefit, "set_source", by=by, now=now) as benefit:
        row = _locked(indicator, benefit)
        _refuse_new_proof(row)
        _refuse_mixing(row)
        source.check(choice, row, by, timezone.localdate(now))
        _refuse_overlap(row, months)
        made = Computation.objects.filter(indicator=row).first() or Computation(indicator=row)
        made.source, made.months, made.choice = source.key, months, dict(choice)
        made.stamp(now)
        made.full_clean()
        made.save()
        row.unit, row.quantity = source.unit(choice), Quantity.COUNT
        row.method, row.source = source.describe(choice)[:2000], str(source.label)
        row.stamp(now)
        row.save()
        _forget(row, now)
    return made


def remove_source(indicator: Indicator, *, by: Actor, now: datetime) -> None:
    """Let people measure the indicator again; what was computed goes out, since it cannot be put right by hand.

    :raises Refused: also when the benefit is being taken out: then its proof may not change.
    """
    with planning(indicator.benefit, "remove_source", by=by, now=now) as benefit:
        row = _locked(indicator, benefit)
        _refuse_new_proof(row)
        _refuse_mixing(row)
        _forget(row, now)
        Computation.objects.filter(indicator=row).delete()


def compute_now(indicator: Indicator, *, by: Actor, now: datetime) -> int:
    """Compute every point that is due and not confirmed, also those that were computed before; return how many changed.

    :raises Http404: ``by`` cannot see it, or it is not computed.
    :raises TransitionDenied: ``by`` does not measure it.
    :raises Refused: the benefit is concluded.
    """
    with transaction.atomic():
        _hold([indicator.benefit_id])
        seen = Indicator.objects.visible_to(by).exclude(computation=None)
        row = seen.select_related("benefit__initiative__unit").filter(pk=indicator.pk).first()
        if row is None:
            raise Http404
        if not policies.may_measure(by, Measurement(indicator=row)):
            raise TransitionDenied
        if reason := why_closed(row.benefit):
            raise Refused(reason)
        return _compute(_due_of(row, timezone.localdate(now)), by=by, now=now)


def compute_due(*, now: datetime) -> int:
    """Compute what is due and missing in the plans that are followed, as soon as its period is over; return how many changed."""
    today, done, last = timezone.localdate(now), 0, 0
    due = _computed().of_followed().filter(value=None, due_on__lte=today).order_by("pk")
    while True:
        with transaction.atomic():
            found = dict(due.filter(pk__gt=last).values_list("pk", "indicator__benefit_id")[:_BATCH])
            if not found:
                return done
            last = max(found)
            _hold(set(found.values()))
            done += _compute(_over(due.filter(pk__in=found), today), by=_NIGHT, now=now)


def _hold(benefits: Collection[int]) -> None:
    """Let nobody else measure the benefits, or change their plans, until this is done."""
    list(
        Benefit.objects.select_for_update(of=("self",))
        .filter(pk__in=benefits)
        .order_by("pk")
        .values_list("pk")
    )


# --- The rules of it ---------------------------------------------------------------------------------
def _locked(indicator: Indicator, benefit: Benefit) -> Indicator:
    rows = benefit.indicators.select_for_update(of=("self",)).select_related("computation")
    row: Indicator | None = rows.filter(pk=indicator.pk).first()
    if row is None:
        raise Http404
    row.benefit = benefit
    return row


def _refuse_new_proof(row: Indicator) -> None:
    """Who takes a benefit out does not choose anew what proves it."""
    is_proof = row.benefit.status == Benefit.Status.REALIZING and hasattr(row, "computation")
    if is_proof and row.measurements.exclude(value=None).exists():
        raise Refused(
            _(
                "Gevinsten tas ut nå, så det som beviser den, kan ikke byttes. Legg til en indikator ved siden av."
            )
        )


def _refuse_mixing(row: Indicator) -> None:
    """Numbers that are counted in two ways are not one course."""
    if row.measurements.exclude(value=None).filter(basis=None).exists():
        raise Refused(
            _(
                "Indikatoren har målinger som er ført for hånd. Legg til en ny indikator for tall som regnes ut."
            )
        )
    if row.measurements.exclude(verified_at=None).exists():
        raise Refused(_("Økonomisjefen har bekreftet et av tallene. Legg til en ny indikator i stedet."))


def _refuse_overlap(row: Indicator, months: int) -> None:
    if period_of(row.first_on, months)[0] < period_of(row.baseline_on, months)[1]:
        raise Refused(
            _(
                "Perioden før første måling overlapper nullpunktets. Velg færre måneder, eller flytt første måling."
            )
        )


def _forget(row: Indicator, now: datetime) -> None:
    """Take away what was computed; a point outside the schedule has none to go back to."""
    computed = row.measurements.exclude(basis=None)
    MeasurementBasis.objects.filter(measurement__in=computed).delete()
    row.measurements.exclude(value=None).update(value=None, measured_on=None, comment="", changed_at=now)


def _computed() -> Any:
    related = ("indicator__computation", "indicator__benefit__initiative", "basis")
    return Measurement.objects.exclude(indicator__computation=None).select_related(*related)


def _due_of(row: Indicator, today: date) -> list[Measurement]:
    """Return the points whose period is over and that are neither confirmed nor written by hand."""
    rows = _computed().filter(indicator=row, due_on__lte=today, verified_at=None).order_by("due_on")
    return _over((one for one in rows if not one.is_measured or hasattr(one, "basis")), today)


def _over(rows: Iterable[Measurement], today: date) -> list[Measurement]:
    """Keep the points whose months are over: one that is due on the last day of a month waits until the next."""
    return [row for row in rows if _period(row)[1] <= today]


def _period(row: Measurement) -> tuple[date, date]:
    return period_of(row.due_on, row.indicator.computation.months)


# --- Computing ---------------------------------------------------------------------------------------
def _compute(rows: Sequence[Measurement], *, by: Actor, now: datetime) -> int:
    """Compute the points of each source in one go, and write them with what they were computed from."""
    by_source = sorted(rows, key=lambda row: row.indicator.computation.source)
    done: list[Measurement] = []
    with record("compute", actor=by):
        for key, group in groupby(by_source, key=lambda row: row.indicator.computation.source):
            source = sources().get(key)
            if source is not None:
                done += _write(_reckoned(source, list(group), timezone.localdate(now)), now)
        benefits = {row.indicator.benefit_id: row.indicator.benefit for row in done}
        Benefit.objects.filter(pk__in=benefits).update(changed_at=now)
    for benefit in _with_first_baseline(done):
        benefit_workflow.perform("note_baseline", benefit, by=by, now=now, vouched=True)
    return len(done)


def _reckoned(
    source: IndicatorSource, rows: list[Measurement], today: date
) -> Iterable[tuple[Measurement, date, date, Reckoning]]:
    """Yield each point with its period and what it came to; a period that touches the baseline's comes to nothing."""
    periods = {row.pk: _period(row) for row in rows}
    baselines = _baseline_days(rows)

    def is_clear(row: Measurement) -> bool:
        day = baselines.get(row.indicator_id, row.indicator.baseline_on)
        return row.is_baseline or periods[row.pk][0] >= period_of(day, row.indicator.computation.months)[1]

    clear = [row for row in rows if is_clear(row)]
    points = [
        Point(
            row.pk,
            row.indicator.benefit.initiative.municipality_id,
            row.indicator.computation.choice,
            *periods[row.pk],
        )
        for row in clear
    ]
    found = source.reckon(points, today) if points else {}
    for row in rows:
        yield row, *periods[row.pk], found.get(row.pk) or Reckoning(lack=Lack.OVERLAP)


def _baseline_days(rows: Sequence[Measurement]) -> dict[int, date]:
    """Return the day of each indicator's baseline as it stands in the schedule."""
    standing = Measurement.objects.filter(
        kind=Kind.BASELINE, indicator_id__in={row.indicator_id for row in rows}
    )
    return dict(standing.values_list("indicator_id", "due_on"))


def _write(found: Iterable[tuple[Measurement, date, date, Reckoning]], now: datetime) -> list[Measurement]:
    """Write values and bases; return the points whose value changed."""
    changed, bases = [], []
    for row, first, end, came_to in found:
        computation = row.indicator.computation
        kept = {name: getattr(came_to, name) for name in _RECKONED}
        kept["parts"] = list(came_to.parts)
        bases.append(
            MeasurementBasis(
                measurement=row, source=computation.source, choice=computation.choice, first_day=first,
                last_day=end - timedelta(days=1), computed_at=now, changed_at=now, **kept,
            )
        )  # fmt: skip
        if row.value != came_to.value:
            row.value, row.measured_on = came_to.value, row.due_on if came_to.value is not None else None
            row.stamp(now)
            changed.append(row)
    Measurement.objects.bulk_update(changed, ["value", "measured_on", "changed_at"])
    MeasurementBasis.objects.bulk_create(
        bases, update_conflicts=True, unique_fields=["measurement"], update_fields=[*_KEPT, *_RECKONED]
    )
    return changed


def _with_first_baseline(rows: Sequence[Measurement]) -> list[Benefit]:
    """Return the planned benefits whose main indicator has just got its baseline."""
    found = {
        row.indicator.benefit_id
        for row in rows
        if row.is_baseline and row.is_measured and row.indicator.is_main
    }
    related = Benefit.objects.filter(pk__in=found, status=Benefit.Status.PLANNED)
    return list(related.select_related("initiative__unit").prefetch_related("indicators__measurements"))


def set_silence_rules(
    municipality: Unit, values: Mapping[str, Any], *, by: Actor, now: datetime
) -> SilenceRules:
    """Let the limits of the municipality be ``values``, with the reason for them.

    :raises TransitionDenied: ``by`` does not set its rules.
    """
    if not policies.may_set_silence_rules(by, municipality.pk):
        raise TransitionDenied
    with transaction.atomic(), record("set_silence_rules", actor=by, reason=values["reason"]):
        row = SilenceRules.objects.select_for_update().filter(municipality=municipality).first()
        row = row or SilenceRules(municipality=municipality)
        for name, value in values.items():
            setattr(row, name, value)
        row.stamp(now)
        row.full_clean()
        row.save()
    return row
