"""The sums of the scorecard: the same as counting for everybody, right at once, and of nobody else's benefits."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from benefits import scorecard as cards
from benefits.models import Benefit, Measurement, ScoreMark, ScoreShare, ScoreSum
from benefits.operations import count_marked
from benefits.summed import Summed
from benefits.tasks import count_marked_benefits
from governance.models import Initiative, Participation
from organization.actors import person_actor
from organization.models import RoleAssignment
from organization.roles import Role
from tests.benefits import baton_stories as baton
from tests.benefits import recount, stories

PAGE = reverse("benefits:scorecard")
ROLES = [Role.EMPLOYEE, Role.LEADER, Role.SERVICE_OWNER, Role.KOMMUNEDIREKTOR, Role.SECRETARIAT]
MONEY = {"kind": "avoided_cost", "form": "budget", "kroner_per_year": 100_000, "hours_per_year": None}


def summed(actor, *, by=cards.MUNICIPALITY, day=None, measure="hours"):
    day, sums = day or timezone.localdate(), Summed(actor)
    tables = [cards.Table(by, day.year, day.year, has_points=True)]
    beside = sums.beside(Benefit.objects.counted_by(actor))
    return cards.summed_tables(sums, beside, tables, measure=measure, today=day)[0]


def counted(actor, *, by=cards.MUNICIPALITY, day=None, measure="hours"):
    day = day or timezone.localdate()
    tables = [cards.Table(by, day.year, day.year, has_points=True)]
    rows = Benefit.objects.all_visible_to(actor).in_plans()
    return recount.tables_of(rows, tables, measure=measure, today=day)[0]


def shield(benefit):
    Initiative.objects.filter(pk=benefit.initiative_id).update(
        shield_basis="offl_13", public_title="Sak med skjermet innhold"
    )


@pytest.mark.parametrize("role", ROLES)
def test_sum__as_counting_for_everybody(world, role):
    baton.given(world)
    measured = stories.baseline_measured(world.home)
    stories.planned(world.neighbor)
    shield(measured)
    places = (world.home, world.neighbor, world.region, world.stranger)
    before = [summed(place.actor(role)) for place in places]
    assert ScoreMark.objects.exists()
    count_marked()
    assert not ScoreMark.objects.exists()
    assert [summed(place.actor(role)) for place in places] == before
    assert [counted(place.actor(role)) for place in places] == before
    stories.realizing(world.home)
    assert [counted(place.actor(role)) for place in places] == [summed(place.actor(role)) for place in places]


def test_sum__what_is_shielded_for_those_who_read_it(world):
    benefit = stories.planned(world.home)
    count_marked()
    seen = [bool(summed(world.home.actor(role))) for role in ROLES]
    assert all(seen)
    shield(benefit)
    count_marked()
    seen = [bool(summed(world.home.actor(role))) for role in ROLES]
    assert seen == [Benefit.objects.visible_to(world.home.actor(role)).exists() for role in ROLES]
    assert not all(seen)
    assert summed(world.home.actor(Role.SECRETARIAT))
    assert not summed(world.neighbor.actor(Role.SECRETARIAT))


def test_sum__once_for_who_works_in_two_municipalities(world):
    benefit = stories.planned(world.home)
    Participation.objects.create(
        initiative=benefit.initiative, municipality=world.neighbor.municipality, changed_at=timezone.now()
    )
    count_marked()
    for place in (world.home, world.neighbor):
        assert [row.benefits for row in summed(place.actor(Role.EMPLOYEE))] == [1]
    person = world.home.person(Role.EMPLOYEE)
    RoleAssignment.objects.create(
        person=person,
        unit=world.neighbor.unit,
        role=Role.EMPLOYEE,
        valid_from=timezone.localdate(),
        changed_at=timezone.now(),
    )
    both = person_actor(person)
    assert len(both.municipality_ids) == 2
    assert [row.benefits for row in summed(both)] == [1]
    assert summed(both) == counted(both)
    Participation.objects.update(left_at=timezone.now())
    assert not summed(world.neighbor.actor(Role.EMPLOYEE))
    count_marked()
    assert not summed(world.neighbor.actor(Role.EMPLOYEE))


def test_sum__due_and_missing_on_every_day(world):
    stories.baseline_measured(world.home)
    count_marked()
    actor = world.home.actor(Role.EMPLOYEE)
    for days in (-400, -41, -40, -39, 0, 1, 20, 51, 120, 250, 400):
        day = timezone.localdate() + timedelta(days=days)
        assert summed(actor, day=day) == counted(actor, day=day), day


def test_open_scorecard__the_same_before_and_after_the_job(world, as_role):
    benefit = stories.realizing(world.home, **MONEY)
    row = stories.measure(benefit, world.home, 25, 1)
    client = as_role(Role.EMPLOYEE)

    def shown():
        page = client.get(PAGE, {"aar": row.measured_on.year}).context
        return page["lines"], page["total"], page["receivers"], page["lessons"]

    before = shown()
    assert before[1][0]["cells"][2]["text"].startswith("50")
    count_marked()
    assert shown() == before
    assert client.get(PAGE, {"mottaker": "citizens"}).context["lines"] == []


def test_find_change_that_marks_nothing(world):
    """The check after every test sees what a missing trigger would leave."""
    benefit = stories.baseline_measured(world.home)
    count_marked()
    row = Measurement.objects.filter(indicator__benefit=benefit, value=None).latest("due_on")
    with connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        Measurement.objects.filter(pk=row.pk).update(due_on=timezone.localdate() - timedelta(days=3))
        cursor.execute("set local session_replication_role = default")
    assert recount.differences()
    ScoreMark.objects.create(benefit=benefit.pk)
    assert not recount.differences()


def test_count_marked__takes_out_what_is_gone(world):
    benefit = stories.planned(world.home)
    count_marked()
    assert ScoreShare.objects.filter(benefit=benefit.pk).exists()
    benefit.status = "dropped"
    benefit.save()
    count_marked()
    assert not ScoreShare.objects.filter(benefit=benefit.pk).exists()
    assert not any(ScoreSum.objects.values_list("benefits", flat=True))
    assert not any(ScoreSum.objects.values_list("planned", flat=True))


def test_count_marked__is_on_the_schedule():
    assert count_marked_benefits.name in {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
