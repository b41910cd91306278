"""The people that a visitor may log in as."""

from __future__ import annotations

import json
import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PASSWORD = "stafett-demo"
FIELDS = ("username", "name", "role", "unit", "municipality")
WIDTH = 100


def list_people() -> list[dict[str, str]]:
    """Return the demo people; no server needs to run."""
    from demo.people import list_people as people_of_the_demo

    return [{field: str(person[field]) for field in FIELDS} for person in people_of_the_demo()]


def as_json(people: Iterable[Mapping[str, str]]) -> str:
    return json.dumps(list(people), ensure_ascii=False, indent=2)


def as_overview(people: Iterable[Mapping[str, str]]) -> str:
    """Return the user names by municipality; with names and units they would fill three screens."""
    places: dict[str, list[str]] = {}
    for person in people:
        places.setdefault(person["municipality"], []).append(person["username"])
    paragraphs = [f"{place}\n{_wrapped(usernames)}" for place, usernames in places.items()]
    return "\n\n".join(paragraphs)


def _wrapped(words: Iterable[str]) -> str:
    indent = "  "
    return textwrap.fill(
        " ".join(words), WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
    )
