"""The embedded PostgreSQL, with real servers."""

from __future__ import annotations

import os
import signal

import psycopg2
import pytest

from config.env import Env
from devstack.pg import FAST_AND_LOSSY, Postgres, WrongVersion, programs


@pytest.fixture
def make(tmp_path):
    """Return a function that makes a server; what it makes is stopped and removed."""
    made: list[Postgres] = []

    def make_one(name="pg", **options):
        server = Postgres(tmp_path / name, settings=FAST_AND_LOSSY, **options)
        made.append(server)
        return server

    yield make_one
    for server in made:
        server.stop()
    for server in made:
        server.destroy()


def ask(server, sql):
    connection = psycopg2.connect(server.dsn)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def test_data_survives_a_restart(make):
    server = make().start()
    ask(server, "create table t as select 'blåbær' as word")
    server.stop()
    assert server.process.poll() is not None

    again = make().start()

    assert ask(again, "select word from t") == [("blåbær",)]


def test_database_sorts_and_folds_as_in_production(make):
    server = make().start()

    assert ask(server, "select datlocprovider, datlocale from pg_database where datname = 'postgres'") == [
        ("b", "C.UTF-8")
    ]
    assert ask(server, "select lower('ÆØÅ'), 'ÆRE' ilike 'ære'") == [("æøå", True)]


def test_server_has_no_port_and_a_private_socket(make):
    server = make().start()

    assert ask(server, "show listen_addresses") == [("",)]
    assert server.socket_directory.stat().st_mode & 0o777 == 0o700


def test_settings_reach_the_server(make):
    assert ask(make().start(), "show fsync") == [("off",)]


def test_address_is_understood_by_the_settings(make):
    server = make()
    env = Env({"DATABASE_URL": server.url})

    found = env.database()

    env.finish()
    assert (found["HOST"], found["USER"], found["NAME"]) == (str(server.socket_directory), "app", "postgres")


def test_two_servers_do_not_disturb_each_other(make):
    first, second = make("first").start(), make("second").start()
    ask(first, "create table t (n int)")

    assert ask(second, "select count(*) from pg_tables where tablename = 't'") == [(0,)]


def test_server_waits_for_the_one_before(make):
    """After kill -9 of ./run its server is still shutting down when the next one starts."""
    first = make().start()
    ask(first, "create table t as select 1 as n")
    os.kill(first.process.pid, signal.SIGINT)

    assert ask(make().start(), "select n from t") == [(1,)]


def test_data_of_another_version_is_refused(make):
    server = make().start()
    server.stop()
    (server.data / "PG_VERSION").write_text("12\n")

    with pytest.raises(WrongVersion, match="written by PostgreSQL 12"):
        make().start()


def test_half_made_data_is_made_anew(make):
    server = make()
    server.home.mkdir()
    server.start()
    server.stop()
    server.data.rename(server.place / "data.new")
    (server.place / "data.new" / "global" / "pg_control").unlink()

    assert ask(make().start(), "select 1") == [(1,)]


def test_server_begins_with_the_files_of_another(make):
    first = make("first").start()
    ask(first, "create table t as select 'blåbær' as word")
    first.stop()
    second = make("second")

    second.copy_data(first.data)

    assert ask(second.start(), "select word from t") == [("blåbær",)]
    assert first.start().process.poll() is None


def test_failure_is_told_in_the_servers_own_words(make):
    server = make()
    server.settings["shared_buffers"] = "nonsense"

    with pytest.raises(RuntimeError, match="shared_buffers"):
        server.start()
    assert server.process.poll() is not None


def test_nothing_is_left_after_destroy(make):
    server = make().start()
    place = server.place
    server.stop()

    server.destroy()

    assert not server.home.exists()
    assert not (place / "data").exists()


def test_programs_are_those_of_the_variable(monkeypatch, tmp_path):
    monkeypatch.setenv("PG_BIN", str(tmp_path))

    assert programs() == tmp_path.resolve()
