"""What the person at the terminal sees."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

WORTH_TELLING = 1.0
"""Seconds after which a step says that it is at work, also where the line cannot be redrawn."""


def say(text: str = "", *, end: str = "\n") -> None:
    """Print at once, and carry on when the terminal is gone."""
    try:
        print(text, end=end, flush=True)
    except OSError:
        return


def complain(text: str) -> None:
    """Print an error at once, and carry on when the terminal is gone."""
    try:
        print(text, file=sys.stderr, flush=True)
    except OSError:
        return


def tail(log: Path, lines: int = 25) -> str:
    """Return the last lines of a log, indented."""
    try:
        text = log.read_text(errors="replace")
    except OSError as problem:
        return f"  (no log: {problem})"
    return "\n".join(f"  | {line}" for line in text.splitlines()[-lines:]) or "  (the log is empty)"


class Progress:
    """One line about one step: redrawn every second on a terminal, written when done elsewhere."""

    def __init__(self, title: str) -> None:
        self.title = title
        self._began = time.monotonic()
        self._live = sys.stdout.isatty()
        self._told = -1

    def tick(self) -> None:
        seconds = int(time.monotonic() - self._began)
        if seconds < WORTH_TELLING or (self._told >= 0 and (not self._live or seconds == self._told)):
            return
        self._told = seconds
        if self._live:
            say(f"\r  … {self.title} {seconds} s", end="")
        else:
            say(f"  … {self.title}")

    def done(self) -> None:
        self._close("✓")

    def failed(self) -> None:
        self._close("✗")

    def _close(self, mark: str) -> None:
        start = "\r\033[K" if self._live and self._told >= 0 else ""
        say(f"{start}  {mark} {self.title} ({time.monotonic() - self._began:.1f} s)")
