"""What is measured: by whom, on which day, within what can be, and who confirms it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from benefits import operations
from benefits.models import Benefit, Measurement
from core.attachments import open_for, readable_attachments
from core.errors import Refused
from core.workflow import TransitionDenied
from organization.roles import Role
from tests.benefits import stories


@pytest.fixture
def place(world):
    return world.home


def test_measure__the_baseline_moves_the_benefit_on(place):
    assert stories.baseline_measured(place).status == Benefit.Status.BASELINE_MEASURED


def test_measure__zero_is_zero_and_missing_is_missing(place):
    benefit = stories.baseline_measured(place)
    stories.measure(benefit, place, 0, 1)
    indicator = benefit.indicators.get()
    assert indicator.latest.value == 0
    assert indicator.achieved == Decimal(40) / 30
    later = stories.point(benefit, 2)
    assert later.value is None
    assert later.is_missing(later.due_on)
    assert not later.is_missing(later.due_on - timedelta(days=1))


def refused(benefit, place, value, at=1, **more):
    with pytest.raises(ValidationError) as problem:
        stories.measure(benefit, place, value, at, **more)
    return problem.value.message_dict


def test_measure__not_before_the_baseline(place):
    benefit = stories.baseline_measured(place)
    day = stories.point(benefit).measured_on - timedelta(days=1)
    assert "før nullpunktet" in refused(benefit, place, 1, measured_on=day)["measured_on"][0]


def test_measure__not_without_a_baseline(place):
    assert "Nullpunktet er ikke ført" in refused(stories.planned(place), place, 1)["measured_on"][0]


def test_measure__not_twice_on_one_day(place):
    benefit = stories.baseline_measured(place)
    day = stories.point(benefit).measured_on
    assert "alt ført en måling" in refused(benefit, place, 1, measured_on=day)["measured_on"][0]


def test_measure__baseline_not_moved_past_the_first_measurement(place):
    benefit = stories.baseline_measured(place)
    stories.measure(benefit, place, 30, 1)
    assert (
        "før den første" in refused(benefit, place, 40, 0, measured_on=timezone.localdate())["measured_on"][0]
    )


def test_measure__percent_stays_within_a_hundred(place):
    benefit = stories.baseline_measured(place, indicator={"quantity": "percent", "target": Decimal(90)})
    assert "0 til 100" in refused(benefit, place, 101)["value"][0]
    assert stories.measure(benefit, place, 100, 1).value == 100


def test_measure__below_zero_only_where_that_can_be(place):
    benefit = stories.baseline_measured(place)
    assert "under null" in refused(benefit, place, -1)["value"][0]


def test_measure__not_by_a_colleague_and_not_seen_by_the_stranger(world):
    row = stories.point(stories.baseline_measured(world.home), 1)
    values = {"value": Decimal(1), "measured_on": timezone.localdate(), "now": timezone.now()}
    with pytest.raises(TransitionDenied):
        operations.measure(row, by=world.home.actor(Role.CHANGE_AGENT), **values)
    with pytest.raises(Http404):
        operations.measure(row, by=world.stranger.actor(Role.SERVICE_OWNER), **values)
    assert Measurement.objects.visible_to(world.home.actor(Role.CHANGE_AGENT)).contains(row)
    assert not Measurement.objects.visible_to(world.neighbor.actor(Role.SECRETARIAT)).contains(row)


def test_measure_extra__outside_the_schedule(place):
    benefit = stories.baseline_measured(place)
    row = operations.measure_extra(
        benefit.indicators.get(), value=Decimal(33), measured_on=timezone.localdate(), by=place.actor(Role.SERVICE_OWNER),
        now=timezone.now(), forecast=Decimal(12),
    )  # fmt: skip
    assert row.kind == "extra"
    assert benefit.indicators.get().forecast == 12


def test_measure_extra__not_by_a_colleague_and_not_seen_by_the_stranger(world):
    indicator = stories.baseline_measured(world.home).indicators.get()
    values = {"value": Decimal(1), "measured_on": timezone.localdate(), "now": timezone.now()}
    with pytest.raises(TransitionDenied):
        operations.measure_extra(indicator, by=world.home.actor(Role.CHANGE_AGENT), **values)
    with pytest.raises(Http404):
        operations.measure_extra(indicator, by=world.stranger.actor(Role.SERVICE_OWNER), **values)


def test_measure__not_in_the_future(place):
    benefit = stories.baseline_measured(place)
    day = timezone.localdate() + timedelta(days=1)
    assert "fram i tid" in refused(benefit, place, 1, measured_on=day)["measured_on"][0]


def test_measure_extra__not_on_a_day_of_the_schedule(place):
    """The point of that day is there to be filled, or was measured on another day."""
    benefit = stories.baseline_measured(place)
    row = stories.point(benefit, 1)
    with pytest.raises(ValidationError, match="måledag i planen"):
        operations.measure_extra(
            benefit.indicators.get(), value=Decimal(33), measured_on=row.due_on, by=place.actor(Role.SERVICE_OWNER), now=timezone.now()
        )  # fmt: skip


def test_verify__lets_nobody_compute_or_measure_meanwhile(place):
    benefit = stories.baseline_measured(place)
    row, finance = stories.measure(benefit, place, 30, 1), place.actor(Role.CHIEF_OF_FINANCE)
    with CaptureQueriesContext(connection) as asked:
        operations.verify(row, by=finance, now=timezone.now())
    locks = [one["sql"] for one in asked if "FOR UPDATE" in one["sql"]]
    assert [('OF "benefits_benefit"' in sql, 'OF "benefits_measurement"' in sql) for sql in locks] == [
        (True, False), (False, True),
    ]  # fmt: skip


def test_verify__by_finance_and_anew_when_the_value_is_put_right(place):
    benefit, finance = stories.baseline_measured(place), place.actor(Role.CHIEF_OF_FINANCE)
    row = stories.measure(benefit, place, 30, 1)
    with pytest.raises(TransitionDenied):
        operations.verify(row, by=place.actor(Role.SERVICE_OWNER), now=timezone.now())
    assert operations.verify(row, by=finance, now=timezone.now()).is_verified
    assert not stories.measure(benefit, place, 31, 1).is_verified
    with pytest.raises(Refused):
        operations.verify(stories.point(benefit, 2), by=finance, now=timezone.now())


def test_open_evidence__only_the_line_the_service_owner_and_finance(place):
    benefit = stories.baseline_measured(place)
    upload = SimpleUploadedFile("telling.txt", b"Tolv skjema.", "text/plain")
    row = stories.measure(benefit, place, 30, 1, files=[upload])
    for role in (
        Role.SERVICE_OWNER,
        Role.LEADER,
        Role.SECTOR_LEADER,
        Role.CHIEF_OF_FINANCE,
        Role.KOMMUNEDIREKTOR,
    ):
        assert len(readable_attachments(row, place.actor(role))) == 1, role
    file = readable_attachments(row, place.actor(Role.LEADER))[0]
    for role in (Role.EMPLOYEE, Role.CHANGE_AGENT, Role.HR):
        with pytest.raises(Http404):
            open_for(file.key, place.actor(role))
