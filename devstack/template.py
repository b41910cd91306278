"""A migrated database that is kept between test runs.

Migrating takes many seconds, and every run and every worker of a run needs an empty, migrated
database.  So it is made once for each set of migrations; a run begins with a copy of the
server's files, and each of its workers with a copy of the database.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

from devstack.assets import set_up_environment
from devstack.console import complain, tail
from devstack.locks import exclusive
from devstack.paths import BASE, STAMPS
from devstack.pg import FAST_AND_LOSSY, Postgres, programs
from devstack.process import StepFailed, run_step
from devstack.stamps import digest

NAME = "template1"
"""What PostgreSQL copies whenever it makes a database, so that nobody has to ask for it."""
KEPT = STAMPS / "test-database"
MIGRATIONS = "*/migrations/*.py"
INPUTS = (
    MIGRATIONS,
    "*/sql/**/*",
    "*/data/**/*",
    "*/fixtures/**/*",
    "requirements/lint.txt",
    "devstack/pg.py",
)
_IMPORT = re.compile(r"^(?:from|import) ([\w.]+)", re.MULTILINE)


def fill(server: Postgres) -> bool:
    """Give a server that has not started yet a migrated database, and tell whether it got one.

    Where the migrations fail the tests meet the same failure, and tell it better.
    """
    with exclusive(STAMPS / "test-database.lock"):
        kept = KEPT / key()
        if not kept.exists():
            try:
                _make(kept)
            except StepFailed as failure:
                complain(f"{failure.title} failed. The end of {failure.log}:\n{tail(failure.log)}")
                return False
        server.copy_data(kept)
    return True


def key(base: Path = BASE) -> str:
    """Return what names the database: its migrations, what they import, and who wrote it."""
    imported = [pattern for path in base.glob(MIGRATIONS) for pattern in imports_of(path)]
    server = programs() / "postgres"
    return f"{digest((*INPUTS, *imported), base)[:16]}-{server.stat().st_mtime_ns if server.exists() else 0}"


def imports_of(migration: Path) -> list[str]:
    """Return the files of ours that a migration may import, as patterns."""
    modules = [name.replace(".", "/") for name in _IMPORT.findall(migration.read_text())]
    return [pattern for name in modules for pattern in (f"{name}.py", f"{name}/__init__.py")]


def _make(kept: Path) -> None:
    shutil.rmtree(KEPT, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix="stafett-template-"))
    server = Postgres(folder / "pg", settings=FAST_AND_LOSSY)
    try:
        server.start()
        _migrate(server)
        server.stop()
        KEPT.mkdir(mode=0o700, parents=True)
        shutil.copytree(server.data, kept.with_suffix(".unfinished"))
        kept.with_suffix(".unfinished").rename(kept)
    finally:
        server.stop()
        server.destroy()
        shutil.rmtree(folder, ignore_errors=True)


def _migrate(server: Postgres) -> None:
    env = {**set_up_environment(os.environ), "DATABASE_URL": server.url_of(NAME), "APP_MODE": "test"}
    command = [sys.executable, "manage.py", "migrate", "-v0"]
    title = "Building the test database (once for each set of migrations)"
    run_step(title, command, env=env, log=STAMPS / "logs" / "test-database.log")
