"""What ``./run`` and ``./test`` call: ``python -m devstack demo | people | test``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from devstack import checks, demo
from devstack.console import complain, say
from devstack.people import as_json, list_people

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def people(_arguments: Sequence[str]) -> int:
    """Print the demo people as JSON."""
    say(as_json(list_people()))
    return 0


COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "demo": demo.main,
    "people": people,
    "test": checks.main,
}


def main(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal without UTF-8 shows a question mark instead of ending the program.
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    command = COMMANDS.get(arguments[0]) if arguments else None
    if command is None:
        complain(f"Usage: python -m devstack {' | '.join(COMMANDS)}")
        return 2
    return command(arguments[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
