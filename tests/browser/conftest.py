"""The whole product, as ``./run`` starts it, for tests that use a browser.

One server process for each process of the test run, on a copy of the migrated database that is filled
with the demo through the workflow, once for all of them.  Any console error or warning, page error or failed request that
a test did not ask for makes it fail: that is what finds CSP violations and missing files.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg2
import pytest

from devstack.browser import find_chromium
from devstack.locks import exclusive
from tests.conftest import EMPTY, admin_sql, copy_database, url_of

if TYPE_CHECKING:
    from collections.abc import Iterator

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
ROOT = Path(__file__).resolve().parent.parent.parent
PASSWORD = "stafett-demo"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {**browser_type_launch_args, "executable_path": find_chromium(), "args": FLAGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {
        **browser_context_args,
        "locale": "nb-NO",
        "timezone_id": "Europe/Oslo",
        "reduced_motion": "reduce",
    }


@dataclass
class Site:
    """The running product, its address and its database."""

    url: str
    database: str
    log: Path
    env: dict[str, str]
    server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server, and return when it answers."""
        port = self.url.rpartition(":")[2]
        with self.log.open("ab") as out:
            self.server = subprocess.Popen(
                [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "1", "--blocking-threads", "4",
                 "--host", "127.0.0.1", "--port", port, "--no-access-log", "config.wsgi:application"],
                cwd=ROOT, env=self.env, stdout=out, stderr=out,
            )  # fmt: skip
        _wait_for(self)

    def stop(self) -> None:
        if self.server is not None:
            self.server.terminate()
            self.server.wait(15)

    def rows(self, sql: str, *args: object) -> list[tuple]:
        link = psycopg2.connect(url_of(self.database).replace("postgres:///", "postgresql:///"))
        try:
            cursor = link.cursor()
            cursor.execute(sql, args)
            return cursor.fetchall()
        finally:
            link.close()

    def execute(self, sql: str, *args: object) -> None:
        link = psycopg2.connect(url_of(self.database).replace("postgres:///", "postgresql:///"))
        try:
            link.cursor().execute(sql, args)
            link.commit()
        finally:
            link.close()

    def one(self, sql: str, *args: object) -> object:
        """Return the first column of the first row; fail with the question when there is none."""
        found = self.rows(sql, *args)
        assert found, sql
        return found[0][0]


@pytest.fixture(scope="session")
def seeded(django_db_setup, django_db_blocker, tmp_path_factory, testrun_uid) -> Iterator[tuple[str, Path]]:
    """Seed the demo once for all processes of the run; give its database and the folder of its files."""
    from django.db import connection

    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "seeded"
    name, user = f"seeded_{testrun_uid[:12]}", folder / f"{os.getpid()}.user"
    with exclusive(folder / "lock"):
        if not list(folder.glob("*.user")):
            with django_db_blocker.unblock():
                copy_database(connection.settings_dict["NAME"] + EMPTY, name)
            _seed(name, folder)
        user.touch()
    yield name, folder
    with exclusive(folder / "lock"):
        user.unlink()
        if not list(folder.glob("*.user")):
            admin_sql(f'drop database if exists "{name}" with (force)')


def _seed(database: str, folder: Path) -> None:
    for command in (["collectstatic", "--noinput", "-v0"], ["seed_demo"]):
        done = subprocess.run(
            [sys.executable, "manage.py", *command], cwd=ROOT, env=_env_of(database, folder), capture_output=True, text=True,
            timeout=300, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]


def _env_of(database: str, folder: Path) -> dict[str, str]:
    return os.environ | {
        "APP_MODE": "demo", "DATABASE_URL": url_of(database), "STATIC_ROOT": str(folder / "static"), "CACHE_URL": "",
        "MEDIA_ROOT": str(folder / "media"), "EMAIL_FILE_PATH": str(folder / "mail"), "BROKER_URL": "memory://",
    }  # fmt: skip


@pytest.fixture(scope="session")
def site(seeded, tmp_path_factory) -> Iterator[Site]:
    """Give the product as it runs, on a copy of the seeded demo."""
    template, files = seeded
    folder, name, port = tmp_path_factory.mktemp("site") / "own", f"site_{os.getpid()}", _free_port()
    with exclusive(files / "lock"):
        copy_database(template, name)
        shutil.copytree(files, folder, ignore=shutil.ignore_patterns("lock", "*.user"))
    env = _env_of(name, folder) | {"PUBLIC_URL": f"http://127.0.0.1:{port}"}
    made = Site(f"http://127.0.0.1:{port}", name, folder / "server.log", env)
    try:
        made.start()
        yield made
    finally:
        made.stop()
        admin_sql(f'drop database if exists "{name}" with (force)')


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(site: Site) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(f"{site.url}/readyz", timeout=5).read()
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"the server did not answer:\n{site.log.read_text()[-3000:]}")


@dataclass
class Watch:
    """What a page complained of, less what the test expects."""

    complaints: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def expect(self, pattern: str) -> None:
        self.expected.append(pattern)

    @property
    def unexpected(self) -> list[str]:
        return [c for c in self.complaints if not any(re.search(pattern, c) for pattern in self.expected)]


def watch_page(page) -> Watch:
    """Collect console errors, page errors and requests that fail."""
    watch = Watch()
    page.on("console", lambda m: watch.complaints.append(m.text) if m.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: watch.complaints.append(str(error)))
    return watch


@pytest.fixture
def watch(page) -> Iterator[Watch]:
    """Fail the test when the page complained."""
    watching = watch_page(page)
    yield watching
    assert watching.unexpected == []


@pytest.fixture
def log_in(page, site, watch):
    """Return a function that logs a demo person in: ``log_in("sekretariat.elvdal")``."""

    def act(username: str) -> None:
        page.context.clear_cookies()
        page.goto(f"{site.url}/konto/login/")
        page.locator("#id_login").fill(username)
        page.locator("#id_password").fill(PASSWORD)
        page.get_by_role("button", name="Logg inn", exact=True).click()
        page.wait_for_url(lambda url: "/login" not in url)

    return act
