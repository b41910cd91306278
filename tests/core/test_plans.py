"""Plans that are kept for a connection: the same rows as without, whatever happens to roles, connections and tables."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.db import DatabaseError, ProgrammingError, connection, transaction
from django.db.models import BigIntegerField, CharField, DateField, IntegerField, Q, Value
from django.db.models.functions import Left
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core import plans, statements
from core.conditions import is_in_slot
from core.inbox import Inbox
from core.statements import Shelf, Slot, prepare
from governance.models import Initiative
from organization.actors import person_actor
from organization.models import RoleAssignment, Unit
from organization.roles import Role
from tests import stories
from tests.stories import perform
from tests.world import end_roles_of

pytestmark = pytest.mark.django_db


def prepared(of=connection) -> list[str]:
    """Return what is prepared on a connection, with how often by a plan for all values and by one for its own."""
    with of.cursor() as cursor:
        cursor.execute(
            "select statement, generic_plans, custom_plans from pg_prepared_statements order by prepare_time, name"
        )
        return cursor.fetchall()


@pytest.fixture(autouse=True)
def fresh():
    """Begin with nothing prepared."""
    plans._kept.clear()
    with connection.cursor() as cursor:
        cursor.execute("deallocate all")


@pytest.fixture
def own(monkeypatch):
    """Give statements a connection of their own, outside the transaction of the test."""
    other = connection.copy()
    monkeypatch.setattr(statements, "connection", other)
    other.ensure_connection()
    yield other
    other.close()


def _spoil_and_run(statement) -> None:
    with connection.cursor() as cursor, pytest.raises(ProgrammingError):
        cursor.execute("select * from nowhere")
    statement.rows()


def in_units(world, **conditions):
    roles = is_in_slot("role", Slot("roles", ArrayField(CharField())))
    day = Q(valid_from__lte=Slot("day", DateField()))
    rows = RoleAssignment.objects.filter(roles, day, person=Slot("person", BigIntegerField()), **conditions)
    return rows.order_by("pk").values_list("pk", "role", "unit__path", "valid_from")


def test_run_planned__finds_the_same_as_without_a_plan(world):
    statement, today = prepare(in_units(world)), timezone.localdate()
    for role in (Role.LEADER, Role.ARCHIVIST, Role.EMPLOYEE):
        for roles in ([str(role)], [str(role), "none"], []):
            for day in (today, today - timedelta(days=36_500)):
                given = {"roles": roles, "day": day, "person": world.home.person(role).pk}
                plain = RoleAssignment.objects.filter(
                    role__in=roles, valid_from__lte=day, person=given["person"]
                ).order_by("pk")
                found = statement.rows(**given)
                assert found == list(plain.values_list("pk", "role", "unit__path", "valid_from"))
    ((_text, generic, custom),) = prepared()
    assert generic > 10
    assert custom == 0


def test_run_planned__not_for_what_is_asked_once(world):
    for number in range(5):
        prepare(Unit.objects.filter(name=f"Enhet {number}").values_list("pk")).rows()
    assert prepared() == []


def test_run_planned__nothing_where_the_setting_says_so(world, settings):
    settings.DATABASE_KEEPS_PLANS = False
    statement = prepare(Unit.objects.values_list("pk"))
    assert statement.rows() == statement.rows() == statement.rows() != []
    assert prepared() == []


def test_run_planned__one_plan_for_all_keys_and_paths(world):
    found = []
    for unit in Unit.objects.order_by("pk"):
        rows = Unit.objects.filter(
            pk=unit.pk, path__startswith=unit.path, municipality_id=unit.municipality_id
        )
        found += prepare(rows.values_list("pk")).rows()
    assert found == list(Unit.objects.exclude(municipality=None).order_by("pk").values_list("pk"))
    assert len(prepared()) == 1


def test_run_planned__keeps_words_of_the_text_apart(world):
    """A percent sign, a quote and a dollar in a word that is not a key stay what they are."""
    for name in ("100 % %s o'b $1", "100 % %s o'b $2"):
        Unit.objects.filter(pk=world.home.unit.pk).update(name=name)
        statement = prepare(Unit.objects.filter(name=name, pk=world.home.unit.pk).values_list("name"))
        assert statement.rows() == statement.rows() == statement.rows() == [(name,)]
    assert len(prepared()) == 2


def test_run_planned__values_are_of_the_type_they_have_in_the_text(world):
    """A number is an integer, which functions and subtractions of days take; a big one is not."""
    day = timezone.localdate()
    rows = RoleAssignment.objects.annotate(
        top=Left("unit__path", 4), place=Value(7, IntegerField()), before=Value(day) - Value(1, IntegerField()),
    ).filter(pk__lt=2**40, unit__path__in=["0001", "00010001", world.home.unit.path])  # fmt: skip
    rows = rows.order_by("pk").values_list("pk", "top", "place")
    assert [prepare(rows).rows() for _time in range(3)] == [list(rows)] * 3 != [[]] * 3
    assert len(prepared()) == 1


def test_run_planned__where_it_cannot_be_prepared(own):
    """It is run as it is from then on, and takes nothing from the others."""
    good = prepare(ContentType.objects.values_list("pk"))
    odd = prepare(ContentType.objects.extra(where=["%s is not null"], params=["0001"]).values_list("pk"))
    found = good.rows()
    for _time in range(4):
        assert good.rows() == odd.rows() == found
    assert [text.count("is not null") for text, _generic, _custom in prepared(own)] == [0]
    assert prepared(own)[0][1] >= 2


def test_run_planned__one_statement_each_time(world, django_assert_num_queries):
    statement = prepare(Unit.objects.values_list("pk"))
    for _time in range(4):
        with django_assert_num_queries(1):
            statement.rows()


def test_run_planned__keeps_no_more_than_there_is_room_for(world, monkeypatch):
    monkeypatch.setattr(plans, "MOST_TEXT", 1000)
    for name in "abcdefghij" * 2:
        statement = prepare(Unit.objects.filter(name=name).values_list("pk"))
        statement.rows()
        statement.rows()
    assert 1 < len(prepared()) < 10
    assert "'j'" in prepared()[-1][0]


def test_run_planned__on_a_new_connection(own):
    statement = prepare(ContentType.objects.values_list("pk"))
    first = [statement.rows() for _time in range(3)]
    assert len(prepared(own)) == 1
    own.close()
    assert [statement.rows() for _time in range(3)] == first != []
    assert len(prepared(own)) == 1


def test_run_planned__never_by_the_plan_of_another_statement(own):
    """Names are told by the text: what a pooler lets somebody else prepare under a name is the same statement."""
    one, other = (prepare(ContentType.objects.values_list(name)) for name in ("pk", "model"))
    for statement in (one, one, other, other):
        statement.rows()
    with own.cursor() as cursor:
        cursor.execute("select name, statement from pg_prepared_statements")
        first = dict(cursor.fetchall())
    own.close()
    for statement in (other, other, one, one):
        statement.rows()
    with own.cursor() as cursor:
        cursor.execute("select name, statement from pg_prepared_statements")
        assert dict(cursor.fetchall()) == first
    assert len(first) == 2


@pytest.mark.parametrize("what", ["deallocate all", "discard all"])
def test_run_planned__where_a_pooler_has_thrown_it_away(own, what):
    statement = prepare(ContentType.objects.values_list("pk"))
    first = [statement.rows() for _time in range(3)]
    with own.cursor() as cursor:
        cursor.execute(what)
    assert [statement.rows() for _time in range(3)] == first
    assert len(prepared(own)) == 1


def test_run_planned__on_a_table_whose_columns_have_changed(own):
    """PostgreSQL refuses the plan it has: what it finds is of another type now."""
    with own.cursor() as cursor:
        cursor.execute(
            "create temporary table django_content_type as select * from public.django_content_type"
        )
        statement = prepare(ContentType.objects.values_list("pk", "model"))
        first = [statement.rows() for _time in range(3)]
        cursor.execute("alter table django_content_type alter column model type text")
        cursor.execute("alter table django_content_type alter column id type bigint")
    assert [statement.rows() for _time in range(3)] == first != []
    assert len(prepared(own)) == 1


def test_run_planned__after_a_transaction_that_failed(world):
    statement = prepare(Unit.objects.order_by("pk").values_list("pk"))
    first = [statement.rows() for _time in range(2)]
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select * from nowhere")
    assert statement.rows() == first[0]
    with pytest.raises(DatabaseError), transaction.atomic():
        _spoil_and_run(statement)
    assert [statement.rows(), statement.rows()] == first
    assert len(prepared()) == 1


def test_run_planned__raises_inside_a_transaction_where_the_plan_is_gone(world):
    """What is spoilt cannot be asked anew there; the next transaction can."""
    statement = prepare(Unit.objects.order_by("pk").values_list("pk"))
    first = [statement.rows() for _time in range(2)]
    with connection.cursor() as cursor:
        cursor.execute("deallocate all")
    with pytest.raises(DatabaseError), transaction.atomic():
        statement.rows()
    assert [statement.rows(), statement.rows()] == first


def test_count_inbox__right_after_roles_have_changed(world):
    """The count on every page is planned once for people of one kind, and follows who they are today."""
    case = stories.awaiting_endorsement(world.home)
    neighbor = stories.awaiting_endorsement(world.neighbor)
    leader, other = world.home.person(Role.SECTOR_LEADER), world.neighbor.person(Role.SECTOR_LEADER)
    for _time in range(3):
        assert [Inbox(person_actor(person)).total for person in (leader, other)] == [1, 1]
    assert any("governance_initiative" in text for text, _generic, _custom in prepared())
    end_roles_of(leader, timezone.localdate())
    assert [Inbox(person_actor(person)).total for person in (leader, other)] == [0, 1]
    perform("endorse", neighbor, by=person_actor(other), now=timezone.now())
    assert Inbox(person_actor(other)).total == 0
    assert Initiative.objects.get(pk=case.pk).status == "awaiting_endorsement"


def test_count_inbox__one_plan_for_two_people_of_one_kind(world):
    people = [world.home.person(Role.SECTOR_LEADER), world.neighbor.person(Role.SECTOR_LEADER)]
    stories.awaiting_endorsement(world.home)
    with CaptureQueriesContext(connection) as captured:
        totals = [[Inbox(person_actor(person)).total for person in people] for _time in range(3)]
    assert totals == [[1, 0]] * 3
    counts = [one["sql"] for one in captured if "UNION ALL" in one["sql"]]
    assert len(counts) == 2  # once as it is, and once to be prepared
    assert counts[1].startswith("prepare")


@pytest.mark.parametrize("role", [Role.EMPLOYEE, Role.LEADER, Role.SECRETARIAT, Role.KOMMUNEDIREKTOR])
def test_count_inbox__is_the_same_text_for_everybody_of_a_kind(world, role):
    """What is one person's own stands among the values; else each person would have a plan of 5 MB."""
    with connection.cursor() as cursor:
        here, there = (
            prepare(Inbox(place.actor(role))._all_rows()).plan.prepared(cursor)
            for place in (world.home, world.neighbor)
        )
    assert here == there


def test_keep_statements__a_shelf_says_whether_their_plans_are_kept(world):
    for keeps, number in ((False, 0), (True, 1)):
        shelf = Shelf(keeps_plans=keeps)
        for _time in range(3):
            assert shelf.get("a", lambda: Unit.objects.values_list("pk")).rows() != []
        assert len(prepared()) == number
