"""Locks that the kernel takes back when their owner dies, however it dies."""

from __future__ import annotations

import fcntl
import json
import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Wait until nobody else is inside, and keep others out meanwhile."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def take(path: Path) -> int | None:
    """Return an open descriptor that holds the lock, or nothing when somebody else holds it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def take_over(path: Path, timeout: float = 20) -> int:
    """Return a descriptor that holds the lock, and wait for the server that still holds it.

    A server inherits the descriptor, so that the lock is free only when the server is gone.

    :raises TimeoutError: if the server does not end in ``timeout`` seconds.
    """
    end = time.monotonic() + timeout
    while (descriptor := take(path)) is None:
        if time.monotonic() > end:
            raise TimeoutError(f"An earlier server still holds {path}")
        time.sleep(0.05)
    return descriptor


class AlreadyRunning(Exception):
    """Another ``./run`` of the same data is at work."""


class Claim:
    """The right to run the demo that lives in a folder; held by one process at a time."""

    def __init__(self, home: Path) -> None:
        self._path = home / "run.lock"
        descriptor = take(self._path)
        if descriptor is None:
            raise AlreadyRunning(self._describe())
        self._descriptor = descriptor
        self.announce("")

    def announce(self, address: str) -> None:
        """Tell the next ``./run`` who we are and where."""
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, json.dumps({"pid": os.getpid(), "address": address}).encode(), 0)

    def release(self) -> None:
        os.close(self._descriptor)

    def _describe(self) -> str:
        try:
            owner: dict[str, Any] = json.loads(self._path.read_text())
        except (OSError, ValueError):
            return "Stafett is already running here."
        state = f"running at {owner['address']}" if owner["address"] else "starting"
        stop = f"Stop it with Ctrl-C there, or: kill {owner['pid']}"
        return f"Stafett is already {state} (process {owner['pid']}). {stop}"
