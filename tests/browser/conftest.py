"""The whole product, as ``./run`` starts it, for tests that use a browser.

One server process per test run, on a copy of the migrated database that is filled with the
demo through the workflow.  Any console error or warning, page error or failed request that
a test did not ask for makes it fail: that is what finds CSP violations and missing files.
"""

from __future__ import annotations

import os
import re
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
def site(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Site]:
    from django.db import connection

    folder = tmp_path_factory.mktemp("site")
    with django_db_blocker.unblock():
        template = connection.settings_dict["NAME"] + EMPTY
    name = f"site_{os.getpid()}"
    copy_database(template, name)
    port = _free_port()
    env = os.environ | {
        "APP_MODE": "demo", "DATABASE_URL": url_of(name), "STATIC_ROOT": str(folder / "static"), "CACHE_URL": "",
        "MEDIA_ROOT": str(folder / "media"), "EMAIL_FILE_PATH": str(folder / "mail"), "BROKER_URL": "memory://",
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
    }  # fmt: skip
    for command in (["collectstatic", "--noinput", "-v0"], ["seed_demo"]):
        done = subprocess.run(
            [sys.executable, "manage.py", *command], cwd=ROOT, env=env, capture_output=True, text=True, timeout=300,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]
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
