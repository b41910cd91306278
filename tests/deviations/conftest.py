"""After every test: what is kept beside the cases says the same as the cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connection

from tests.deviations import kept

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _keep_in_step(request: pytest.FixtureRequest) -> Iterator[None]:
    if "db" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("db")
    yield
    if not connection.needs_rollback:
        assert kept.sums() == kept.counted()
        assert not kept.links_out_of_step()
