"""What each prerequisite asks, and what its levels mean: our own words, said to be so on the page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from portfolio.models import Prerequisite

_FILE = Path(__file__).with_name("wording.yaml")


@dataclass(frozen=True, slots=True)
class Asked:
    """A prerequisite as it is asked."""

    key: Prerequisite
    asks: str
    levels: tuple[str, ...]

    @property
    def label(self) -> str:
        return str(self.key.label)


@cache
def asked() -> tuple[Asked, ...]:
    """Return the eight in their order."""
    content = yaml.safe_load(_FILE.read_text("utf-8"))
    return tuple(Asked(key, content[key]["asks"], tuple(content[key]["levels"])) for key in Prerequisite)
