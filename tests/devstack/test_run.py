"""The real thing: ./run starts, answers, refuses a second one, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path

import pytest

from devstack.paths import BASE
from devstack.pg import Postgres
from devstack.valkey import Valkey

PATIENCE = 480
COMMAND = [sys.executable, "-m", "devstack", "demo"]


class Running:
    """A ./run of its own, with its lines read as they come."""

    def __init__(self, home: Path) -> None:
        servers = {"DATABASE_URL", "BROKER_URL", "CACHE_URL", "MEDIA_ROOT", "APP_MODE", "TEST_DB_SUFFIX"}
        self.env = {key: value for key, value in os.environ.items() if key not in servers}
        self.env |= {"STAFETT_HOME": str(home), "PORT": "0", "STAFETT_MARK": str(home)}
        self.process = subprocess.Popen(
            COMMAND,
            cwd=BASE,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said: list[str] = []
        self._ready: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line)
            if line.startswith("READY "):
                self._ready.put(line.split()[1])
        self._ready.put("")

    def wait_until_ready(self) -> str:
        address = self._ready.get(timeout=PATIENCE)
        assert address, "".join(self.said)
        return address

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(60)
        self._reader.join()
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


def processes_of(home: Path) -> list[str]:
    """Return the command lines of what was started for the folder.

    Known by our mark in the environment; the servers write over theirs, and are known by
    their folders.
    """
    names = [str(home).encode()]
    if (home / "pg" / "id").exists():
        names.append(b"devpg-" + (home / "pg" / "id").read_bytes())
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes()
            environment = (process / "environ").read_bytes()
        except OSError:
            continue
        if f"STAFETT_MARK={home}".encode() in environment or any(name in command for name in names):
            found.append(command.replace(b"\0", b" ").decode(errors="replace"))
    return found


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = tmp_path_factory.mktemp("demo")
    yield home
    Postgres(home / "pg").destroy()
    Valkey(home / "valkey").destroy()
    shutil.rmtree(home, ignore_errors=True)


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
@pytest.mark.enable_socket
def test_run_starts_answers_and_leaves_nothing_behind(home):
    running = Running(home)
    try:
        address = running.wait_until_ready()
        with urllib.request.urlopen(f"{address}/healthz", timeout=20) as answer:
            health = json.load(answer)
        started = processes_of(home)
        second = subprocess.run(
            COMMAND, env=running.env, cwd=BASE, capture_output=True, text=True, timeout=60, check=False
        )
    finally:
        code = running.stop()

    assert health == {"status": "ok", "demo": True}
    for program in ("postgres", "valkey", "granian", "worker", "beat"):
        assert any(program in command for command in started), (program, started)
    assert second.returncode == 1
    assert f"already running at {address}" in second.stderr
    assert "sekretariat." in "".join(running.said)
    assert code == 0, "".join(running.said)
    assert processes_of(home) == []
