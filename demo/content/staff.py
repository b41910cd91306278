"""Make up the employees around the named people, the same ones every time."""

from __future__ import annotations

import random
from functools import lru_cache

from demo.content.model import Person, Role, Unit
from demo.content.read import read_people, read_units, read_yaml
from demo.content.tree import Tree, holders

SEED = "elvelandet"
NORWEGIAN_LISTS = 4  # the first lists of first names; then Sámi names, then names from elsewhere
SAMI_LIST = 4
NORWEGIAN_LAST = 3  # the first lists of last names, then the same two kinds
ELSEWHERE = (5, 6)
SHARES = {"norwegian": 0.72, "sami": 0.08, "elsewhere": 0.12, "mixed": 0.08}
FOLD = str.maketrans("æøåäöüáčđŋšŧžñıçół", "aoaaouacdnstznicol")


@lru_cache(maxsize=1)
def everyone() -> tuple[Person, ...]:
    """Return named and made-up people, the same at every call."""
    return (*read_people(), *_make_up(Tree(read_units()), read_people()))


def _make_up(tree: Tree, named: tuple[Person, ...]) -> list[Person]:
    """Make up leaders where none is named, and the other employees of each unit."""
    maker = _Maker(tree, {person.name for person in named})
    people: list[Person] = []
    for unit in tree.units.values():
        if unit.leader_title and not holders(named, "leader", unit.key, 0):
            people.append(maker.person(unit, unit.leader_title, [Role(role="leader", unit=unit.key)]))
        people += [maker.person(unit, maker.job(unit), []) for _ in range(unit.staff)]
    return people


class _Maker:
    """Draw names and job titles from the lists, the same ones every time."""

    def __init__(self, tree: Tree, taken: set[str]) -> None:
        """Prepare the lists and the seeded source of chance."""
        lists = read_yaml("names.yaml")
        self.tree, self.taken = tree, set(taken)
        self.first, self.last, self.titles = lists["first"], lists["last"], lists["titles"]
        self.chance = random.Random(SEED)  # noqa: S311  # names, not secrets

    def job(self, unit: Unit) -> str:
        """Return a job title that fits the unit."""
        return str(self.chance.choice(self.titles[unit.jobs]))

    def person(self, unit: Unit, title: str, roles: list[Role]) -> Person:
        """Make up one employee with a name nobody else has."""
        name, local = self._unused()
        place = self.tree.municipality(unit.key)
        return Person(
            username=f"{local}.{'region' if place == 'elvelandet' else place}",
            name=name,
            title=title,
            unit=unit.key,
            roles=roles,
            named=False,
        )

    def _unused(self) -> tuple[str, str]:
        """Return a name nobody has, and the same in letters that suit a user name."""
        while True:
            name = self._name()
            local = ".".join(name.lower().translate(FOLD).split())
            if not {name, local} & self.taken:
                self.taken |= {name, local}
                return name, local

    def _name(self) -> str:
        """Put a full name together: most are Norwegian, some Sámi, some from elsewhere, some mixed."""
        kind = self.chance.choices(list(SHARES), list(SHARES.values()))[0]
        lists = {
            "norwegian": (self.chance.randrange(NORWEGIAN_LISTS), self.chance.randrange(NORWEGIAN_LAST)),
            "sami": (SAMI_LIST, NORWEGIAN_LAST),
            "elsewhere": (self.chance.choice(ELSEWHERE), NORWEGIAN_LAST + 1),
            "mixed": (self.chance.randrange(len(self.first)), self.chance.randrange(len(self.last))),
        }
        first, last = lists[kind]
        return f"{self.chance.choice(self.first[first])} {self.chance.choice(self.last[last])}"
