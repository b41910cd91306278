"""Gives a test run servers of its own, and says at the end what was not tested.

Every run has its own PostgreSQL in its own folder, so that two runs in one clone do not
disturb each other.  With xdist one server, started by the controller, serves all workers.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from devstack import template
from devstack.browser import HOW_TO_GET_ONE, find_chromium
from devstack.checks import FAILED_CHECKS
from devstack.locks import take
from devstack.pg import FAST_AND_LOSSY, Postgres
from devstack.valkey import ExternalBroker, Valkey

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

FOLDERS = "stafett-test-"
EXTERNAL_BROKER = "STAFETT_TEST_BROKER"
NO_BROWSER = "there is no Chromium"
NOT_LONG = "long: only with ./test --long"

_failed_checks = pytest.StashKey[dict[str, str]]()


class Run:
    """The folder and the database server of one test run."""

    def __init__(self) -> None:
        sweep()
        self.folder = Path(tempfile.mkdtemp(prefix=FOLDERS))
        self._lock = take(self.folder / "lock")
        self._postgres: Postgres | None = None

    def start(self) -> None:
        """Point the settings at servers and folders that only this run uses."""
        os.environ["APP_MODE"] = "test"
        os.environ["MEDIA_ROOT"] = str(self.folder / "media")
        # The tests themselves use no broker; the fixture `valkey` gives one to those that ask.
        os.environ.pop("CACHE_URL", None)
        if broker := os.environ.pop("BROKER_URL", ""):
            os.environ[EXTERNAL_BROKER] = broker
        if os.environ.get("DATABASE_URL"):
            # Somebody else's server, and perhaps not only ours: a database that no other run uses.
            os.environ.setdefault("TEST_DB_SUFFIX", self.folder.name.removeprefix(FOLDERS))
        else:
            self._postgres = Postgres(self.folder / "pg", settings=FAST_AND_LOSSY)
            template.fill(self._postgres)
            os.environ["DATABASE_URL"] = self._postgres.start().url

    def end(self) -> None:
        if self._postgres is not None:
            self._postgres.stop()
            self._postgres.destroy()
        shutil.rmtree(self.folder, ignore_errors=True)
        if self._lock is not None:
            os.close(self._lock)


def sweep() -> None:
    """Remove the folders of runs that were killed before they could."""
    for folder in Path(tempfile.gettempdir()).glob(f"{FOLDERS}*"):
        if is_abandoned(folder):
            shutil.rmtree(folder, ignore_errors=True)


def is_abandoned(folder: Path) -> bool:
    """Tell whether the folder is ours, past its first minute, and nobody holds its lock."""
    try:
        status = folder.stat()
    except OSError:
        return False
    if status.st_uid != os.getuid() or status.st_mtime > time.time() - 60:
        return False
    lock = take(folder / "lock")
    if lock is not None:
        os.close(lock)
    return lock is not None


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, object, object]:
    """Start the database before pytest-django reads the settings, in this very hook."""
    if not os.environ.get("PYTEST_XDIST_WORKER"):
        run = Run()
        early_config.add_cleanup(run.end)
        try:
            run.start()
        except (RuntimeError, OSError) as problem:
            raise pytest.UsageError(f"The servers of the tests did not start: {problem}") from problem
    return (yield)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "long: takes long; runs only with ./test --long")
    config.addinivalue_line("markers", "browser: needs Chromium; skipped loudly where there is none")
    found = os.environ.pop(FAILED_CHECKS, "") if not os.environ.get("PYTEST_XDIST_WORKER") else ""
    config.stash[_failed_checks] = json.loads(found or "{}")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what this run is not for, or cannot do."""
    long_wanted = os.environ.get("STAFETT_LONG") == "1"
    chromium = find_chromium()
    for item in items:
        if item.get_closest_marker("long") and not long_wanted:
            item.add_marker(pytest.mark.skip(reason=NOT_LONG))
        if chromium is None and needs_browser(item):
            item.add_marker(pytest.mark.skip(reason=NO_BROWSER))


def needs_browser(item: pytest.Item) -> bool:
    """Tell whether a test opens a page, by its mark or its fixtures."""
    fixtures = getattr(item, "fixturenames", ())
    return item.get_closest_marker("browser") is not None or "browser" in fixtures


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, object, object]:
    """Report what the checks before the tests found as errors, so that they count in the last line.

    After the tests: pytest does not begin when it has seen errors before.
    """
    result = yield
    for name, output in session.config.stash[_failed_checks].items():
        report = pytest.TestReport(
            nodeid=f"checks::{name}",
            location=("checks", None, name),
            keywords={},
            outcome="failed",
            longrepr=output,
            when="setup",
        )
        session.config.hook.pytest_runtest_logreport(report=report)
    return result


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly that the browser tests were skipped, and how to get them."""
    skipped = [
        report for report in terminalreporter.stats.get("skipped", []) if NO_BROWSER in str(report.longrepr)
    ]
    if skipped:
        terminalreporter.section(f"{len(skipped)} BROWSER TESTS WERE SKIPPED", sep="!", red=True, bold=True)
        terminalreporter.line(HOW_TO_GET_ONE)


@pytest.fixture(scope="session")
def valkey() -> Iterator[Valkey | ExternalBroker]:
    """Give a real broker to the tests that need one."""
    if external := os.environ.get(EXTERNAL_BROKER):
        yield ExternalBroker(external)
        return
    folder = Path(tempfile.mkdtemp(prefix=FOLDERS))
    lock = take(folder / "lock")
    server = Valkey(folder / "valkey", persist=False).start()
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)
    if lock is not None:
        os.close(lock)
