"""``./test``: set-up, checks of style, layers and types, and then pytest in our place."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from devstack.assets import set_up, set_up_environment
from devstack.console import Progress, complain, say, tail
from devstack.paths import BASE
from devstack.process import StepFailed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FAILED_CHECKS = "STAFETT_FAILED_CHECKS"
"""Carries what the checks found to the pytest plugin, as JSON: name → output."""
MOST_KEPT = 20_000
MOST_PROCESSES = 4


def commands() -> dict[str, list[str]]:
    """Return the checks by name."""
    templates = sorted(str(path.relative_to(BASE)) for path in BASE.glob("templates/**/*.html"))
    return {
        "ruff check": [tool("ruff"), "check", "."],
        "ruff format": [tool("ruff"), "format", "--check", "."],
        "djade": [tool("djade"), "--check", "--target-version", "5.2", *templates],
        "import-linter": [tool("lint-imports"), "--no-logo"],
        "mypy": [tool("mypy")],
    }


def tool(name: str) -> str:
    """Return the path of a program of our environment."""
    return str(Path(sys.executable).parent / name)


def run_checks(env: Mapping[str, str]) -> dict[str, str]:
    """Run every check and return the output of those that found something."""
    found = {}
    for name, command in commands().items():
        progress = Progress(name)
        done = subprocess.run(
            command,
            cwd=BASE,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        if done.returncode:
            progress.failed()
            say(done.stdout)
            found[name] = done.stdout[-MOST_KEPT:] or f"exit code {done.returncode}"
        else:
            progress.done()
    return found


def pytest_arguments(arguments: Sequence[str]) -> list[str]:
    """Return what pytest gets: everything on all cores, or just what was asked for."""
    if arguments:
        return list(arguments)
    processes = min(os.cpu_count() or 1, MOST_PROCESSES)
    return ["-n", str(processes), "--dist", "worksteal"] if processes > 1 else []


def become_pytest(arguments: Sequence[str], env: Mapping[str, str]) -> NoReturn:
    """Let pytest take our place: its exit code is ours, and Ctrl-C reaches it.

    Not a bare ``pytest``: the plugin lies in this folder, which only ``-m`` puts on the path.
    """
    sys.stdout.flush()
    os.chdir(BASE)
    os.execve(sys.executable, [sys.executable, "-m", "pytest", *arguments], dict(env))


def main(arguments: Sequence[str]) -> int:
    """Check everything, or run the chosen tests."""
    chosen = [argument for argument in arguments if argument != "--long"]
    try:
        set_up(static_files=False)
    except StepFailed as failure:
        complain(f"{failure.title} failed. The end of {failure.log}:\n{tail(failure.log)}")
        return 1
    env = dict(os.environ)
    if "--long" in arguments:
        env["STAFETT_LONG"] = "1"
    if not chosen:
        env[FAILED_CHECKS] = json.dumps(run_checks(set_up_environment()))
    become_pytest(pytest_arguments(chosen), env)
