"""Check that all references in the content hold. Every error names the file and the key."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from demo.content.build import ContentError
from demo.content.check_meetings import check_meetings
from demo.content.check_stories import check_stories
from demo.content.tree import LEGAL_ENTITIES, holders

if TYPE_CHECKING:
    from collections.abc import Iterable

    from demo.content.collection import Content
    from demo.content.model import Person, Role

PARENT_KINDS = {
    "region": ("",),
    "municipality": ("region",),
    "sector": LEGAL_ENTITIES,
    "unit": ("sector",),
    "department": ("unit",),
}
SEATS = ("council_leader", "council_deputy", "council_member")


AREAS = frozenset({"progress", "economy", "quality", "risk", "resources", "benefits"})
_LEADING = frozenset({"leader", "sector_leader"})


def check(content: Content) -> None:
    """Check everything.

    :raises ContentError: at the first mistake.
    """
    for step in (
        _units,
        _people,
        _leaders,
        _councils,
        _groups_and_services,
        _strategies,
        _exposures,
        _ends,
        _lifts,
        check_stories,
        check_meetings,
        _benefits,
        _change_work,
        _pilots,
        _progress,
    ):
        step(content)


def _demand(holds: object, where: str, text: str) -> None:
    """Raise unless something holds."""
    if not holds:
        raise ContentError(f"{where}: {text}")


def _unique(file: str, keys: Iterable[object]) -> None:
    """Check that no key occurs twice."""
    twice = [key for key, count in Counter(keys).items() if count > 1]
    _demand(not twice, file, f"{twice} occurs more than once")


def _benefits(content: Content) -> None:
    """Check that plans are of benefits that stand in an intake, and that what is approved has an approver."""
    _unique("benefits.yaml", [plan.key for plan in content.benefits])
    told = {one.key: {benefit.title for benefit in one.benefits} for one in content.initiatives}
    for plan in content.benefits:
        where = f"benefits.yaml: {plan.key}"
        _demand(plan.key in told, where, "there is no such initiative")
        strange = {benefit.title for benefit in plan.benefits} - told[plan.key]
        _demand(not strange, where, f"the intake has no benefit {sorted(strange)}")
        _demand(plan.approved is None or plan.approver, where, "nobody approves the plan")


def _change_work(content: Content) -> None:
    """Check that change work is of an initiative, and that those it names are there."""
    _unique("change_work.yaml", (work.key for work in content.change_work))
    known = {one.key for one in content.initiatives}
    for work in content.change_work:
        where = f"change_work.yaml: {work.key}"
        _demand(work.key in known, where, "there is no such initiative")
        strange = work.people - set(content.people_by_username)
        _demand(not strange, where, f"unknown people {sorted(strange)}")


def _progress(content: Content) -> None:
    """Check that status reports are of initiatives, of known areas, and stand in the order of their days."""
    _unique("progress.yaml", (one.key for one in content.progress))
    known = {initiative.key for initiative in content.initiatives}
    for one in content.progress:
        where = f"progress.yaml: {one.key}"
        _demand(one.key in known, where, "there is no such initiative")
        _demand(one.by in content.people_by_username, where, f"unknown person {one.by}")
        days = [told.day for told in one.told]
        _demand(days == sorted(days), where, "the reports are not in the order of their days")
        for told in [*one.told, *([one.draft] if one.draft else [])]:
            areas = [*told.good, *told.watch, *told.bad, *told.unknown]
            _demand(
                len(areas) == len(set(areas)) and AREAS.issuperset(areas), where, f"strange areas {areas}"
            )


def _pilots(content: Content) -> None:
    """Check that pilots are of initiatives, and have a result where they are concluded."""
    _unique("pilots.yaml", (pilot.key for pilot in content.pilots))
    known = {one.key for one in content.initiatives}
    for pilot in content.pilots:
        where = f"pilots.yaml: {pilot.key}"
        _demand(pilot.key in known, where, "there is no such initiative")
        _demand(pilot.by in content.people_by_username, where, f"unknown person {pilot.by}")
        is_told = bool(pilot.outcome and pilot.learned)
        _demand(
            (pilot.concluded is not None) == is_told,
            where,
            "a conclusion is a day, a result and what was learned",
        )


def _units(content: Content) -> None:
    """Check kinds, codes and legal entities of the units."""
    tree = content.tree
    _unique("units.yaml", (unit.key for unit in content.units))
    _unique("units.yaml", ((tree.municipality(unit.key), unit.code) for unit in content.units))
    for unit in content.units:
        where = f"units.yaml: {unit.key}"
        parent = tree.units[unit.parent].kind if unit.parent else ""
        _demand(parent in PARENT_KINDS[unit.kind], where, f"a {unit.kind} cannot stand below {parent!r}")
        legal = unit.kind in LEGAL_ENTITIES
        _demand(
            bool(unit.orgnr) == legal and bool(unit.short_name) == legal,
            where,
            "legal entities, and only they, have orgnr and short_name",
        )
        _demand(unit.jobs or not unit.staff, where, "staff without a list of job titles")


def _people(content: Content) -> None:
    """Check user names, units and roles of the people."""
    _unique("people.yaml", (person.username for person in content.people))
    for person in content.people:
        where = f"people.yaml: {person.username}"
        _demand(person.unit in content.tree.units, where, f"unknown unit {person.unit}")
        for role in person.roles:
            _role(content, role, where)


def _role(content: Content, role: Role, where: str) -> None:
    """Check one role."""
    _demand(role.unit in content.tree.units, where, f"unknown unit {role.unit} of role {role.role}")
    _demand(
        role.start_day is None or role.end_day is None or role.start_day <= role.end_day,
        where,
        f"role {role.role} ends before it starts",
    )
    _demand(
        (role.allocated_percentage is not None) == (role.role == "coordinator"),
        where,
        "a coordinator, and nobody else, has allocated_percentage",
    )
    seat = role.role in (*SEATS, "council_substitute")
    _demand(seat == bool(role.council_field and role.competence), where, "a seat has field and competence")
    _demand(not role.sector or role.sector in content.tree.units, where, f"unknown sector {role.sector}")
    _demand(
        not role.stand_in_for or role.stand_in_for in content.people_by_username,
        where,
        f"unknown person {role.stand_in_for}",
    )


def _regular(found: list[tuple[Person, Role]]) -> list[tuple[Person, Role]]:
    """Return those who are not standing in for somebody."""
    return [(person, role) for person, role in found if not role.stand_in_for]


def _leaders(content: Content) -> None:
    """Check that every unit has one leader, every sector a sector leader and every office a leader."""
    for unit in content.units:
        where = f"units.yaml: {unit.key}"
        _demand(
            len(_regular(holders(content.people, "leader", unit.key, 0))) == 1, where, "one leader is needed"
        )
        if unit.kind == "sector":
            _demand(
                len(_regular(holders(content.people, "sector_leader", unit.key, 0))) == 1,
                where,
                "one sector leader is needed",
            )
        if unit.kind in LEGAL_ENTITIES:
            leading = [
                role for _, role in holders(content.people, "secretariat", unit.key, 0) if role.leading
            ]
            _demand(len(leading) == 1, where, "one leader of the secretariat is needed")


def _councils(content: Content) -> None:
    """Check that each legal entity has a council, and that each council covers every sector."""
    tree = content.tree
    _demand(
        {council.municipality for council in content.councils} == set(tree.municipalities),
        "councils.yaml",
        "each legal entity has one council",
    )
    for council in content.councils:
        covered = {
            role.sector
            for name in SEATS
            for _, role in holders(content.people, name, council.municipality, 0)
        }
        missing = set(tree.sectors(council.municipality)) - covered
        _demand(not missing, f"councils.yaml: {council.municipality}", f"nobody covers {sorted(missing)}")


def _groups_and_services(content: Content) -> None:
    """Check professional groups and services."""
    people = content.people_by_username
    _unique("groups.yaml", (group.key for group in content.groups))
    _unique("services.yaml", (service.key for service in content.services))
    for group in content.groups:
        unknown = {group.responsible, *group.members} - set(people)
        _demand(not unknown, f"groups.yaml: {group.key}", f"unknown people {sorted(unknown)}")
        _demand(group.owner in content.tree.municipalities, f"groups.yaml: {group.key}", "unknown owner")
    for service in content.services:
        where = f"services.yaml: {service.key}"
        _demand(service.unit in content.tree.units, where, f"unknown unit {service.unit}")
        owner = people.get(service.owner)
        _demand(owner, where, f"unknown owner {service.owner}")
        owns = owner and any(role.role == "service_owner" and role.covers(0) for role in owner.roles)
        _demand(owns, where, f"{service.owner} is no service owner")


def _strategies(content: Content) -> None:
    """Check that each legal entity has one strategy with goals in two levels."""
    _unique("strategy.yaml", (strategy.municipality for strategy in content.strategies))
    _unique("strategy.yaml", (goal.key for strategy in content.strategies for goal in strategy.goals))
    for strategy in content.strategies:
        own = {goal.key: goal for goal in strategy.goals}
        for goal in strategy.goals:
            where = f"strategy.yaml: {strategy.key}.{goal.key}"
            _demand(goal.owner in content.people_by_username, where, f"unknown owner {goal.owner}")
            _demand(not goal.parent or not own[goal.parent].parent, where, "goals have two levels")
            unknown = set(goal.units) - set(content.tree.units)
            _demand(not unknown, where, f"unknown units {sorted(unknown)}")


def _exposures(content: Content) -> None:
    """Check the denominators."""
    _unique("exposure.yaml", ((exposure.unit, exposure.measure) for exposure in content.exposures))
    for exposure in content.exposures:
        where = f"exposure.yaml: {exposure.unit}"
        _demand(exposure.unit in content.tree.units, where, "unknown unit")
        _demand(exposure.values, where, "no values")


def _ends(content: Content) -> None:
    """Check that what is merged goes into something that is still open, and that what is transferred says where."""
    open_ones = {
        one.key
        for one in content.deviations
        if one.ends not in {"closed", "dismissed", "merged", "transferred"}
    }
    for entry in content.deviations:
        where = f"deviations.yaml: {entry.key}"
        _demand((entry.ends == "merged") == bool(entry.into), where, "merged, and into nothing")
        _demand(not entry.into or entry.into in open_ones, where, f"nothing open is called {entry.into}")
        _demand((entry.ends == "transferred") == bool(entry.to), where, "transferred, and to nobody")


def _lifts(content: Content) -> None:
    """Check that those who answer a raised problem are there, and that what they ask is answered."""
    leaders = {p.username for p in content.people if any(r.role in _LEADING for r in p.roles)}
    for entry in content.deviations:
        if (lift := entry.lift) is None:
            continue
        where = f"deviations.yaml: {entry.key}"
        people = {*lift.same, *([lift.offer.by] if lift.offer else [])}
        _demand(people <= leaders, where, f"{sorted(people - leaders)} lead nothing")
        _demand(not lift.sector or lift.sector in content.tree.units, where, f"unknown sector {lift.sector}")
        _demand(not lift.talk or lift.asks in content.people_by_username, where, f"unknown {lift.asks}")
        solved = entry.ends in {"actions_running", "evaluating", "closed"}
        _demand(not solved or lift.offer, where, "nobody solves what it says is solved")
