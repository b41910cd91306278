"""Units, people, roles, services, groups, strategies, figures, rules and mandates of the fictional region."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from django.contrib.auth.hashers import make_password
from django.db import transaction

from core.actors import System
from core.history import record
from demo.content import model
from demo.content.calendar import OSLO, moment, working_day
from demo.people import everyone
from governance.models import CouncilMandate, Delegation, GovernanceRules, Organ
from governance.models.delegation import standard_rows
from organization.bodies import PoliticalBody
from organization.models import (
    Exposure,
    Goal,
    Person,
    ProfessionalGroup,
    RoleAssignment,
    Service,
    Strategy,
    Unit,
)
from organization.operations import create_unit

if TYPE_CHECKING:
    from demo.content.collection import Content

PASSWORD = "stafett-demo"  # noqa: S105 - everybody's, and only in the demo
SEEDER = System("demo")
LONG_AGO = 1500  # calendar days before the anchor: since when old roles and units stand
_MEASURES = {
    "arsverk": Exposure.Kind.WORK_YEARS,
    "users": Exposure.Kind.USERS,
    "resident_days": Exposure.Kind.RESIDENT_DAYS,
}


@dataclass
class Index:
    """The rows made so far, by the keys of the content files."""

    anchor: date
    units: dict[str, Unit] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    goals: dict[str, list[Goal]] = field(default_factory=dict)
    groups: dict[str, ProfessionalGroup] = field(default_factory=dict)

    @property
    def beginning(self) -> datetime:
        return datetime.combine(self.anchor - timedelta(days=LONG_AGO), time(8), tzinfo=OSLO)

    def day(self, offset: int) -> date:
        return working_day(self.anchor, offset)

    def at(self, offset: int, clock: str = "09:00") -> datetime:
        return moment(self.anchor, offset, clock)


@transaction.atomic
def seed_organization(content: Content, anchor: date) -> Index:
    """Write the organization as it stands, with the periods of the roles."""
    index = Index(anchor)
    for unit in content.units:
        index.units[unit.key] = create_unit(
            name=unit.name, kind=unit.kind, code=unit.code, parent=index.units.get(unit.parent), by=SEEDER,
            now=index.beginning, short_name=unit.short_name, orgnr=unit.orgnr,
        )  # fmt: skip
    with record("seed", actor=SEEDER):
        _people(index)
        _services(content, index)
        _groups(content, index)
        _strategies(content, index)
        _figures(content, index)
        _councils(content, index)
    return index


def _people(index: Index) -> None:
    secret = make_password(PASSWORD)
    known = everyone()
    made = Person.objects.bulk_create([
        Person(
            username=person.username, name=person.name, title=person.title, email=person.email, password=secret,
            changed_at=index.beginning,
        )
        for person in known
    ])  # fmt: skip
    index.people = {person.username: person for person in made}
    roles = [row for person in known for row in _roles_of(person, index)]
    RoleAssignment.objects.bulk_create(roles)


def _roles_of(person: model.Person, index: Index) -> list[RoleAssignment]:
    rows = [_role(role, person, index) for role in person.roles]
    if person.employed:
        employment = model.Role(role="employee", unit=person.unit)
        rows.insert(0, _role(employment, person, index, is_main=True))
    elif rows:
        rows[0].is_main = True
    return rows


def _role(role: model.Role, person: model.Person, index: Index, *, is_main: bool = False) -> RoleAssignment:
    begins = index.beginning.date() if role.start_day is None else index.day(role.start_day)
    # The content counts the last day in; the register holds the first day without the role.
    ends = None if role.end_day is None else index.day(role.end_day) + timedelta(days=1)
    return RoleAssignment(
        person=index.people[person.username], role=role.role, unit=index.units[role.unit], valid_from=begins,
        valid_to=ends, is_main=is_main, is_leading=role.leading, allocated_percentage=role.allocated_percentage,
        field=role.council_field, competence=role.competence, stand_in_for=index.people.get(role.stand_in_for),
        changed_at=datetime.combine(begins, time(8), tzinfo=OSLO),
    )  # fmt: skip


def _services(content: Content, index: Index) -> None:
    for service in content.services:
        unit = index.units[service.unit]
        Service.objects.create(
            municipality_id=cast("int", unit.municipality_id), unit=unit, name=service.name, description=service.description,
            service_owner=index.people[service.owner], changed_at=index.beginning,
        )  # fmt: skip


def _groups(content: Content, index: Index) -> None:
    for group in content.groups:
        row = ProfessionalGroup.objects.create(
            municipality=index.units[group.owner], name=group.name, purpose=group.description,
            responsible=index.people[group.responsible], changed_at=index.beginning,
        )  # fmt: skip
        row.members.set([index.people[name] for name in group.members])
        index.groups[group.key] = row


_BODIES = {str(body.label): body.value for body in PoliticalBody}


def _strategies(content: Content, index: Index) -> None:
    for strategy in content.strategies:
        row = Strategy.objects.create(
            municipality=index.units[strategy.municipality], title=strategy.title, version=strategy.version,
            adopted_on=index.day(strategy.adopted_day), adopted_body=_BODIES[strategy.adopted_by],
            adopted_reference=strategy.reference,
            changed_at=index.at(strategy.adopted_day),
        )  # fmt: skip
        for goal in strategy.goals:
            _goal(goal, row, index)


def _goal(goal: model.Goal, strategy: Strategy, index: Index) -> None:
    """Write a goal; one that is broken down to several units becomes a part per unit."""
    parent = index.goals[goal.parent][0] if goal.parent else None
    code = goal.key.lstrip("abcdefghijklmnopqrstuvwxyz").replace("-", ".")
    common = {
        "strategy": strategy, "title": goal.title, "indicator": goal.indicator, "owner": index.people[goal.owner],
        "changed_at": strategy.changed_at,
    }  # fmt: skip
    home = index.units[goal.units[0]] if len(goal.units) == 1 else strategy.municipality
    whole = Goal.objects.create(parent=parent, unit=home, code=code, **common)
    parts = goal.units if len(goal.units) > 1 else []
    broken_down = [
        Goal.objects.create(parent=whole, unit=index.units[unit], code=f"{code}.{number}", **common)
        for number, unit in enumerate(parts, start=1)
    ]
    index.goals[goal.key] = [whole, *broken_down]


def _figures(content: Content, index: Index) -> None:
    Exposure.objects.bulk_create([
        Exposure(
            unit=index.units[figure.unit], kind=_MEASURES[figure.measure], source=figure.source,
            period_start=date(year, 1, 1), period_end=date(year, 12, 31), value=Decimal(str(value)),
            changed_at=index.beginning,
        )
        for figure in content.exposures
        for year, value in figure.values.items()
    ])  # fmt: skip


def _councils(content: Content, index: Index) -> None:
    for council in content.councils:
        municipality = index.units[council.municipality]
        GovernanceRules.objects.create(municipality=municipality, changed_at=index.beginning)
        parts = (2, 3) if council.quorum == "two_thirds" else (1, 2)
        mandate = CouncilMandate.objects.create(
            municipality=municipality, version="1", adopted_by=council.reference,
            valid_from=index.day(council.adopted_day), quorum_numerator=parts[0], quorum_denominator=parts[1],
            papers_days=council.summons_days, may_lift_without_endorsement=council.lift_without_endorsement,
            endorsement_days=council.endorsement_days, hearing_days=council.hearing_days, heard_always=council.heard_always,
            answer_required=council.answer_required, counted_years=council.operation_years, changed_at=index.at(council.adopted_day),
        )  # fmt: skip
        Delegation.objects.bulk_create(_matrix(council, mandate))


def _matrix(council: model.Council, mandate: CouncilMandate) -> list[Delegation]:
    rows = standard_rows(mandate)
    for row in rows:
        row.conditions = council.conditions.get(row.organ, "")
        if row.organ == Organ.SECRETARIAT:
            row.amount, row.yearly_frame = (
                Decimal(council.secretariat_amount),
                Decimal(council.secretariat_year_frame),
            )
            row.operation_limit = Decimal(council.secretariat_operation)
        elif row.organ == Organ.COUNCIL:
            row.amount = Decimal(council.council_amount)
    return rows
