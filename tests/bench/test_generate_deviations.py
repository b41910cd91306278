"""Generated deviations keep the rules of the house, and come in the shares that the report tells of."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.db.models import Count, F, Max, Min

from bench.generators import generate
from bench.generators.deviations.cases import AT_ONCE
from bench.generators.deviations.ways import OPEN, WAYS
from bench.plan import Plan
from core.history import timeline
from deviations.models import ActionLink, CorrectiveAction, Deviation, Duty, Injury, Stamp
from organization.operations import next_number
from tests.deviations import kept

COUNT = AT_ONCE + 400


@pytest.fixture
def filled(world):
    generate(Plan(initiatives=20, seed=7, day=date(2026, 3, 2), deviations=COUNT))


def test_generate__deviations_hold_their_rules(filled):
    assert Deviation.objects.count() == COUNT
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
    _their_references_exist()
    _their_history_ends_where_they_are()
    assert not Duty.objects.filter(status="done", stamps__done_at=None).exists()
    assert not Duty.objects.filter(status="open").exclude(deviation__status__in=OPEN).exists()
    assert not ActionLink.objects.exclude(action__municipality=F("deviation__municipality")).exists()
    assert not kept.links_out_of_step()
    assert kept.sums() == kept.counted()
    assert CorrectiveAction.objects.exists()
    assert Injury.objects.exists()
    assert Stamp.objects.exists()


def _their_references_exist() -> None:
    with connection.cursor() as cursor:
        for column in Deviation._meta.concrete_fields:
            if column.is_relation:
                other = column.related_model._meta.db_table
                cursor.execute(
                    f"select count(*) from deviations_deviation d left join {other} o on o.id = d.{column.column}"
                    f" where d.{column.column} is not null and o.id is null"
                )
                assert cursor.fetchone() == (0,), column.name


def _their_history_ends_where_they_are() -> None:
    events = Deviation.pgh_event_model.objects.values("pgh_obj_id").annotate(events=Count("pgh_id"))
    assert events.count() == COUNT
    assert events.aggregate(least=Min("events"), most=Max("events")) == {"least": 3, "most": 6}
    for case in Deviation.objects.order_by("pk")[:30]:
        entries = timeline(case)
        assert entries[0].after == case.status
        assert entries[-1].action == "write_report"


def test_generate__numbers_of_deviations_go_on(filled, world):
    home = world.home.municipality.pk
    taken = set(Deviation.objects.filter(municipality=home).values_list("number", flat=True))
    assert f"A2026-{next_number(home, 'deviation', 2026):04d}" not in taken


def test_ways__are_three_to_six_events_long():
    assert {len(steps) for steps in WAYS.values()} <= {3, 4, 5, 6}
