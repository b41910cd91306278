"""Fixtures that every test may use."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import psycopg2
import pytest
from hypothesis import settings as hypothesis_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.world import World

# How long one example takes says how busy the machine is, not whether the code is right.
hypothesis_settings.register_profile("house", deadline=None)
hypothesis_settings.load_profile("house")

EMPTY = "_empty"  # the suffix of a copy of the migrated database, from before anything was put in it


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Build the world once, after the database stands; keep an empty copy for those who fill it otherwise."""
    from organization.models import Unit
    from tests import world

    with django_db_blocker.unblock():
        if not Unit.objects.exists():
            _copy_empty()
        world.build()
    yield
    with django_db_blocker.unblock():
        _let_go()


@pytest.fixture(autouse=True)
def _kinds_of_records_are_known(request):
    """Look up every kind of record, as a process does once, so that no count of queries depends on which test came before."""
    if request.node.get_closest_marker("django_db") or {"db", "transactional_db"} & set(request.fixturenames):
        from django.apps import apps
        from django.contrib.contenttypes.models import ContentType

        request.getfixturevalue("_django_db_helper")
        ContentType.objects.get_for_models(*apps.get_models())


@pytest.fixture(autouse=True)
def _stories_are_retold(monkeypatch):
    """Let long stories be put back instead of told, unless the test has its own settings or code."""
    from tests.retelling import memory

    memory.patches = monkeypatch
    yield
    memory.patches = None


def _let_go() -> None:
    """End connections that a killed process or a thread left, so that the database can be dropped."""
    from django.db import connection

    name = connection.settings_dict["NAME"]
    connection.close()
    admin_sql(_END_OTHERS.format(name), _END_OTHERS.format(f"{name}{EMPTY}"))


def _copy_empty() -> None:
    from django.db import connection

    name = connection.settings_dict["NAME"]
    connection.close()
    copy_database(name, f"{name}{EMPTY}")


@pytest.fixture
def committed(django_db_setup, django_db_blocker):
    """A copy of the database of the tests, where connections commit for real."""
    from django.db import connection

    given, copy = connection.settings_dict, f"two_{os.getpid()}"
    name = given["NAME"]
    with django_db_blocker.unblock():
        connection.close()
        copy_database(name, copy)
        given["NAME"] = copy
        yield
        connection.close()
        given["NAME"] = name
        admin_sql(f'drop database if exists "{copy}" with (force)')


# Waits for each to end: a connection on its way out would still be in the way.
_END_OTHERS = "select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = '{}'"


def copy_database(name: str, to: str) -> None:
    """Make a database as another one stands; connections to either are ended, since no copy is made beside them."""
    admin_sql(
        f'drop database if exists "{to}" with (force)', _END_OTHERS.format(name),
        f'create database "{to}" template "{name}"',
    )  # fmt: skip


def admin_sql(*statements: str) -> None:
    """Run statements outside any transaction on the server of the tests."""
    from django.conf import settings

    given = settings.DATABASES["default"]
    link = psycopg2.connect(
        host=given["HOST"] or None, port=given["PORT"] or None, user=given["USER"] or None,
        password=given["PASSWORD"] or None, dbname="postgres",
    )  # fmt: skip
    link.autocommit = True
    try:
        for statement in statements:
            link.cursor().execute(statement)
    finally:
        link.close()


def url_of(database: str) -> str:
    """Return the address of another database on the server of the tests."""
    from django.conf import settings

    given = settings.DATABASES["default"]
    if given["HOST"].startswith("/"):
        return f"postgres:///{database}?host={given['HOST']}&user={given['USER']}"
    port = f":{given['PORT']}" if given["PORT"] else ""
    return f"postgres://{given['USER']}:{given['PASSWORD']}@{given['HOST']}{port}/{database}"


@pytest.fixture
def world(db) -> World:
    from tests import world

    return world.build()


@pytest.fixture
def together(django_db_setup, django_db_blocker) -> Iterator[World]:
    """Give the world in a database of its own, where each connection sees what the others commit."""
    from django.db import connection, connections

    from tests import world

    with django_db_blocker.unblock():
        given = connection.settings_dict
        kept = given["NAME"]
        own = f"{kept}_together"
        connection.close()
        copy_database(kept, own)
        given["NAME"] = own
        try:
            yield world.build()
        finally:
            connections.close_all()
            given["NAME"] = kept
            admin_sql(f'drop database "{own}" with (force)')


@pytest.fixture
def as_role(client, world):
    """Return a function that logs a role of a place in: ``as_role(Role.LEADER)``."""

    def log_in(role, place=None):
        client.force_login((place or world.home).person(role))
        return client

    return log_in
