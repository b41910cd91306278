"""One database per size on one server, built once and kept while migrations and generators stay the same."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import psycopg2
import psycopg2.extensions

from devstack.console import say
from devstack.paths import BASE
from devstack.stamps import digest

if TYPE_CHECKING:
    from devstack.pg import Postgres

SETTINGS = {
    "shared_buffers": "512MB",
    "max_wal_size": "4GB",
    "max_connections": "60",
    "work_mem": "8MB",
}
MIGRATIONS = ("*/migrations/*.py", "*/sql/**/*")
GENERATORS = ("bench/generators/**/*.py", "bench/sql.py", "bench/history.py", "bench/words.py")


INITIATIVES_BESIDE = 1000
"""How many initiatives stand beside deviations, in all sizes."""


BENEFITS_EACH = 6
INITIATIVES_EACH = 2.1
"""How many initiatives there are for each project: the others never came so far."""
YEARS = 10
_COUNTED = {"deviations": "deviations_deviation", "portfolio": "portfolio_project"}
"""The table that the size of an area counts, when it is not the initiatives."""


class Standing:
    """A server that somebody else runs, told by an address in the form of ``DATABASE_URL``."""

    def __init__(self, url: str) -> None:
        self.dsn = psycopg2.extensions.make_dsn(
            url.replace("postgres://", "postgresql://", 1), dbname="postgres"
        )
        self._address = urlsplit(url)

    def url_of(self, database: str) -> str:
        return self._address._replace(path=f"/{database}").geturl()

    def stop(self) -> None:
        """Leave it running."""


@dataclass(frozen=True, slots=True)
class Databases:
    """:param existing: how the names of databases begin that are measured as they stand."""

    server: Postgres | Standing
    seed: int
    area: str = "initiatives"
    existing: str = ""

    def of_size(self, size: int, *, fresh: bool = False) -> str:
        """Return the name of the database of that size; it is made when there is none.

        :raises RuntimeError: an existing one holds less, as after a generator that was stopped: it writes all or nothing.
        """
        if self.existing:
            name = f"{self.existing}{size}"
            self.check(name, size)
            return name
        name = f"bench_{self.area}_{size}_{self._key((*MIGRATIONS, *GENERATORS))}"
        if fresh or not self._exists(name):
            self._drop(f"bench_{self.area}_{size}_")
            self._make(name, size)
        return name

    def check(self, name: str, size: int) -> None:
        """Refuse a database that holds less than it should.

        :raises RuntimeError: it does.
        """
        table = _COUNTED.get(self.area, "governance_initiative")
        connection = psycopg2.connect(self.dsn(name))
        try:
            cursor = connection.cursor()
            cursor.execute(f"select count(*) from {table}")
            (held,) = cursor.fetchone()
        finally:
            connection.close()
        if held < size:
            raise RuntimeError(
                f"The database {name} has {held} rows in {table}, and {size} are to be measured: generate them first"
            )

    def dsn(self, name: str) -> str:
        return self.server.dsn.replace("dbname=postgres", f"dbname={name}")

    def version(self) -> str:
        return str(self._ask("show server_version")[0][0])

    def _make(self, name: str, size: int) -> None:
        begun = time.monotonic()
        unfinished = f"{name}_unfinished"
        self._run(f"create database {unfinished} template {self._template()}")
        counts = ["--initiatives", str(size)]
        if self.area == "deviations":
            counts = ["--initiatives", str(INITIATIVES_BESIDE), "--deviations", str(size)]
        if self.area == "benefits":
            counts += ["--benefits", str(BENEFITS_EACH)]
        if self.area == "portfolio":
            counts = [
                "--initiatives",
                str(round(size * INITIATIVES_EACH)),
                "--benefits",
                "1",
                "--years",
                str(YEARS),
            ]
        self._python(unfinished, "-m", "bench", "generate", *counts, "--seed", str(self.seed))
        self._vacuum(unfinished)
        self._run(f"alter database {unfinished} rename to {name}")
        say(f"  {size} {self.area} generated in {time.monotonic() - begun:.0f} s")

    def _template(self) -> str:
        """Return an empty, migrated database to copy."""
        name = f"bench_empty_{self._key(MIGRATIONS)}"
        if not self._exists(name):
            self._drop("bench_empty_")
            self._run(f"create database {name}_unfinished")
            self._python(f"{name}_unfinished", "manage.py", "migrate", "-v0")
            self._run(f"alter database {name}_unfinished rename to {name}")
        return name

    def _key(self, patterns: tuple[str, ...]) -> str:
        return f"{digest(patterns)[:10]}_{self.seed}"

    def _drop(self, beginning: str) -> None:
        """Drop what earlier migrations and generators made, and what was never finished."""
        for (name,) in self._ask(f"select datname from pg_database where datname ^@ '{beginning}'"):
            self._run(f"drop database {name} with (force)")

    def _exists(self, name: str) -> bool:
        return bool(self._ask(f"select 1 from pg_database where datname = '{name}'"))

    def _python(self, database: str, *arguments: str) -> None:
        env = {**os.environ, "APP_MODE": "test", "DATABASE_URL": self.server.url_of(database)}
        subprocess.run([sys.executable, *arguments], cwd=BASE, env=env, check=True)

    def _vacuum(self, name: str) -> None:
        """Leave the tables as they are in daily use: statistics taken, and the visibility map written."""
        connection = psycopg2.connect(self.dsn(name))
        connection.autocommit = True
        connection.cursor().execute("vacuum analyze")
        connection.close()

    def _run(self, statement: str) -> None:
        self._ask(statement, returns=False)

    def _ask(self, statement: str, *, returns: bool = True) -> list[tuple[object, ...]]:
        connection = psycopg2.connect(self.server.dsn)
        connection.autocommit = True
        try:
            cursor = connection.cursor()
            cursor.execute(statement)
            return list(cursor.fetchall()) if returns else []
        finally:
            connection.close()
