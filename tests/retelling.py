"""Tell a long story once, and afterwards put its rows back: telling costs some hundred statements, putting back a few.

A story is a function of ``tests/*/stories.py`` that brings a record to a state through the operations of the house.  When
the same story is asked for the second time in a process, the rows that its transaction holds are kept; from the third time
on they are put back as they were.  That is the same as telling, as long as the transaction has held nothing but stories
kept in the same order: else, and wherever a test has changed settings or code, the story is told as it stands.

What is put back has the days and ids of the day it was told; ids are never given anew, since sequences only go forward.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache, wraps
from itertools import count
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from django.conf import UserSettingsHolder, settings
from django.db import connection, models
from django.utils import timezone, translation

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator

    import pytest

P, R = ParamSpec("P"), TypeVar("R")
TIMES_TOLD = 2  # a story that is wanted once only is not worth keeping
WRITTEN = """
    select relname, n_tup_del > 0 from pg_stat_xact_user_tables
    where n_tup_ins + n_tup_upd + n_tup_del > 0 and relname <> 'django_session' order by relname
"""
STATE = """
    select pg_current_xact_id_if_assigned()::text, coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0),
        coalesce(current_setting('retold.mark', true), '')
    from pg_stat_xact_user_tables where relname <> 'django_session'
"""
COLUMNS = """
    select table_name, array_agg(column_name::text order by ordinal_position) from information_schema.columns
    where table_schema = 'public' and is_generated = 'NEVER' group by table_name
"""
KEYS = """
    select c.relname, a.attname from pg_index i
    join pg_class c on c.oid = i.indrelid join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
    where i.indisprimary and i.indnatts = 1 and c.relnamespace = 'public'::regnamespace
"""

Chain = tuple[Any, ...]
"""The database, the day, and the stories told in this order."""


class Unkeepable(Exception):
    """What a story takes or gives cannot be told from another, or made again."""


@dataclass
class Kept:
    """What a story left: its rows, what it gave, what waits for the commit, and how it left the records it took."""

    statement: str
    given: Any
    waiting: list[tuple[Callable[[], Any], bool]]
    left: list[dict[str, Any]]


@dataclass
class Memory:
    """What this process has told so far, and where the transaction stands."""

    patches: pytest.MonkeyPatch | None = None  # of the test that runs
    told: Counter[Chain] = field(default_factory=Counter)
    kept: dict[Chain, Kept] = field(default_factory=dict)
    chain: Chain = ()
    state: tuple[str | None, int, str] = (None, 0, "")
    marks: Iterator[int] = field(default_factory=count)

    def forget(self) -> None:
        """Begin anew, where somebody may have moved the sequences that keys come from."""
        self.told.clear()
        self.kept.clear()


memory = Memory()


def retold(story: Callable[P, R]) -> Callable[P, R]:
    """Let a story be put back instead of told, where that is the same."""

    @wraps(story)
    def tell(*args: P.args, **kwargs: P.kwargs) -> R:
        chain = _chain_of(story, args, kwargs) if _may_put_back() else None
        if chain is None:
            return story(*args, **kwargs)
        if kept := memory.kept.get(chain):
            return _put_back(chain, kept, _records((*args, *kwargs.values())))
        waiting = len(connection.run_on_commit)
        given = story(*args, **kwargs)
        memory.told[chain] += 1
        if memory.told[chain] >= TIMES_TOLD:
            _keep(chain, given, waiting, _records((*args, *kwargs.values())))
        _stand_at(chain)
        return given

    return tell


def _may_put_back() -> bool:
    return (
        memory.patches is not None
        and not (memory.patches._setattr or memory.patches._setitem)
        and connection.in_atomic_block
        and not connection.needs_rollback
        and not connection.force_debug_cursor  # somebody counts statements
        and not isinstance(settings._wrapped, UserSettingsHolder)
        and _is_trusted(connection.settings_dict["NAME"])
    )


@cache
def _is_trusted(_database: str) -> bool:
    """Tell whether this user may put rows back without their triggers."""
    return bool(_rows("select rolsuper from pg_roles where rolname = current_user")[0][0])


def _chain_of(story: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Chain | None:
    """Return what has been told in this transaction, this story last; None where more has happened than stories."""
    state = _state()
    has_written = state[0] is not None
    if has_written and state != memory.state:
        return None
    try:
        asked = _named((args, kwargs))
    except Unkeepable:
        return None
    before = memory.chain if has_written else (connection.settings_dict["NAME"], timezone.localdate())
    return (*before, (story.__module__, story.__qualname__, asked, translation.get_language()))


def _named(value: Any) -> Hashable:
    """Return a name for what a story takes, the same for the same."""
    match value:
        case models.Model():
            fields = [f.attname for f in value._meta.concrete_fields if f.attname in value.__dict__]
            return (value._meta.label, *(repr(value.__dict__[name]) for name in fields))
        case dict():
            return tuple((key, _named(value[key])) for key in sorted(value))
        case list() | tuple():
            return (type(value), *(_named(one) for one in value))
        case None | bool() | int() | str() | Decimal() | date() | float():
            return (type(value), value)
        case _ if type(value).__module__ == "tests.world":
            return repr(value)
    raise Unkeepable(type(value))


def _remembered(value: Any) -> Any:
    """Return how to make again what a story gave."""
    match value:
        case models.Model():
            return lambda: type(value)._base_manager.get(pk=value.pk)
        case list() | tuple():
            made = [_remembered(one) for one in value]
            return lambda: type(value)(make() for make in made)
        case None | bool() | int() | str():
            return lambda: value
    raise Unkeepable(type(value))


def _records(taken: tuple[Any, ...]) -> list[models.Model]:
    return [one for one in taken if isinstance(one, models.Model)]


def _keep(chain: Chain, given: Any, waiting: int, taken: list[models.Model]) -> None:
    try:
        remembered = _remembered(given)
    except Unkeepable:
        return
    added = [(call, robust) for _, call, robust in connection.run_on_commit[waiting:]]
    left = [
        {f.attname: one.__dict__[f.attname] for f in one._meta.concrete_fields if f.attname in one.__dict__} for one in taken
    ]  # fmt: skip
    memory.kept[chain] = Kept(";".join(_statements()), remembered, added, left)


def _statements() -> Iterator[str]:
    """Yield what puts back every row that this transaction has written, whole tables where it has removed some."""
    first = _rows("select pg_current_xact_id()::text")[0][0]
    columns, keys = _shape(connection.settings_dict["NAME"])
    yield "set local session_replication_role = replica"
    with connection.cursor() as cursor:
        for table, is_whole in _rows(WRITTEN):
            where = "" if is_whole else f"where t.xmin::text::bigint >= {first}"
            rows = _rows(f"select coalesce(json_agg(t), '[]')::text from \"{table}\" t {where}")[0][0]
            if is_whole:
                yield f'delete from "{table}"'
            if json.loads(rows):
                names = ", ".join(f'"{name}"' for name in columns[table])
                news = ", ".join(f'"{name}" = excluded."{name}"' for name in columns[table])
                text = cursor.mogrify("%s", [rows]).decode()
                yield (
                    f'insert into "{table}" ({names}) overriding system value '
                    f'select {names} from json_populate_recordset(null::"{table}", {text}) '
                    f'on conflict ("{keys[table]}") do update set {news}'
                )
    yield "set local session_replication_role = origin"


@cache
def _shape(_database: str) -> tuple[dict[str, list[str]], dict[str, str]]:
    return dict(_rows(COLUMNS)), dict(_rows(KEYS))


def _put_back(chain: Chain, kept: Kept, taken: list[models.Model]) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(kept.statement)
    for call, robust in kept.waiting:
        connection.run_on_commit.append((set(connection.savepoint_ids), call, robust))
    for one, left in zip(taken, kept.left, strict=True):
        for name, value in left.items():
            setattr(one, name, value)
    _stand_at(chain)
    return kept.given()


def _stand_at(chain: Chain) -> None:
    """Remember where the transaction stands; the mark goes when what was told is rolled back to before it."""
    _rows(f"select set_config('retold.mark', '{next(memory.marks)}', true)")
    memory.chain, memory.state = chain, _state()


def _state() -> tuple[str | None, int, str]:
    """Return which transaction this is, if it has written, a number that grows with each row it writes, and its mark."""
    xid, written, mark = _rows(STATE)[0]
    return xid, int(written), mark


def _rows(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()
