"""A region with three municipalities of 40 units and 530 people each; the same whatever the size.

An organisation that stands already is used as it is.  ``bench_place`` then tells the other
generators which municipalities there are, how much happens in each, and who does what there.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import accumulate
from typing import TYPE_CHECKING

from bench import sql, words
from core.actors import System
from core.history import record
from governance.models import CouncilMandate, Delegation, GovernanceRules
from governance.models.delegation import standard_rows
from organization.models import Goal, Person, RoleAssignment, Service, Strategy, Unit
from organization.operations import create_unit
from organization.roles import Role

if TYPE_CHECKING:
    from datetime import date

    from bench.plan import Plan

ORDER = 10
BY = System("bench")
SECTORS, UNITS, EMPLOYEES = 5, 8, 12
YEARS = 12
LEADER_CASES = 10
"""Initiatives that each leader has raised, whatever the size: their own pages show the same."""
_ON_TOP = (
    *[Role.SECRETARIAT] * 2, *[Role.COORDINATOR] * 4, Role.COUNCIL_LEADER, Role.COUNCIL_DEPUTY,
    *[Role.COUNCIL_MEMBER] * 5, *[Role.COUNCIL_SUBSTITUTE] * 2, Role.CHIEF_OF_FINANCE, Role.KOMMUNEDIREKTOR,
    *[Role.PORTFOLIO_MANAGER] * 2, *[Role.SERVICE_OWNER] * 8, *[Role.PROJECT_OWNER] * 6, *[Role.PROJECT_MANAGER] * 10,
    Role.ARCHIVIST, Role.PRIVACY_OFFICER, Role.VERNEOMBUD, Role.TILLITSVALGT, Role.ELECTED_REPRESENTATIVE,
    Role.ADMINISTRATOR, Role.QUALITY_MANAGER,
)  # fmt: skip


def generate(plan: Plan) -> None:
    if not Unit.objects.exists():
        _build(plan)
    _place_table(plan.day)


def _build(plan: Plan) -> None:
    born = datetime.combine(plan.day - timedelta(days=365 * YEARS), time(8), tzinfo=UTC)
    region = create_unit(name="Fjordregionen", kind="region", code="region", parent=None, by=BY, now=born)
    with record("seed", actor=BY):
        _fill(region, "region", born)
        for name, code in (("Storvik", "storvik"), ("Midtdal", "midtdal"), ("Lillenes", "lillenes")):
            top = create_unit(
                name=f"{name} kommune", kind="municipality", code=code, parent=region, by=BY, now=born
            )
            _fill(top, code, born)


def _fill(top: Unit, code: str, born: datetime) -> None:
    """Give a municipality its tree, people, rules and goals; a region has one sector only."""
    staff = _Staff(code, born)
    for number in range(1, (SECTORS if top.kind == "municipality" else 1) + 1):
        sector = create_unit(
            name=f"Sektor {number} {code}",
            kind="sector",
            code=f"{code}-{number}",
            parent=top,
            by=BY,
            now=born,
        )
        staff.hire(Role.SECTOR_LEADER, sector)
        for part in range(1, UNITS + 1):
            unit = create_unit(
                name=f"Enhet {number}.{part} {code}", kind="unit", code=f"{code}-{number}-{part}", parent=sector,
                by=BY, now=born,
            )  # fmt: skip
            staff.hire(Role.LEADER, unit)
            for _ in range(EMPLOYEES):
                staff.hire(Role.EMPLOYEE, unit)
    for role in _ON_TOP:
        staff.hire(role, top)
    staff.write()
    _rules(top, born)


class _Staff:
    """People and their roles, written in two statements."""

    def __init__(self, code: str, born: datetime) -> None:
        self.code, self.born = code, born
        self.people: list[Person] = []
        self.roles: list[RoleAssignment] = []

    def hire(self, role: Role, unit: Unit) -> None:
        number = len(self.people)
        first, last = words.FIRST_NAMES[number % 26], words.LAST_NAMES[number // 26 % 22]
        person = Person(
            username=f"{role.value}.{self.code}.{number}", name=f"{first} {last}", title=str(role.label), password="!",
            email=f"person{number}@{self.code}.example", changed_at=self.born,
        )  # fmt: skip
        self.people.append(person)
        self.roles.append(
            RoleAssignment(
                person=person, role=role, unit=unit, valid_from=self.born.date(), is_main=True,
                is_leading=role == Role.SECRETARIAT, changed_at=self.born,
            )
        )  # fmt: skip

    def write(self) -> None:
        Person.objects.bulk_create(self.people)
        RoleAssignment.objects.bulk_create(self.roles)


def _rules(top: Unit, born: datetime) -> None:
    start = born.date()
    GovernanceRules.objects.create(municipality=top, changed_at=born)
    mandate = CouncilMandate.objects.create(municipality=top, version="1", valid_from=start, changed_at=born)
    Delegation.objects.bulk_create(standard_rows(mandate))
    strategy = Strategy.objects.create(
        municipality=top,
        title="Digitaliseringsstrategi",
        version="1",
        adopted_on=start,
        adopted_body="kommunestyre",
        adopted_reference="PS 1/24",
        changed_at=born,
    )
    for number in range(1, 9):
        Goal.objects.create(
            strategy=strategy, unit=top, code=str(number), title=f"Mål {number}", changed_at=born
        )
    for number in range(1, 21):
        Service.objects.create(municipality=top, unit=top, name=f"Tjeneste {number}", changed_at=born)


_GROUPS = {
    "employees": ["employee"], "leaders": ["leader"], "sector_leaders": ["sector_leader"],
    "handlers": ["coordinator", "secretariat"], "service_owners": ["service_owner"],
    "project_owners": ["project_owner"], "project_managers": ["project_manager"],
    "council": ["council_leader", "council_deputy", "council_member"], "hearers": ["verneombud", "tillitsvalgt"],
    "directors": ["kommunedirektor"],
}  # fmt: skip


def _place_table(day: date) -> None:
    """Make ``bench_place`` (per municipality) and ``bench_leader`` (per leader of a unit)."""
    held = f"valid_from <= '{day}' and (valid_to is null or valid_to > '{day}')"
    people = ", ".join(
        f"array_agg(person_id order by person_id) filter (where role = any({sql.literal(roles)})) as {name}"
        for name, roles in _GROUPS.items()
    )
    sql.run(f"""
        create temporary table bench_place on commit drop as
        select share.*, held.*, top.kind = 'region' as is_region,
            array(select id from organization_unit u where u.municipality_id = share.municipality_id
                  and kind not in ('region', 'municipality', 'sector') order by id) as units,
            array(select g.id from organization_goal g join organization_strategy s on s.id = g.strategy_id
                  where s.municipality_id = share.municipality_id order by g.id) as goals,
            array(select id from organization_unit u where u.region_id = share.municipality_id
                  and u.kind = 'municipality' order by id) as members,
            (select min(id) from governance_councilmandate m where m.municipality_id = share.municipality_id) as mandate_id
        from (values {_shares()}) as share (municipality_id, low, high)
        join organization_unit top on top.id = share.municipality_id
        join (select u.municipality_id as place_id, {people} from organization_roleassignment r
              join organization_unit u on u.id = r.unit_id where {held} group by 1) held
            on held.place_id = share.municipality_id
    """)
    sql.run(f"""
        create temporary table bench_leader on commit drop as
        select row_number() over (order by r.id) - 1 as number, r.person_id, r.unit_id, u.municipality_id
        from organization_roleassignment r join organization_unit u on u.id = r.unit_id
        where r.role = 'leader' and {held}
    """)


def _shares() -> str:
    """Return which part of all draws falls to each municipality: the most to the first, the least to a region."""
    tops = list(Unit.objects.legal_entities().order_by("path").values_list("pk", "kind"))
    order = [pk for pk, kind in tops if kind != "region"] + [pk for pk, kind in tops if kind == "region"]
    weights = [1 / (at + 1) if at < len(order) - 1 else 0.15 for at in range(len(order))]
    ends = list(accumulate(weight / sum(weights) for weight in weights))
    return ", ".join(
        f"({pk}::bigint, {low}::float8, {high}::float8)"
        for pk, low, high in zip(order, [0.0, *ends], [*ends[:-1], 1.1], strict=False)
    )
