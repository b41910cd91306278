"""Child processes that never outlive us, and steps that show how far they are."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from devstack.console import Progress
from devstack.paths import BASE

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from devstack.account import Account

_libc = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1


class Interrupted(Exception):
    """Somebody asked us to stop while a step was at work."""


class StepFailed(Exception):
    """A step of the set-up failed; ``log`` tells why."""

    def __init__(self, title: str, log: Path) -> None:
        super().__init__(title)
        self.title = title
        self.log = log


def before_exec(
    death: signal.Signals = signal.SIGTERM, *, account: Account | None = None, nice: int = 0
) -> Callable[[], None]:
    """Return what a child does before it becomes its program: drop privileges, and die when we die.

    The kernel sends ``death`` to the child when its parent is gone, also after ``kill -9``.
    Without it Celery and the web server survive.
    """
    parent = os.getpid()

    def prepare() -> None:
        if nice:
            os.nice(nice)
        if account is not None:
            account.become()
        if sys.platform == "linux":
            # After the change of user, which would clear it.
            _libc.prctl(_PR_SET_PDEATHSIG, int(death))
            if os.getppid() != parent:
                os._exit(1)

    return prepare


def spawn(
    command: Sequence[str],
    *,
    env: Mapping[str, str],
    log: Path,
    prepare: Callable[[], None],
    cwd: Path = BASE,
    pass_fds: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start a child with its output in a log, in a session of its own.

    Ctrl-C then reaches only us, and we stop everybody in order.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        return subprocess.Popen(
            command,
            cwd=cwd,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=prepare,  # noqa: PLW1509  we have one thread
            pass_fds=pass_fds,
        )


def capture(command: Sequence[str], *, env: Mapping[str, str], account: Account) -> str:
    """Run a command to its end and return what it printed.

    :raises RuntimeError: if the command fails; the text holds its complaint.
    """
    done = subprocess.run(
        command,
        cwd="/",
        env=dict(env),
        text=True,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        preexec_fn=before_exec(account=account),
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} exited with {done.returncode}: {done.stderr.strip()}")
    return done.stdout.strip()


def end_group(
    process: subprocess.Popen[bytes], *, grace: float, ask: signal.Signals = signal.SIGTERM
) -> None:
    """Ask a process to end, wait, and then end it with everything it has started."""
    if process.poll() is None:
        process.send_signal(ask)
        with suppress(subprocess.TimeoutExpired):
            process.wait(grace)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def run_step(
    title: str,
    command: Sequence[str],
    *,
    env: Mapping[str, str],
    log: Path,
    stop: threading.Event | None = None,
) -> None:
    """Run a command to its end, with its output in a log and its progress on the screen.

    :raises StepFailed: if the command fails.
    :raises Interrupted: if ``stop`` is set meanwhile.
    """
    progress = Progress(title)
    process = spawn(command, env=env, log=log, prepare=before_exec())
    try:
        while True:
            try:
                process.wait(0.1)
                break
            except subprocess.TimeoutExpired:
                progress.tick()
            if stop is not None and stop.is_set():
                raise Interrupted(title)
    finally:
        end_group(process, grace=5)
    if process.returncode:
        progress.failed()
        raise StepFailed(title, log)
    progress.done()


@dataclass
class Child:
    """A process that runs as long as we do."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    grace: float = 15

    @classmethod
    def start(
        cls, name: str, command: Sequence[str], *, env: Mapping[str, str], log: Path, nice: int = 0
    ) -> Child:
        process = spawn(command, env=env, log=log, prepare=before_exec(nice=nice))
        return cls(name, process, log)

    def ask_to_end(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()

    def stop(self) -> None:
        end_group(self.process, grace=self.grace)
