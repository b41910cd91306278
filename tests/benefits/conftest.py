"""After every test: the sums of the scorecard say the same as the benefits, counted one by one.

On the way sums are made of what has changed so far, again and again, so that a change which marks nothing is found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection

from benefits.models import ScoreMark
from benefits.operations.sums import count_marked
from tests.benefits import recount

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

EVERY = 8


class Meanwhile:
    """Count what is marked, before every some transactions of the test."""

    def __init__(self) -> None:
        self.begun, self.is_counting = 0, False

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        # Not while the test itself counts statements.
        if not (self.is_counting or connection.force_debug_cursor) and str(sql).startswith("SAVEPOINT"):
            self.begun += 1
            if self.begun % EVERY == 0:
                self._count()
        return execute(sql, params, many, context)

    def _count(self) -> None:
        self.is_counting = True
        if ScoreMark.objects.exists():
            count_marked()
        self.is_counting = False


@pytest.fixture(autouse=True)
def _keep_in_step(request: pytest.FixtureRequest) -> Iterator[None]:
    if "db" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("db")
    with connection.execute_wrapper(Meanwhile()):
        yield
    if not connection.needs_rollback:
        assert not recount.differences()
        count_marked()
        assert not recount.differences()
