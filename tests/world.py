"""A small world that every test can stand in: a region with two municipalities, and one outside it.

Built once per test run, through the operations of the house, before the first test.  Tests
change it inside a transaction that is rolled back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property

from core.actors import System
from deviations.operations.catalogue import install_catalogue
from governance.models import CouncilMandate, Delegation, GovernanceRules
from governance.models.delegation import standard_rows
from organization.actors import PersonActor, person_actor
from organization.models import Goal, Person, RoleAssignment, Service, Strategy, Unit
from organization.operations import create_unit, give_role
from organization.roles import Role

START = date(2024, 1, 1)
BORN = datetime(2024, 1, 1, 8, 0, tzinfo=UTC)
SYSTEM = System("tests")
PASSWORD = "et-langt-passord-for-tester"

# Roles held on the municipality itself; the rest are held in its line.
_ON_TOP = [
    Role.SECRETARIAT, Role.COORDINATOR, Role.COUNCIL_LEADER, Role.COUNCIL_DEPUTY, Role.COUNCIL_MEMBER,
    Role.COUNCIL_SUBSTITUTE, Role.CHIEF_OF_FINANCE, Role.KOMMUNEDIREKTOR, Role.PORTFOLIO_MANAGER, Role.IKT_LEADER,
    Role.ENTERPRISE_ARCHITECT, Role.HR, Role.ARCHIVIST, Role.PRIVACY_OFFICER, Role.QUALITY_MANAGER, Role.AMU,
    Role.VERNEOMBUD, Role.TILLITSVALGT, Role.ELECTED_REPRESENTATIVE, Role.ADMINISTRATOR,
]  # fmt: skip
_ON_UNIT = [
    Role.EMPLOYEE,
    Role.LEADER,
    Role.SERVICE_OWNER,
    Role.PROJECT_OWNER,
    Role.PROJECT_MANAGER,
    Role.CHANGE_AGENT,
]


@dataclass(frozen=True)
class Place:
    """One municipality (or region) with its people, named by role."""

    code: str

    @cached_property
    def municipality(self) -> Unit:
        return Unit.objects.get(code=self.code)

    @cached_property
    def sector(self) -> Unit:
        return Unit.objects.get(code=f"{self.code}-sektor")

    @cached_property
    def unit(self) -> Unit:
        return Unit.objects.get(code=f"{self.code}-enhet")

    @cached_property
    def goal(self) -> Goal:
        return Goal.objects.get(strategy__municipality=self.municipality, code="1")

    def person(self, role: Role | str) -> Person:
        return Person.objects.get(username=f"{role}.{self.code}")

    def actor(self, role: Role | str) -> PersonActor:
        return person_actor(self.person(role))


@dataclass(frozen=True)
class World:
    region: Place
    home: Place
    neighbor: Place
    stranger: Place


WORLD = World(Place("region"), Place("heim"), Place("granne"), Place("framand"))


def build() -> World:
    """Make the world unless it stands."""
    if Unit.objects.filter(code="heim").exists():
        return WORLD
    region = create_unit(name="Prøveregionen", kind="region", code="region", parent=None, by=SYSTEM, now=BORN)
    _place(region, "region")
    for code, name, parent in (
        ("heim", "Heim kommune", region), ("granne", "Granne kommune", region), ("framand", "Framand kommune", None),
    ):  # fmt: skip
        municipality = create_unit(
            name=name, kind="municipality", code=code, parent=parent, by=SYSTEM, now=BORN
        )
        _place(municipality, code)
    return WORLD


def _place(top: Unit, code: str) -> None:
    sector = create_unit(
        name=f"Helse og mestring {code}",
        kind="sector",
        code=f"{code}-sektor",
        parent=top,
        by=SYSTEM,
        now=BORN,
    )
    unit = create_unit(
        name=f"Hjemmetjenesten {code}", kind="unit", code=f"{code}-enhet", parent=sector, by=SYSTEM, now=BORN
    )
    for role in _ON_TOP:
        _hold(role, code, top)
    _hold(Role.SECTOR_LEADER, code, sector)
    for role in _ON_UNIT:
        _hold(role, code, unit)
    _rules(top, code, unit)


def _hold(role: Role, code: str, unit: Unit) -> None:
    person = Person(
        username=f"{role.value}.{code}", name=f"{role.label} i {code}".title(), title=str(role.label),
        email=f"{role.value}@{code}.example", changed_at=BORN,
    )  # fmt: skip
    person.set_password(PASSWORD)
    person.save()
    give_role(
        person=person, role=role, unit=unit, valid_from=START, by=SYSTEM, now=BORN, is_main=True,
        is_leading=role == Role.SECRETARIAT,
    )  # fmt: skip


def _rules(top: Unit, code: str, unit: Unit) -> None:
    GovernanceRules.objects.create(municipality=top, changed_at=BORN)
    install_catalogue(top, by=SYSTEM, now=BORN)
    mandate = CouncilMandate.objects.create(municipality=top, version="1", valid_from=START, changed_at=BORN)
    Delegation.objects.bulk_create(standard_rows(mandate))
    strategy = Strategy.objects.create(
        municipality=top,
        title="Digitaliseringsstrategi",
        version="1",
        adopted_on=START,
        adopted_body="kommunestyre",
        adopted_reference="PS 1/24",
        changed_at=BORN,
    )
    Goal.objects.create(
        strategy=strategy, unit=top, code="1", title="Mer tid til brukerne",
        owner=Person.objects.get(username=f"{Role.KOMMUNEDIREKTOR.value}.{code}"), changed_at=BORN,
    )  # fmt: skip
    Service.objects.create(
        municipality=top, unit=unit, name="Hjemmesykepleie",
        service_owner=Person.objects.get(username=f"{Role.SERVICE_OWNER.value}.{code}"), changed_at=BORN,
    )  # fmt: skip


def end_roles_of(person: Person, day: date) -> None:
    """Let every role of ``person`` end on ``day``."""
    RoleAssignment.objects.filter(person=person).update(valid_to=day)
