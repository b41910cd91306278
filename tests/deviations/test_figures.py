"""The figures of a unit: who sees which, that each equals its list, and that nothing points at a person."""

from __future__ import annotations

import pytest

from organization.roles import Role
from tests.deviations import stories

URL = "/avvik/oversikt/"


@pytest.fixture
def place(world):
    return world.home


def test_smoke(place, as_role):
    stories.closed(place)
    stories.report(place, code="IS-FEILSENDT")
    answer = as_role(Role.LEADER).get(URL)
    assert answer.status_code == 200
