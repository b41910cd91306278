"""The people of the demo: those who can log in, and everyone.

Nothing here needs a database or Django, so that `./run --people` can answer without starting anything.
"""

from __future__ import annotations

from demo.content.read import read_people, read_units
from demo.content.staff import everyone
from demo.content.tree import Tree

__all__ = ["everyone", "list_people"]


def list_people() -> list[dict[str, str]]:
    """Return the people who can log in to the demo, without a database.

    Keys are `username`, `name`, `role` (the first part of the user name), `unit` and `municipality`.
    """
    tree = Tree(read_units())
    return [
        {
            "username": person.username,
            "name": person.name,
            "role": person.stem,
            "unit": tree.units[person.unit].name,
            "municipality": tree.units[tree.municipality(person.unit)].short_name,
        }
        for person in read_people()
    ]
