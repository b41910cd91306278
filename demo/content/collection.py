"""Everything the demo consists of, in one object with look-ups."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from demo.content.model import (
    BenefitPlan,
    ChangeWork,
    Council,
    Deviation,
    Exposure,
    Goal,
    Group,
    Initiative,
    Meeting,
    Person,
    Pilot,
    Progress,
    Service,
    Strategy,
    Unit,
)
from demo.content.read import HERE, read_list, read_units
from demo.content.staff import everyone
from demo.content.tree import Tree

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


@dataclass(frozen=True)
class Content:
    """The content of the demo. Lists stand in the order of the files."""

    units: tuple[Unit, ...]
    people: tuple[Person, ...]
    groups: list[Group]
    services: list[Service]
    strategies: list[Strategy]
    exposures: list[Exposure]
    councils: list[Council]
    meetings: list[Meeting]
    initiatives: list[Initiative]
    deviations: list[Deviation]
    benefits: list[BenefitPlan]
    change_work: list[ChangeWork]
    pilots: list[Pilot]
    progress: list[Progress]
    files: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls) -> Content:
        """Read all files without checking references."""
        initiatives, files = _read_initiatives(sorted(HERE.glob("initiatives_*.yaml")))
        return cls(
            units=read_units(),
            people=everyone(),
            groups=read_list("groups.yaml", Group, "key"),
            services=read_list("services.yaml", Service, "key"),
            strategies=read_list("strategy.yaml", Strategy, "key"),
            exposures=read_list("exposure.yaml", Exposure, "unit"),
            councils=read_list("councils.yaml", Council, "municipality"),
            meetings=read_list("meetings.yaml", Meeting, "key"),
            initiatives=initiatives,
            deviations=read_list("deviations.yaml", Deviation, "key"),
            benefits=read_list("benefits.yaml", BenefitPlan, "key"),
            change_work=read_list("change_work.yaml", ChangeWork, "key"),
            pilots=read_list("pilots.yaml", Pilot, "key"),
            progress=read_list("progress.yaml", Progress, "key"),
            files=files,
        )

    @property
    def tree(self) -> Tree:
        """Return the organization tree."""
        return Tree(self.units)

    @property
    def people_by_username(self) -> dict[str, Person]:
        """Return all people by user name."""
        return {person.username: person for person in self.people}

    @property
    def goals(self) -> dict[str, Goal]:
        """Return the goals of all strategies by key."""
        return {goal.key: goal for strategy in self.strategies for goal in strategy.goals}

    def where(self, initiative: Initiative) -> str:
        """Return file and key of an initiative, for errors."""
        return f"{self.files.get(initiative.key, 'initiatives')}: {initiative.key}"


def _read_initiatives(paths: Iterable[Path]) -> tuple[list[Initiative], dict[str, str]]:
    """Return the initiatives of all files, and which file each came from."""
    initiatives: list[Initiative] = []
    files: dict[str, str] = {}
    for path in paths:
        for initiative in read_list(path.name, Initiative, "key"):
            initiatives.append(initiative)
            files[initiative.key] = path.name
    return initiatives, files
