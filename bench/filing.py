"""Measure how long it takes to file a report, and the raw inserts that filing makes, turn by turn.

``python -m bench.filing`` waits for lines on its input; for each it files a number of reports, runs the same
writes bare, and answers one line of JSON.  Both have their foreign keys checked, as at a commit, and are rolled
back, so that every round meets the same database.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING, Any, Self

from bench.figures import paired_ratio

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

TIMES = 10
MOST_OF_RAW = 3
_WRITES = ("INSERT", "UPDATE", "DELETE")


def file_one() -> int:
    """File one report as an employee of the first municipality does, with answers and a type, and return its key."""
    from django.utils import timezone

    from bench.probe import Visitor
    from deviations.models import DeviationType
    from deviations.operations import ReportInput, report
    from organization.models import Unit

    actor, _client = _once("visitor", Visitor).as_role("employee")
    unit = _once("unit", lambda: Unit.objects.get(pk=actor.grants[0].unit_id))
    kind = _once(
        "type", lambda: DeviationType.objects.filter(municipality_id=unit.municipality_id).order_by("pk")[0]
    )
    given = ReportInput(
        unit=unit, type=kind, description="En ansatt skled på vått gulv i gangen og slo kneet.", reported_severity=2,
        answers={"staff_injured": "no", "violence": "no"}, submission_key=uuid.uuid4(),
    )  # fmt: skip
    return int(report(given, by=actor, now=timezone.now())[0].pk)


_known: dict[str, Any] = {}


def _once(name: str, make: Callable[[], Any]) -> Any:
    if name not in _known:
        _known[name] = make()
    return _known[name]


def _undone(act: Callable[[], object]) -> float:
    """Return how many milliseconds ``act`` takes in a transaction that is rolled back when its keys are checked."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        begun = time.perf_counter()
        act()
        cursor.cursor.execute("set constraints all immediate")
        took = (time.perf_counter() - begun) * 1000
        transaction.set_rollback(True)
    return took


def statements_of_one() -> tuple[int, list[str]]:
    """Return the key of a report that was filed, and what that sent to the database, as PostgreSQL got it."""
    from django.db import connection, transaction
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured, transaction.atomic():
        key = file_one()
        transaction.set_rollback(True)
    return key, [query["sql"] for query in captured.captured_queries]


def bare_writes(key: int, sent: Iterable[str]) -> Callable[[], None]:
    """Return what makes the same writes by psycopg2: of a report anew, since each insert gets a key of its own."""
    from django.db import connection, transaction

    first, *others = [one for one in sent if _is_write(one)]
    parted = [re.split(rf"\b{key}\b", one) for one in others]

    def write() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.cursor.execute(first)
            new, *_computed = cursor.cursor.fetchone()
            for parts in parted:
                cursor.cursor.execute(str(new).join(parts))
                if not cursor.cursor.rowcount:
                    raise RuntimeError("A bare write touched nothing, and is not what filing does")

    return write


def _is_write(statement: str) -> bool:
    return any(f"{word} " in statement.upper().split("SELECT SET_CONFIG", 1)[-1][:4000] for word in _WRITES)


def main() -> None:
    import django

    django.setup()
    for _time in range(3):  # the first ones fill caches, and let plans be kept
        key, sent = statements_of_one()
    bare = bare_writes(key, sent)
    writes = [one for one in sent if _is_write(one)]

    for _line in sys.stdin:
        app, floor = [], []
        for _time in range(TIMES):
            app.append(_undone(file_one))
            floor.append(_undone(bare))
        told = {"app": app, "floor": floor, "statements": len(sent), "writes": len(writes)}
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


@dataclass
class Filing:
    """A process that files on one database, and what it has told."""

    env: Mapping[str, str]
    rounds: list[dict[str, Any]] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "bench.filing"], env=self.env, text=True, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )  # fmt: skip
        return self

    def __exit__(self, *_reason: object) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(timeout=60)

    def round(self) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        self.rounds.append(json.loads(self._process.stdout.readline()))


def lines(filed: Mapping[int, list[dict[str, Any]]]) -> Iterator[str]:
    """Yield what the report says of filing."""
    if not filed:
        return
    yield from ["", "## Filing", ""]
    yield "| at | statements | writes | p50 | the writes alone | ratio |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for size, rounds in filed.items():
        app, floor = ([median(one[key]) for one in rounds] for key in ("app", "floor"))
        yield (
            f"| {size} | {rounds[-1]['statements']} | {rounds[-1]['writes']} | {median(app):.1f} ms | {median(floor):.1f} ms"
            f" | {paired_ratio(app, floor):.1f} |"
        )
    yield ""
    yield (
        "One report with type and two answers, by the operation itself; the writes alone are the same statements by psycopg2, in a"
        " transaction (a savepoint here) as well. Both have their foreign keys checked, as at a commit, and are rolled back."
        f" At most {MOST_OF_RAW} times is wanted."
    )


if __name__ == "__main__":
    main()
