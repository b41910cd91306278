"""The criteria that a municipality may begin with."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FILE = Path(__file__).with_name("standard.yaml")


@cache
def standard() -> tuple[dict[str, Any], ...]:
    """Return name, weight, description and anchors of each criterion, in order."""
    return tuple(yaml.safe_load(_FILE.read_text("utf-8")))
