"""A story that is put back leaves what telling it leaves, and is told wherever that may differ."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.test.utils import override_settings

from governance.models import Initiative
from organization.models import Unit
from tests import retelling, stories
from tests import world as worlds


@pytest.mark.parametrize("_number", range(retelling.TIMES_TOLD + 1))
def test_stand__where_the_story_ends(world, _number):
    case = stories.in_portfolio(world.home)
    assert (case.status, case.project.name) == ("in_portfolio", case.title)
    assert Initiative.objects.count() == 1


@contextmanager
def _one_test():
    """Stand in a transaction of its own that is rolled back, as each test does."""
    with transaction.atomic():
        yield worlds.build().home
        transaction.set_rollback(True)


def _everything() -> dict[str, list[str]]:
    tables = connection.introspection.table_names()
    rows = {table: [] for table in tables}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'select t::text from "{table}" t order by 1')
            rows[table] = [row for (row,) in cursor.fetchall()]
    return rows


@pytest.fixture
def memory(committed, monkeypatch):
    """Begin with nothing remembered, in a database where transactions are real."""
    monkeypatch.undo()
    fresh = retelling.Memory(patches=monkeypatch)
    kept, retelling.memory = retelling.memory, fresh
    yield fresh
    retelling.memory = kept


def test_put_back__is_what_was_told(memory):
    found = []
    for _ in range(retelling.TIMES_TOLD + 1):
        with _one_test() as place:
            case = stories.in_portfolio(place)
            found.append((case.pk, case.status, len(connection.run_on_commit), _everything()))
    assert found[-1] == found[-2]
    assert found[-2] != found[-3], "the second time is told anew"


def test_put_back__in_the_order_told(memory):
    """Two in a row are one longer story; another order is another."""
    titles = []
    for order in ("ab", "ab", "ab", "ba"):
        with _one_test() as place:
            made = [stories.draft(place, title=title) for title in order]
            titles.append([case.title for case in made])
            assert [Initiative.objects.get(pk=case.pk).title for case in made] == list(order)
    assert titles == [["a", "b"], ["a", "b"], ["a", "b"], ["b", "a"]]


def _told_or_put_back(place) -> int:
    """Return the highest id before the story less the id it gave: below zero where it was told anew."""
    with connection.cursor() as cursor:
        cursor.execute("select last_value from governance_initiative_id_seq")
        last = cursor.fetchone()[0]
    return last - stories.draft(place).pk


def test_tell_anew__where_something_else_was_written_first(memory):
    for _ in range(retelling.TIMES_TOLD + 1):
        with _one_test() as place:
            outcome = _told_or_put_back(place)
    assert outcome >= 0
    with _one_test() as place:
        Unit.objects.filter(pk=place.unit.pk).update(name="Ny")
        assert _told_or_put_back(place) < 0


def test_tell_anew__with_other_settings_or_code(memory, monkeypatch):
    for _ in range(retelling.TIMES_TOLD):
        with _one_test() as place:
            stories.draft(place)
    with _one_test() as place, override_settings(DEBUG=True):
        assert _told_or_put_back(place) < 0
    with _one_test() as place:
        monkeypatch.setenv("PROVE", "1")
        assert _told_or_put_back(place) < 0
        monkeypatch.undo()
    with _one_test() as place:
        assert _told_or_put_back(place) >= 0


def test_tell_anew__after_what_was_told_is_rolled_back(memory):
    for _ in range(retelling.TIMES_TOLD + 1):
        with _one_test() as place:
            with transaction.atomic():
                stories.draft(place, title="Rulles tilbake")
                transaction.set_rollback(True)
            stories.draft(place, title="Står")
            assert [case.title for case in Initiative.objects.all()] == ["Står"]


def test_put_back__leaves_what_it_took_as_telling_does(memory):
    left = []
    for _ in range(retelling.TIMES_TOLD + 1):
        with _one_test() as place:
            at = stories.meeting(place)
            stories.on_agenda(place, at)
            stories.in_session(at, place)
            left.append(at.status)
    assert len(set(left)) == 1


def test_put_back__also_what_was_removed(memory):
    @retelling.retold
    def remove_goals(case):
        case.goals.clear()
        return case

    for _ in range(retelling.TIMES_TOLD + 1):
        with _one_test() as place:
            case = remove_goals(stories.draft(place))
            assert not case.goals.exists()
    assert any("delete from" in kept.statement for kept in memory.kept.values())
