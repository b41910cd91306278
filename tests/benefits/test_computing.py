"""Indicators that are computed from deviations: what is counted, what it is divided by, and who decides."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from benefits import operations
from benefits.models import Benefit, Computation, Indicator, MeasurementBasis, SilenceRules
from benefits.periods import period_of
from benefits.sources import sources
from core.errors import Refused
from core.workflow import TransitionBlocked, TransitionDenied
from deviations.models import DeviationType
from organization.models import RoleAssignment
from organization.roles import Role
from tests.benefits import computing, stories
from tests.benefits.computing import first_of_month
from tests.deviations import stories as reports

D = Decimal


@pytest.fixture
def place(world):
    return world.home


def values(indicator: Indicator) -> list[Decimal | None]:
    return list(indicator.measurements.order_by("due_on").values_list("value", flat=True))


def bases(indicator: Indicator) -> list[MeasurementBasis]:
    return list(MeasurementBasis.objects.filter(measurement__indicator=indicator).order_by("last_day"))


# --- What is counted -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("day", "months", "first", "end"),
    [
        ("2026-11-22", 3, "2026-08-01", "2026-11-01"),
        ("2026-11-30", 1, "2026-11-01", "2026-12-01"),
        ("2026-01-01", 12, "2025-01-01", "2026-01-01"),
        ("2024-02-29", 6, "2023-09-01", "2024-03-01"),
    ],
)
def test_period__is_the_whole_months_that_are_over(day, months, first, end):
    found = period_of(timezone.datetime.fromisoformat(day).date(), months)
    assert tuple(one.isoformat() for one in found) == (first, end)


def test_compute__rate_with_its_basis(place):
    indicator = computing.improved(place)
    assert values(indicator) == [D("4.0000"), D("0.6667")]
    before, after = bases(indicator)
    assert (before.count, before.total, before.severe, before.amount) == (12, 42, 12, D(3000))
    assert (after.count, after.total, after.severe) == (2, 34, 2)
    assert (before.first_day, before.last_day) == (first_of_month(10), first_of_month(7) - timedelta(days=1))
    assert before.source == "deviations"
    assert before.computed_at is not None
    assert before.parts == [{"unit": place.unit.pk, "count": 12, "total": 42, "amount": "3000.0000"}]
    assert indicator.unit == "avvik per 1 000 liggedøgn"
    assert "Hjemmetjenesten heim" in indicator.method


def test_compute__the_days_at_the_ends_of_the_period(place):
    computing.denominator(place)
    computing.mild(place, 20)
    computing.severe(place, 11)
    computing.severe(place, 10)
    computing.severe(place, 7)
    indicator = computing.computed(place, per="")
    assert values(indicator)[0] == 1


def test_compute__only_the_type_the_category_or_the_severe(place):
    computing.mild(place, 20)
    computing.severe(place, 9, 2, code="TJ-FALL")
    computing.mild(place, 9, 3, code="TJ-FALL")
    computing.severe(place, 9, 4, code="HMS-FALL")
    fall = DeviationType.objects.get(municipality=place.municipality, code="TJ-FALL").pk
    indicator = computing.computed(place, per="", severe=False)
    counted = {}
    for name, choice in {
        "all": {}, "severe": {"severe": True}, "type": {"type": fall}, "category": {"category": "hms"},
        "severe of type": {"type": fall, "severe": True},
    }.items():  # fmt: skip
        chosen = computing.choice(place, **{"per": "", "severe": False, **choice})
        operations.set_source(
            indicator, "deviations", months=3, choice=chosen, by=place.actor(Role.SERVICE_OWNER), now=timezone.now()
        )  # fmt: skip
        counted[name] = values(indicator)[0]
    assert counted == {"all": 9, "severe": 6, "type": 5, "category": 4, "severe of type": 2}
    assert {basis.total for basis in bases(indicator)} == {9, 0}


def test_compute__nothing_of_the_neighbor_and_nothing_confidential(world):
    place = world.home
    computing.mild(place, 20)
    computing.severe(place, 9, 2)
    computing.severe(world.neighbor, 9, 5)
    computing.severe(place, 9, 3, code="HMS-TRUSSEL")
    DeviationType.objects.filter(code="HMS-TRUSSEL").update(is_confidential=True)
    computing.reported(place, 9, 1, reported_severity=4, by=place.actor(Role.EMPLOYEE))
    reports.draft(place)
    assert values(computing.computed(place, per=""))[0] == 3


def test_compute__the_units_below_once_also_when_both_are_chosen(place):
    computing.mild(place, 20)
    computing.severe(place, 9, 2)
    computing.severe(place, 9, 1, unit=place.sector)
    indicator = computing.computed(place, per="", units=[place.unit.pk])
    assert values(indicator)[0] == 2


# --- What is missing is missing ------------------------------------------------------------------
def test_compute__missing_denominator_is_missing_and_never_zero(place):
    computing.mild(place, 20)
    computing.severe(place, 9, 2)
    computing.denominator(place, months=range(10, 8, -1))
    indicator = computing.computed(place)
    assert values(indicator) == [None, None]
    basis = bases(indicator)[0]
    assert (basis.lack, basis.count, basis.total, basis.amount) == ("denominator", 2, 2, None)
    computing.denominator(place, months=range(8, 7, -1))
    assert operations.compute_now(indicator, by=place.actor(Role.SERVICE_OWNER), now=timezone.now()) == 1
    assert values(indicator)[0] == D("0.6667")
    assert bases(indicator)[0].lack == ""


def test_compute__zero_is_zero_where_there_is_a_denominator(place):
    computing.denominator(place)
    computing.mild(place, 20)
    assert values(computing.computed(place)) == [D(0), D(0)]


def test_compute__before_anybody_could_report_it_is_missing(place):
    computing.denominator(place)
    computing.severe(place, 4)
    indicator = computing.computed(place)
    assert values(indicator) == [None, D("0.3333")]
    assert bases(indicator)[0].lack == "not_in_use"


def test_compute__a_unit_that_has_become_small_points_at_nobody(place):
    indicator = computing.improved(place)
    leaving = RoleAssignment.objects.filter(unit=place.unit).exclude(person=place.person(Role.SERVICE_OWNER))
    leaving.update(valid_to=timezone.localdate() - timedelta(days=1))
    changed = operations.compute_now(indicator, by=place.actor(Role.SERVICE_OWNER), now=timezone.now())
    assert changed == 2
    assert values(indicator) == [None, None]
    assert {basis.lack for basis in bases(indicator)} == {"few_people"}


# --- The nightly job -----------------------------------------------------------------------------
def test_compute_due__follows_the_plan_and_repeats_nothing(place):
    indicator = computing.improved(place)
    computing.realizing(place, indicator)
    indicator.measurements.update(value=None, measured_on=None)
    later = timezone.now() + timedelta(days=1)
    assert operations.compute_due(now=later) == 2
    stood = {basis.computed_at for basis in bases(indicator)}
    assert operations.compute_due(now=later + timedelta(days=1)) == 0
    assert {basis.computed_at for basis in bases(indicator)} == stood


def test_compute_due__not_before_the_last_day_of_the_month_is_over(place):
    indicator = computing.improved(place)
    computing.realizing(place, indicator)
    last_day = first_of_month(0) - timedelta(days=1)
    indicator.measurements.filter(kind="final").update(value=None, measured_on=None, due_on=last_day)
    night = datetime.combine(last_day, time(4, 10), tzinfo=computing.OSLO)
    by = place.actor(Role.SERVICE_OWNER)
    assert operations.compute_due(now=night) == 0
    assert operations.compute_now(indicator, by=by, now=night) == 0
    computing.severe(place, 1)
    assert operations.compute_due(now=night + timedelta(days=1)) == 1
    basis = bases(indicator)[-1]
    assert (basis.last_day, basis.count) == (last_day, 2)


def test_compute_due__leaves_benefits_that_nobody_follows(place):
    indicator = computing.improved(place)
    indicator.measurements.update(value=None, measured_on=None)
    assert operations.compute_due(now=timezone.now()) == 0


def test_compute_due__constant_in_points(place):
    def queries(first: int) -> int:
        indicator = computing.computed(place, first=first)
        computing.realizing(place, indicator)
        indicator.measurements.update(value=None, measured_on=None)
        with CaptureQueriesContext(connection) as told:
            assert operations.compute_due(now=timezone.now()) == first + 1
        return len(told)

    computing.denominator(place)
    computing.mild(place, 20)
    assert queries(1) == queries(4)


def test_compute__the_baseline_moves_the_benefit_on(place):
    indicator = computing.improved(place)
    operations.approve_plan(
        indicator.benefit.initiative, by=place.actor(Role.PROJECT_OWNER), now=timezone.now()
    )
    indicator.measurements.update(value=None, measured_on=None)
    operations.compute_due(now=timezone.now())
    assert Benefit.objects.get(pk=indicator.benefit_id).status == Benefit.Status.BASELINE_MEASURED


# --- Who, and what may not be mixed --------------------------------------------------------------
def choose(place, indicator, by, **values):
    return operations.set_source(
        indicator, "deviations", months=3, choice=computing.choice(place, **values), by=by, now=timezone.now()
    )


def test_set_source__not_by_a_colleague_nor_the_other_municipality(world):
    indicator = computing.indicator_of(world.home)
    with pytest.raises(TransitionDenied):
        choose(world.home, indicator, world.home.actor(Role.CHANGE_AGENT))
    for place in (world.neighbor, world.stranger):
        with pytest.raises(Http404):
            choose(world.home, indicator, place.actor(Role.SERVICE_OWNER))
    assert not Computation.objects.exists()


def test_set_source__not_units_or_types_of_others(world):
    place = world.home
    indicator, owner = computing.indicator_of(place), place.actor(Role.SERVICE_OWNER)
    for units in (
        [world.neighbor.unit.pk],
        [place.municipality.pk],
        [place.unit.pk, world.stranger.unit.pk],
        [],
    ):
        with pytest.raises(Refused):
            choose(place, indicator, owner, units=units)
    theirs = DeviationType.objects.filter(municipality=world.neighbor.municipality).first()
    DeviationType.objects.filter(municipality=place.municipality, code="HMS-TRUSSEL").update(
        is_confidential=True
    )
    hidden = DeviationType.objects.get(municipality=place.municipality, code="HMS-TRUSSEL")
    for one in (theirs, hidden):
        with pytest.raises(Refused):
            choose(place, indicator, owner, type=one.pk)


def test_see_computations__as_the_benefit(world):
    indicator = computing.improved(world.home)
    for rows in (Computation.objects, MeasurementBasis.objects):
        assert rows.visible_to(world.home.actor(Role.SERVICE_OWNER)).exists()
        assert not rows.visible_to(world.neighbor.actor(Role.KOMMUNEDIREKTOR)).exists()
        assert not rows.visible_to(None).exists()
    with pytest.raises(Http404):
        operations.compute_now(indicator, by=world.stranger.actor(Role.SERVICE_OWNER), now=timezone.now())


def test_set_source__not_over_what_is_written_by_hand(place):
    benefit = stories.baseline_measured(place)
    with pytest.raises(Refused, match="for hånd"):
        choose(place, benefit.indicators.get(), place.actor(Role.SERVICE_OWNER))


def test_set_source__not_with_periods_that_overlap(place):
    indicator = computing.indicator_of(place)
    with pytest.raises(Refused, match="overlapper"):
        operations.set_source(
            indicator, "deviations", months=12, choice=computing.choice(place), by=place.actor(Role.SERVICE_OWNER), now=timezone.now()
        )  # fmt: skip


def test_measure__not_by_hand_what_is_computed(place):
    indicator = computing.improved(place)
    row = indicator.measurements.order_by("due_on").last()
    with pytest.raises(ValidationError, match="regnes ut"):
        operations.measure(
            row, value=D(0), measured_on=row.due_on, by=place.actor(Role.SERVICE_OWNER), now=timezone.now()
        )
    with pytest.raises(ValidationError, match="regnes ut"):
        operations.measure_extra(
            indicator, value=D(0), measured_on=timezone.localdate(), by=place.actor(Role.SERVICE_OWNER), now=timezone.now()
        )  # fmt: skip


def test_remove_source__takes_the_numbers_with_it_but_not_while_it_is_proof(place):
    owner, now = place.actor(Role.SERVICE_OWNER), timezone.now()
    indicator = computing.improved(place)
    operations.remove_source(indicator, by=owner, now=now)
    assert values(indicator) == [None, None]
    assert not MeasurementBasis.objects.exists()
    choose(place, Indicator.objects.get(pk=indicator.pk), owner)
    computing.realizing(place, indicator)
    for act in (
        lambda: operations.remove_source(indicator, by=owner, now=now),
        lambda: choose(place, indicator, owner, severe=False),
    ):
        with pytest.raises(Refused, match="kan ikke byttes"):
            act()


def test_remind__nobody_is_called_to_measure_what_is_computed(place):
    from benefits.models import Measurement

    indicator = computing.improved(place)
    computing.realizing(place, indicator)
    far = timezone.localdate() + timedelta(days=400)
    assert not Measurement.objects.called_for(far).exists()


# --- Silence is no improvement -------------------------------------------------------------------
def conclude(place, benefit):
    return stories.perform(
        "conclude_realized", benefit, by=place.actor(Role.SERVICE_OWNER), now=timezone.now()
    )


def test_conclude__realized_when_fewer_severe_and_people_still_report(place):
    benefit = computing.realizing(place, computing.improved(place))
    assert conclude(place, benefit).status == Benefit.Status.REALIZED


def test_conclude__refused_when_reporting_collapsed(place):
    benefit = computing.realizing(place, computing.silenced(place))
    with pytest.raises(TransitionBlocked) as blocked:
        conclude(place, benefit)
    [reason] = [str(reason) for reason in blocked.value.reasons]
    assert "Meldingene har stilnet" in reason
    assert "95 prosent færre" in reason
    partly = stories.perform(
        "conclude_partly", benefit, by=place.actor(Role.SERVICE_OWNER), now=timezone.now(), data={"lesson": "Vi må spørre."}
    )  # fmt: skip
    assert partly.status == Benefit.Status.PARTLY_REALIZED


def test_conclude__by_the_limits_of_the_own_municipality(world):
    place = world.home
    benefit = computing.realizing(place, computing.silenced(place))
    limits = {
        "fall_percent": 90,
        "level_percent": 1,
        "fewest": 5,
        "changed_at": timezone.now(),
        "reason": "Prøve",
    }
    SilenceRules.objects.create(municipality=world.neighbor.municipality, **{**limits, "fall_percent": 10})
    own = SilenceRules.objects.create(municipality=place.municipality, **limits)
    with pytest.raises(TransitionBlocked):
        conclude(place, benefit)
    computing.mild(place, 3, 4)
    operations.compute_now(benefit.indicators.get(), by=place.actor(Role.SERVICE_OWNER), now=timezone.now())
    assert conclude(place, benefit).status == Benefit.Status.REALIZED
    assert own.limits.fall == D("0.9")


def test_sources__the_first_is_deviations():
    assert list(sources()) == ["deviations"]
