"""Node and npm: those of the machine when they are new enough, otherwise our own in ``.node``."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from devstack.paths import BASE

OLDEST = 20
HOME = BASE / ".node"
"""An environment of its own: Node is a tool of the set-up, not a library of the product."""

Run = Callable[[str, Sequence[str], Mapping[str, str]], None]
"""Runs a command under a title, with an environment."""


def major(version: str) -> int:
    """Return 20 for ``v20.11.1``, and 0 for what is no version."""
    match = re.match(r"v(\d+)\.", version)
    return int(match.group(1)) if match else 0


def machine_has_node(path: str | None = None) -> bool:
    """Tell whether npm and a new enough Node are on PATH."""
    node = shutil.which("node", path=path)
    if node is None or shutil.which("npm", path=path) is None:
        return False
    answer = subprocess.run(
        [node, "--version"], capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
    )
    return major(answer.stdout) >= OLDEST


def find_uv() -> str:
    """Return the uv that ``bootstrap.sh`` found."""
    found = os.environ.get("UV") or shutil.which("uv") or str(BASE / ".uv" / "bin" / "uv")
    if not Path(found).exists() and shutil.which(found) is None:
        raise RuntimeError("uv is missing. Start with ./run or ./test, which install it")
    return found


def environment_with_npm(env: Mapping[str, str], run: Run) -> dict[str, str]:
    """Return an environment in which ``npm`` works; Node is installed when the machine has none."""
    if machine_has_node(env.get("PATH")):
        return dict(env)
    if not (HOME / "bin" / "npm").exists():
        uv = find_uv()
        run("Preparing a place for Node", [uv, "venv", "-q", "--clear", "--no-project", str(HOME)], env)
        requirements = str(BASE / "devstack" / "node.txt")
        install = [uv, "pip", "install", "-q", "--python", str(HOME), "--require-hashes", "-r", requirements]
        run("Installing Node (61 MB, once)", install, env)
    return {**env, "PATH": f"{HOME / 'bin'}{os.pathsep}{env.get('PATH', os.defpath)}"}
