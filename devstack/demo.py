"""``./run``: starts everything, watches it, and stops it in order."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import sys
import threading
import time
from typing import TYPE_CHECKING

from devstack import assets
from devstack.console import Progress, complain, say, tail
from devstack.locks import AlreadyRunning, Claim
from devstack.paths import demo_home
from devstack.people import PASSWORD, as_overview, list_people
from devstack.pg import Postgres, WrongVersion
from devstack.ports import HOST, Port, reserve
from devstack.process import Child, Interrupted, StepFailed, run_step
from devstack.stamps import Stamp
from devstack.valkey import ExternalBroker, Valkey

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path
    from types import FrameType

PATIENCE = 180.0
"""Seconds until the web server has to answer."""
HIGHEST_PORT = 65535
MOST_WORKERS = 4
"""Web processes; each holds some 90 MB, and one person looks at a demo."""

MIGRATIONS = ("*/migrations/*.py", "*/sql/*", "requirements/dev.txt")
DEMO_DATA = (*MIGRATIONS, "demo/**/*.py", "demo/**/*.yaml", "demo/**/*.yml")


class ChildDied(Exception):
    """Something that should run stopped by itself."""


class Demo:
    """The demo of one folder, from the first server to the last log line."""

    def __init__(self, home: Path, environ: Mapping[str, str], stop: threading.Event) -> None:
        self.home = home
        self.stop = stop
        self.environ = environ
        self.postgres = None if environ.get("DATABASE_URL") else Postgres(home / "pg")
        self.valkey = None if environ.get("BROKER_URL") else Valkey(home / "valkey")
        self.children: list[Child] = []

    def run(self, claim: Claim) -> None:
        """Start everything and return when somebody asks us to stop.

        :raises StepFailed: if the set-up fails.
        :raises ChildDied: if a process stops by itself, or the web server never answers.
        """
        port = reserve(wanted_port(self.environ))
        address = f"http://{HOST}:{port.number}"
        try:
            assets.set_up(static_files=True, stop=self.stop)
            self._start_servers()
            env = self.environment(address)
            self._prepare_database(env)
            self._start_children(env, port)
            self._wait_until_ready(port)
            claim.announce(address)
            self._announce(address)
            while not self.stop.wait(0.5):
                self._check_alive()
        finally:
            self._stop_all()
            port.release()

    def environment(self, address: str) -> dict[str, str]:
        """Return the environment of every process of the product."""
        broker = self.valkey or ExternalBroker(self.environ["BROKER_URL"])
        kept = {key: value for key, value in self.environ.items() if key != "STATIC_ROOT"}
        return {
            **kept,
            "APP_MODE": "demo",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": self.postgres.url if self.postgres else self.environ["DATABASE_URL"],
            "BROKER_URL": broker.url(0) if self.valkey else self.environ["BROKER_URL"],
            "CACHE_URL": self.environ.get("CACHE_URL") or broker.cache_url(2),
            "PUBLIC_URL": address,
            "MEDIA_ROOT": str(self.home / "media"),
            "EMAIL_FILE_PATH": str(self.home / "mail"),
            "PYTHONUNBUFFERED": "1",
        }

    def _log(self, name: str) -> Path:
        return self.home / "logs" / f"{name}.log"

    def _start_servers(self) -> None:
        for server in (self.postgres, self.valkey):
            if server:
                progress = Progress(f"Starting {server.name}")
                server.start()
                progress.done()

    def _prepare_database(self, env: Mapping[str, str]) -> None:
        self._manage("migrate", "Building the database", MIGRATIONS, env)
        self._manage("seed_demo", "Telling the demo's stories", DEMO_DATA, env)

    def _manage(self, command: str, title: str, inputs: Sequence[str], env: Mapping[str, str]) -> None:
        """Run a management command, unless our own database has seen it with the same inputs."""
        stamp = Stamp(self.postgres.place / f"stamp-{command}", inputs) if self.postgres else None
        if stamp and stamp.is_fresh():
            return
        arguments = [sys.executable, "manage.py", command, "--verbosity=1"]
        run_step(title, arguments, env=env, log=self._log(command), stop=self.stop)
        if stamp:
            stamp.renew()

    def _start_children(self, env: Mapping[str, str], port: Port) -> None:
        for name, command, nice in (
            ("web", web_command(port.number), 0),
            # Jobs yield to the person who waits for a page.
            (
                "worker",
                celery("worker", "--pool=threads", "--concurrency=2", "--without-gossip", "--without-mingle"),
                5,
            ),
            # Beat on its own: `worker -B` forks it, and a worker stopped while it starts leaves it behind.
            ("beat", celery("beat", "--pidfile="), 5),
        ):
            self.children.append(Child.start(name, command, env=env, log=self._log(name), nice=nice))

    def _wait_until_ready(self, port: Port) -> None:
        progress = Progress("Starting web server, worker and beat")
        end = time.monotonic() + PATIENCE
        answer = ask_readiness(port.number)
        while not answer.startswith("200"):
            if self.stop.wait(0.1):
                raise Interrupted
            self._check_alive()
            if time.monotonic() > end:
                log = tail(self._log("web"))
                raise ChildDied(f"The web server was not ready after {PATIENCE:.0f} s: {answer}\n{log}")
            progress.tick()
            answer = ask_readiness(port.number)
        progress.done()

    def _announce(self, address: str) -> None:
        say(f"\nThe demo people (./run --people tells more); the password of all is {PASSWORD}\n")
        say(f"{as_overview(list_people())}\n\nReady. Ctrl-C stops.\n")
        say(f"READY {address}")

    def _check_alive(self) -> None:
        running = [(each.name, each.process, each.log) for each in (self.postgres, self.valkey) if each]
        running += [(each.name, each.process, each.log) for each in self.children]
        for name, process, log in running:
            if process is not None and process.poll() is not None:
                raise ChildDied(
                    f"{name} stopped by itself (exit code {process.returncode}). {log}:\n{tail(log)}"
                )

    def _stop_all(self) -> None:
        for child in self.children:
            child.ask_to_end()
        for stoppable in (*self.children, self.valkey, self.postgres):
            if stoppable:
                stoppable.stop()


def wanted_port(environ: Mapping[str, str]) -> int:
    """Return the port of the web server; 0 means any.

    :raises RuntimeError: if PORT is no port.
    """
    text = environ.get("PORT") or "8000"
    if not text.isdecimal() or int(text) > HIGHEST_PORT:
        raise RuntimeError(f"PORT={text} is no port")
    return int(text)


def web_command(port: int) -> list[str]:
    """Return the command line of the web server."""
    workers = min(os.cpu_count() or 1, MOST_WORKERS)
    options = ["--interface", "wsgi", "--workers", str(workers), "--blocking-threads", "1", "--no-ws"]
    logging = ["--no-access-log", "--log-level", "warning", "--workers-kill-timeout", "3"]
    where = ["--host", HOST, "--port", str(port), "config.wsgi:application"]
    return [sys.executable, "-m", "granian", *options, *logging, *where]


def celery(*arguments: str) -> list[str]:
    """Return the command line of a Celery process; it would warn a root user, who is welcome here."""
    return [sys.executable, "-W", "ignore", "-m", "celery", "-q", "-A", "config", *arguments]


def ask_readiness(port: int) -> str:
    """Return status and text of ``/readyz``, or why there is no answer. Proxies are not asked."""
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    try:
        connection.request("GET", "/readyz")
        response = connection.getresponse()
        return f"{response.status} {response.read(500).decode(errors='replace')}"
    except (OSError, http.client.HTTPException) as problem:
        return f"no answer ({problem})"
    finally:
        connection.close()


def reset(home: Path) -> None:
    """Throw away what an earlier run has left."""
    Postgres(home / "pg").destroy()
    Valkey(home / "valkey").destroy()
    for name in ("media", "mail", "logs"):
        shutil.rmtree(home / name, ignore_errors=True)


def stop_on_signals() -> threading.Event:
    """Return an event that is set when somebody wants us to end."""
    stop = threading.Event()

    def note(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, note)
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # nohup wants us to stay
        signal.signal(signal.SIGHUP, note)
    return stop


def main(arguments: Sequence[str], environ: Mapping[str, str] = os.environ) -> int:
    """Run the demo and return the exit code."""
    home = demo_home(environ)
    if "--reset" in arguments and environ.get("DATABASE_URL"):
        complain("--reset only throws away our own database; empty the one in DATABASE_URL yourself.")
        return 1
    stop = stop_on_signals()
    try:
        claim = Claim(home)
    except AlreadyRunning as problem:
        complain(str(problem))
        return 1

    def run() -> None:
        if "--reset" in arguments:
            reset(home)
        Demo(home, environ, stop).run(claim)

    try:
        return attempt(run, home)
    finally:
        claim.release()


def attempt(run: Callable[[], None], home: Path) -> int:
    """Run the demo and tell how it ended, in words and as an exit code."""
    try:
        run()
    except Interrupted:
        say("Stopped before it was ready.")
        return 130
    except StepFailed as failure:
        complain(f"{failure.title} failed. The end of {failure.log}:\n{tail(failure.log)}")
    except WrongVersion as problem:
        complain(f"{problem}.\n./run --reset builds the demo anew; what was typed into it is lost.")
    except (ChildDied, RuntimeError, OSError) as problem:
        complain(f"Stafett stopped: {problem}")
    else:
        say(f"Stopped. The data is kept in {home}.")
        return 0
    return 1
