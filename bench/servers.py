"""Everything that is measured against: PostgreSQL, Valkey, one real application per size, one raw floor."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from bench.databases import SETTINGS, Databases, Standing
from devstack.console import tail
from devstack.demo import ask_readiness, web_command
from devstack.paths import BASE
from devstack.pg import Postgres
from devstack.ports import HOST, reserve
from devstack.process import Child
from devstack.valkey import Valkey

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bench.floor import Entry

PATIENCE = 60
FIRST_CACHE = 2


@dataclass
class Servers:
    """Starts servers in one folder that is kept from run to run, and stops them at the end."""

    seed: int
    area: str = "initiatives"
    existing: str = ""
    home: Path = field(default_factory=lambda: Path(tempfile.gettempdir()) / "stafett-bench")

    def __enter__(self) -> Self:
        self._stack = ExitStack()
        try:
            self.postgres = self._server()
            self._stack.callback(self.postgres.stop)
            self.valkey = Valkey(self.home / "valkey", persist=False).start()
            self._stack.callback(self.valkey.stop)
        except BaseException:
            self._stack.close()
            raise
        self.databases = Databases(self.postgres, self.seed, self.area, self.existing)
        return self

    def __exit__(self, *_reason: object) -> None:
        self._stack.close()

    def _server(self) -> Postgres | Standing:
        if self.existing:
            return Standing(os.environ["DATABASE_URL"])
        return Postgres(self.home / "pg", settings=SETTINGS).start()

    def environment(self, database: str, number: int) -> dict[str, str]:
        """Return the settings of production, with one database and one cache of these."""
        kept = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "CACHE_URL"}}
        return kept | {
            "APP_MODE": "production",
            "SECRET_KEY": "bench-" * 12,
            "ALLOWED_HOSTS": HOST,
            "PUBLIC_URL": f"https://{HOST}",
            "DATABASE_URL": self.postgres.url_of(database),
            "CACHE_URL": self.valkey.cache_url(FIRST_CACHE + number),
            "BROKER_URL": self.valkey.url(0),
            "EMAIL_HOST": "localhost",
            "STATIC_ROOT": str(self.home / "static"),
            "MEDIA_ROOT": str(self.home / "media"),
        }

    def collect_static_files(self, database: str) -> None:
        """Make the names of static files that pages in production refer to."""
        command = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"]
        subprocess.run(command, cwd=BASE, env=self.environment(database, 0), check=True)

    def probe(self, database: str, number: int, wanted: str) -> dict[str, Any]:
        """Return what ``bench.probe`` tells of the pages on one database."""
        target = self.home / f"probe-{number}.json"
        command = [sys.executable, "-m", "bench.probe", str(target), wanted, self.area]
        log = self.home / f"probe-{number}.log"
        with log.open("wb") as output:
            done = subprocess.run(
                command, cwd=BASE, env=self.environment(database, number), check=False, stdout=output,
                stderr=subprocess.STDOUT,
            )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"The probe failed:\n{tail(log)}")
        found: dict[str, Any] = json.loads(target.read_text())
        return found

    def start_application(self, database: str, number: int) -> int:
        """Start the real application on one database and return its port."""
        return self._start(f"app-{number}", "config.wsgi:application", self.environment(database, number))

    def start_floor(self, entries: list[Entry]) -> int:
        """Start the raw floor with its statements and return its port."""
        target = self.home / "floor.json"
        target.write_text(json.dumps(entries))
        return self._start("floor", "bench.floor:application", {**os.environ, "BENCH_FLOOR": str(target)})

    def _start(self, name: str, application: str, env: Mapping[str, str]) -> int:
        port = reserve(0)
        command = [*web_command(port.number)[:-1], application]
        child = Child.start(name, command, env=env, log=self.home / f"{name}.log")
        self._stack.callback(child.stop)
        end = time.monotonic() + PATIENCE
        while not (answer := ask_readiness(port.number)).startswith("200"):
            if child.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"{name} did not start ({answer}):\n{tail(child.log)}")
            time.sleep(0.1)
        port.release()
        return port.number
