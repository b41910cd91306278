"""Fixtures that every test may use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.world import World


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Build the world once, after the database stands."""
    from tests import world

    with django_db_blocker.unblock():
        world.build()


@pytest.fixture
def world(db) -> World:
    from tests import world

    return world.build()


@pytest.fixture
def as_role(client, world):
    """Return a function that logs a role of a place in: ``as_role(Role.LEADER)``."""

    def log_in(role, place=None):
        client.force_login((place or world.home).person(role))
        return client

    return log_in
