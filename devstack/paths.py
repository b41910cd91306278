"""Where things are kept."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

BASE = Path(__file__).resolve().parent.parent
STAMPS = BASE / ".stamps"


def demo_home(environ: Mapping[str, str]) -> Path:
    """Return the folder that holds the demo's data, mail and logs."""
    return Path(environ.get("STAFETT_HOME") or BASE / ".demo").resolve()
