"""Generated records keep every rule of the house, and are the same for the same seed."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Count, Max, Min

from bench import sql
from bench.generators import generate, modules
from bench.generators.governance.ways import OLD, WAYS, YOUNG, steps_to
from bench.plan import Plan
from benefits.models import Benefit
from core.history import timeline
from core.models import Notice
from governance.models import AgendaItem, Decision, Initiative, Meeting, MunicipalDecision, Status
from organization.operations import next_number
from organization.roles import Role
from portfolio.models import Project

PLAN = Plan(initiatives=300, seed=7, day=date(2026, 3, 2))
DIGEST = "select md5(string_agg(t::text, '|' order by id)) from governance_initiative t"


@pytest.fixture
def filled(world):
    generate(PLAN)
    return world


def test_generate__all_that_was_asked_for(filled):
    assert Initiative.objects.count() == 300
    assert Benefit.objects.exists()
    assert Project.objects.exists()
    assert Decision.objects.exists()
    assert Meeting.objects.exists()
    assert Notice.objects.exists()


def test_generate__refuses_where_there_are_initiatives(filled):
    with pytest.raises(RuntimeError, match="already"):
        generate(PLAN)


def test_generate__numbers_are_unique_and_the_next_one_is_free(filled):
    numbered = Initiative.objects.exclude(number="").values("municipality", "number")
    assert numbered.annotate(times=Count("pk")).aggregate(most=Max("times"))["most"] == 1
    assert Initiative.objects.exclude(status="draft").filter(number="").count() == 0
    number = next_number(filled.home.municipality.pk, "initiative", 2026)
    assert not Initiative.objects.filter(
        municipality=filled.home.municipality, number=f"2026-{number:03d}"
    ).exists()


def test_generate__history_has_three_to_six_events_that_end_where_the_record_is(filled):
    counts = Initiative.pgh_event_model.objects.values("pgh_obj_id").annotate(events=Count("pgh_id"))
    assert counts.aggregate(least=Min("events"), most=Max("events")) == {"least": 3, "most": 6}
    assert counts.count() == 300
    for initiative in Initiative.objects.all()[:40]:
        entries = timeline(initiative)
        assert entries[0].after == initiative.status
        assert entries[-1].action == "create"
        assert entries[0].at == initiative.changed_at


def test_generate__projects_and_initiatives_agree(filled):
    pairs = set(Project.objects.values_list("status", "initiative__status"))
    assert pairs <= {
        ("active", "in_portfolio"), ("active", "realizing"), ("paused", "paused"), ("stopped", "stopped"),
        ("completed", "closed"),
    }  # fmt: skip


def test_generate__decisions_stand_on_agendas_of_their_own_municipality(filled):
    assert not Decision.objects.exclude(agenda_item__meeting__municipality=models_f("municipality")).exists()
    assert not AgendaItem.objects.exclude(initiative__municipality=models_f("meeting__municipality")).exists()
    open_ones = MunicipalDecision.objects.filter(verdict="pending").values_list(
        "initiative__status", flat=True
    )
    assert set(open_ones) <= {"recommended", "prioritized"}


def models_f(path):
    from django.db.models import F

    return F(path)


def lost_references():
    """Return the tables and columns that refer to a row that is not there; also how many references there are."""
    with connection.cursor() as cursor:
        cursor.execute("""
            select conrelid::regclass::text, a.attname, confrelid::regclass::text
            from pg_constraint c join pg_attribute a on a.attrelid = conrelid and a.attnum = conkey[1]
            where contype = 'f' and confrelid <> 'django_session'::regclass
        """)
        references = cursor.fetchall()
        lost = []
        for table, column, target in references:
            cursor.execute(
                f"select count(*) from {table} s where {column} is not null"
                f" and not exists (select from {target} t where t.id = s.{column})"
            )
            if cursor.fetchone()[0]:
                lost.append((table, column))
    return lost, len(references)


def test_generate__every_reference_leads_somewhere(filled):
    lost, number = lost_references()
    assert number > 0
    assert lost == []


def test_generate__checks_hold_although_triggers_are_left_out(filled):
    with sql.without_triggers(), pytest.raises(IntegrityError), transaction.atomic():
        sql.run("update governance_initiative set status = 'nonsense'")


def test_generate__triggers_are_back_afterward(filled):
    initiative = Initiative.objects.filter(status="received").first() or Initiative.objects.first()
    before = initiative.pgh_event_model.objects.filter(pgh_obj_id=initiative.pk).count()
    initiative.title = "Ny tittel"
    initiative.save()
    assert initiative.pgh_event_model.objects.filter(pgh_obj_id=initiative.pk).count() == before + 1


def test_generate__same_seed_gives_the_same_rows(world):
    digests = []
    for plan in (PLAN, PLAN, Plan(initiatives=300, seed=8, day=PLAN.day)):
        with transaction.atomic():
            generate(plan)
            digests.append(sql.rows(DIGEST)[0][0])
            transaction.set_rollback(True)
        sql.run("discard temp")
    assert digests[0] == digests[1]
    assert digests[0] != digests[2]


def test_show_list__on_generated_records(filled, as_role):
    assert as_role(Role.LEADER).get("/tiltak/").status_code == 200


def test_order_generators__organization_first_and_no_order_twice():
    orders = [module.ORDER for module in modules()]
    assert modules()[0].__name__ == "bench.generators.organization"
    assert orders == sorted(set(orders))


@pytest.mark.parametrize("status", list(Status))
def test_know_way__to_every_state(status):
    steps = steps_to(status)
    assert WAYS[status][-1] == status
    assert 3 <= len(steps) <= 6
    assert steps[-1].state == status


def test_share_out_states__in_percent():
    assert sum(YOUNG.values()) == 100
    assert sum(OLD.values()) == pytest.approx(100)


def test_insert__refuses_unknown_column(db):
    with pytest.raises(ValueError, match="no_such"):
        sql.insert(Initiative, "generate_series(1, 1)", no_such="1")
