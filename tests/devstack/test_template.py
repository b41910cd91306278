"""The migrated database that test runs begin with."""

from __future__ import annotations

import psycopg2
import pytest

from devstack import template
from devstack.pg import FAST_AND_LOSSY, Postgres
from devstack.process import StepFailed
from devstack.template import fill, imports_of, key


@pytest.fixture
def clone(tmp_path):
    """Return a project in small: a migration, what it imports, and what it does not."""
    files = {
        "shop/migrations/0001_initial.py": "import shop.rules\nfrom shop.sql import text\n",
        "shop/rules.py": "first",
        "shop/sql/__init__.py": "",
        "shop/sql/function.sql": "select 1",
        "shop/views.py": "first",
        "requirements/lint.txt": "django==1",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


@pytest.mark.parametrize(
    "changed",
    ["shop/migrations/0001_initial.py", "shop/rules.py", "shop/sql/function.sql", "requirements/lint.txt"],
)
def test_database_is_made_anew__what_it_is_made_from_changed(clone, changed):
    before = key(clone)

    (clone / changed).write_text("import shop.rules\n# second")

    assert key(clone) != before


def test_database_is_kept__nothing_of_it_changed(clone):
    before = key(clone)

    (clone / "shop" / "views.py").write_text("second")

    assert key(clone) == before


def test_imports_are_found(clone):
    found = imports_of(clone / "shop" / "migrations" / "0001_initial.py")

    assert {"shop/rules.py", "shop/sql/__init__.py"} <= set(found)


@pytest.fixture
def kept(tmp_path, monkeypatch):
    monkeypatch.setattr(template, "STAMPS", tmp_path / "stamps")
    monkeypatch.setattr(template, "KEPT", tmp_path / "stamps" / "test-database")
    return template.KEPT


def words_of(server):
    """Make a database, as a test run does, and read what stands in it."""
    connection = psycopg2.connect(server.dsn)
    connection.autocommit = True
    connection.cursor().execute("create database test_one")
    connection.close()
    connection = psycopg2.connect(server.dsn.replace("dbname=postgres", "dbname=test_one"))
    cursor = connection.cursor()
    cursor.execute("select word from migrated")
    found = cursor.fetchall()
    connection.close()
    return found


def test_every_database_of_a_run_is_migrated(tmp_path, monkeypatch, kept):
    migrated = []

    def migrate(server):
        connection = psycopg2.connect(server.dsn.replace("dbname=postgres", f"dbname={template.NAME}"))
        connection.autocommit = True
        connection.cursor().execute("create table migrated as select 'blåbær' as word")
        connection.close()
        migrated.append(server)

    monkeypatch.setattr(template, "_migrate", migrate)
    for name in ("first", "second"):
        server = Postgres(tmp_path / name, settings=FAST_AND_LOSSY)
        assert fill(server)
        try:
            assert words_of(server.start()) == [("blåbær",)]
        finally:
            server.stop()
            server.destroy()

    assert len(migrated) == 1
    assert len(list(kept.iterdir())) == 1


def test_run_begins_empty__migrations_fail(tmp_path, monkeypatch, kept, capsys):
    log = tmp_path / "log"
    log.write_text("relation does not exist")

    def migrate(_server):
        raise StepFailed("Building the test database", log)

    monkeypatch.setattr(template, "_migrate", migrate)
    server = Postgres(tmp_path / "pg", settings=FAST_AND_LOSSY)

    assert not fill(server)
    assert not server.data.exists()
    assert not kept.exists()
    assert "relation does not exist" in capsys.readouterr().err
