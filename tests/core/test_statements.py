"""Statements that are built once: the same rows as the queryset, and never older than what they depend on."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import OperationalError, connection
from django.db.models import BigIntegerField, DateField
from django.db.models.functions import JSONObject
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core import statements
from core.models import Notice
from core.statements import Shelf, Slot, insert_new, prepare, prepare_records
from organization.models import RoleAssignment, Unit
from organization.roles import Role
from tests.world import end_roles_of

pytestmark = pytest.mark.django_db


def test_prepare__finds_what_the_queryset_finds(world):
    rows = Unit.objects.filter(municipality=world.home.municipality).values_list("path", "name", "pk")
    assert prepare(rows).rows() == list(rows) != []


def test_prepare__text_with_percent_signs_without_parameters(world):
    rows = Unit.objects.extra(where=["name LIKE '%%heim%%'"]).values_list("pk")
    assert prepare(rows).rows() == list(rows) != []


def test_prepare__converts_what_fields_convert(world):
    rows = Unit.objects.annotate(told=JSONObject(name="name")).values_list("pk", "told", "name")
    found = prepare(rows).rows()
    assert found == list(rows)
    assert all(told == {"name": name} for _pk, told, name in found)


def test_prepare__nothing_is_asked_where_nothing_can_be_found(world, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert prepare(Unit.objects.filter(pk__in=[]).values_list("pk")).rows() == []


def test_run_statement__with_another_value_in_its_slot(world):
    rows = RoleAssignment.objects.filter(
        person=Slot("person", BigIntegerField()), valid_from__lte=Slot("day", DateField())
    )
    statement = prepare(rows.values_list("role"))
    today, long_ago = timezone.localdate(), timezone.localdate() - timedelta(days=36_500)
    for role in (Role.LEADER, Role.ARCHIVIST):
        person = world.home.person(role).pk
        assert statement.rows(person=person, day=today) == [(role,)]
        assert statement.rows(person=person, day=long_ago) == []


def test_run_statement__refuses_to_run_without_its_values(world):
    with pytest.raises(KeyError, match="person"):
        prepare(
            RoleAssignment.objects.filter(person=Slot("person", BigIntegerField())).values_list("pk")
        ).rows()


@pytest.fixture
def own(monkeypatch):
    """Give statements a connection of their own."""
    other = connection.copy()
    monkeypatch.setattr(statements, "connection", other)
    other.ensure_connection()
    yield other
    other.close()


@pytest.fixture
def lost(own):
    """Let the other end of that connection be gone."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_terminate_backend(%s)", [own.connection.info.backend_pid])
    return own


def test_run_first_statement__in_place_of_the_health_check(own, monkeypatch):
    checks = []
    monkeypatch.setattr(own, "is_usable", lambda: not checks.append("check"))
    own.health_check_enabled, own.health_check_done = True, False
    statement = prepare(ContentType.objects.values_list("pk"))
    assert statement.first_rows() == statement.rows() != []
    assert checks == []
    own.health_check_done = False
    statement.rows()
    assert checks == ["check"]


def test_run_first_statement__on_a_new_connection_where_the_old_is_gone(lost):
    statement = prepare(ContentType.objects.values_list("pk"))
    assert statement.first_rows() == statement.rows() != []


def test_run_statement__fails_where_the_connection_is_gone(lost):
    with pytest.raises(OperationalError):
        prepare(ContentType.objects.values_list("pk")).rows()


def test_run_first_statement__never_outside_the_transaction_it_stands_in(lost):
    statement = prepare(ContentType.objects.values_list("pk"))
    lost.in_atomic_block = True
    with pytest.raises(OperationalError):
        statement.first_rows()
    lost.in_atomic_block = False


def test_keep_statement__built_once_for_each_key(world):
    shelf, built, pk = Shelf(), count(), world.home.unit.pk

    def build():
        next(built)
        return Unit.objects.filter(pk=pk).values_list("name")

    first = shelf.get("a", build)
    assert shelf.get("a", build) is first
    assert shelf.get("b", build) == first
    assert next(built) == 2


def test_keep_statement__finds_rows_that_have_changed_since(world):
    shelf, unit = Shelf(), world.home.unit

    def names():
        return shelf.get("a", lambda: Unit.objects.filter(pk=unit.pk).values_list("name")).rows()

    assert names() == [(unit.name,)]
    Unit.objects.filter(pk=unit.pk).update(name="Et annet navn")
    assert names() == [("Et annet navn",)]


def test_keep_statement__not_what_was_read_to_build_it(world):
    shelf, today = Shelf(), timezone.localdate()
    person = world.home.person(Role.LEADER)

    def in_units_of_person():
        units = list(
            RoleAssignment.objects.in_force(today).filter(person=person).values_list("unit_id", flat=True)
        )
        return Unit.objects.filter(pk__in=units).values_list("pk")

    assert shelf.get("a", in_units_of_person).rows() == [(world.home.unit.pk,)]
    end_roles_of(person, today)
    assert shelf.get("a", in_units_of_person).rows() == []


def test_keep_statement__not_more_than_there_is_room_for(world, monkeypatch):
    monkeypatch.setattr(statements, "MOST_KEPT", 2)
    shelf = Shelf()
    for key in range(5):
        shelf.get(key, lambda: Unit.objects.values_list("pk"))
        assert len(shelf._kept) <= 2


def test_prepare_records__with_what_they_belong_to_as_select_related(world):
    rows = RoleAssignment.objects.filter(unit_id=Slot("unit", BigIntegerField())).order_by("pk")
    found = prepare_records(rows, "person", "unit", "stand_in_for").load(unit=world.home.unit.pk)
    with CaptureQueriesContext(connection) as asked:
        told = [(row, row.person.name, row.unit.name, row.stand_in_for) for row in found]
    assert not asked.captured_queries
    whole = RoleAssignment.objects.filter(unit=world.home.unit).order_by("pk")
    assert told == [(row, row.person.name, row.unit.name, row.stand_in_for) for row in whole] != []


def test_insert_new__returns_only_what_was_not_there(world):
    kind = ContentType.objects.get_for_model(Unit)

    def notice(key):
        return Notice(
            key=key, recipient=world.home.person(Role.LEADER), event="told", title="Hei", content_type=kind, object_id=1,
            created_at=timezone.now(),
        )  # fmt: skip

    assert [row.key for row in insert_new([notice("a"), notice("b")], by="key")] == ["a", "b"]
    assert [row.key for row in insert_new([notice("b"), notice("c")], by="key")] == ["c"]
    assert insert_new([], by="key") == []
    assert Notice.objects.filter(key__in="abc").count() == 3
