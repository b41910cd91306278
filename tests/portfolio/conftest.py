"""Fixtures of the portfolio's tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connection, connections

from tests import world as worlds
from tests.conftest import admin_sql, copy_database

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.world import World


@pytest.fixture
def together(django_db_setup, django_db_blocker) -> Iterator[World]:
    """Give the world in a database of its own, where each connection sees what the others commit."""
    with django_db_blocker.unblock():
        given = connection.settings_dict
        kept = given["NAME"]
        own = f"{kept}_together"
        connection.close()
        copy_database(kept, own)
        given["NAME"] = own
        try:
            yield worlds.build()
        finally:
            connections.close_all()
            given["NAME"] = kept
            admin_sql(f'drop database "{own}" with (force)')


def apart(job):
    """Return the job, done on a connection of its own."""

    def run(*args):
        try:
            return job(*args)
        finally:
            connections.close_all()

    return run
