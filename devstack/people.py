"""The people that a visitor may log in as."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PASSWORD = "stafett-demo"
FIELDS = ("username", "name", "role", "unit", "municipality")


def list_people() -> list[dict[str, str]]:
    """Return the demo people; no server needs to run."""
    from demo.people import list_people as people_of_the_demo

    return [{field: str(person[field]) for field in FIELDS} for person in people_of_the_demo()]


def as_json(people: Iterable[Mapping[str, str]]) -> str:
    return json.dumps(list(people), ensure_ascii=False, indent=2)


def as_table(people: Iterable[Mapping[str, str]]) -> str:
    """Return one line for each person: user name, name, and where the person works."""
    rows = [(each["username"], each["name"], f"{each['unit']}, {each['municipality']}") for each in people]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(2)]
    return "\n".join(f"  {row[0]:<{widths[0]}}  {row[1]:<{widths[1]}}  {row[2]}" for row in rows)
