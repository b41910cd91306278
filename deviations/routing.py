"""Whose hands a case lands in, and why: never those of somebody it concerns.

First an explicit rule for the type or the category, on the nearest unit that has one, unless
whom it names has left; else the nearest leader up the line.  Whoever reported, and whomever the
case concerns, is passed over, so the case goes one level up (opplæringslova § 12-5, aml. § 2 A-3).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, CharField, DateField, Q
from django.utils.translation import gettext as _

from core.conditions import is_in_slot
from core.statements import Slot, prepare_records
from deviations.models import Anonymity, RoutingRule
from organization.models import Person, RoleAssignment
from organization.roles import Role

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import date

    from core.statements import Records
    from deviations.models import Deviation
    from organization.models import Unit

_PATHS = Slot("paths", ArrayField(CharField()))
_LEADERS = (Role.LEADER, Role.SECTOR_LEADER, Role.KOMMUNEDIREKTOR)


@dataclass(frozen=True, slots=True)
class Route:
    """The receiver, the unit the role is held on, and the reason in plain words."""

    person: Person
    unit: Unit | None
    why: str


@dataclass(frozen=True, slots=True)
class Roster:
    """The rules and the role holders of a whole municipality on a day, for routing many cases at once.

    ``at_work`` are those of the people whom the rules name that hold a role there.
    """

    rules: Sequence[RoutingRule]
    held: Sequence[RoleAssignment]
    at_work: frozenset[int]

    @classmethod
    def of(cls, municipality: Unit, day: date) -> Roster:
        found = RoutingRule.objects.filter(municipality=municipality).select_related("unit", "person", "type")
        rules = list(found)
        roles = {*_LEADERS, *(rule.role for rule in rules if rule.role)}
        held = RoleAssignment.objects.in_force(day).filter(
            role__in=roles, unit__municipality=municipality, person__is_active=True
        )
        return cls(rules, list(held.select_related("person", "unit")), at_work(rules, municipality.pk, day))


def route(
    deviation: Deviation, *, day: date, passed_over: Collection[int] = (), roster: Roster | None = None
) -> Route | None:
    """Return where the case belongs on ``day``, or ``None`` when nobody in the line can take it.

    :param passed_over: people who have sent the case on, and shall not get it again.
    :param roster: what would else be asked of the database, where many cases are routed.
    """
    barred = {*passed_over, *_concerned(deviation)}
    if deviation.reporter_id:
        barred.add(deviation.reporter_id)
    gone: RoutingRule | None = None
    for rule, receivers in _by_rule(deviation, day, roster):
        free = next((found for found in receivers if found.person.pk not in barred), None)
        if free is not None:
            return _told(free, gone)
        if rule.person is not None and not receivers:
            gone = gone or rule
    found = _in_line(deviation, day, barred, roster)
    return found and _told(found, gone)


def landing_of(deviation: Deviation, *, day: date) -> Route | None:
    """Return what ``route`` says of a case as it was loaded, asked for once: guard and step do not differ."""
    asked = (day, deviation.unit_id, deviation.category, deviation.type_id, deviation.reporter_id)
    known: dict[object, Route | None] = deviation.__dict__.setdefault("_landings", {})
    if asked not in known:
        known[asked] = route(deviation, day=day)
    return known[asked]


def leaders_above(deviation: Deviation, *, day: date, level: int) -> list[Person]:
    """Return the leaders ``level`` units with leaders above the receiver's, for escalation."""
    groups: list[list[Person]] = []
    barred = _concerned(deviation)
    for unit, people in _leaders_by_unit(deviation, day):
        del unit
        allowed = [person for person in people if person.pk not in barred]
        if allowed and deviation.responsible_id not in {person.pk for person in allowed}:
            groups.append(allowed)
    return groups[min(level, len(groups)) - 1] if groups and level else []


def _concerned(deviation: Deviation) -> set[int]:
    if deviation.pk is None:  # a case that is only thought of, to see where it would land
        return set()
    return {person.pk for person in deviation.concerned.all()}


def _by_rule(
    deviation: Deviation, day: date, roster: Roster | None
) -> Iterator[tuple[RoutingRule, list[Route]]]:
    """Yield the rules in their order, each with those who receive by it: none when whom it names has left."""
    rules = (
        _rules_for(deviation) if roster is None else [rule for rule in roster.rules if _fits(rule, deviation)]
    )
    here = at_work(rules, deviation.municipality_id, day) if roster is None else roster.at_work
    for rule in sorted(rules, key=lambda rule: (rule.type_id is None, -len(rule.unit.path), rule.pk)):
        why = _("Kommunens regel for «%(matter)s»") % {"matter": _matter(rule)}
        if rule.person is not None:
            yield rule, [Route(rule.person, rule.unit, why)] if rule.person.pk in here else []
        else:
            held = _holders((Role(rule.role),), deviation, day, roster)
            yield rule, [Route(row.person, row.unit, why) for row in held]


def at_work(rules: Sequence[RoutingRule], municipality_id: int, day: date) -> frozenset[int]:
    """Return whom the rules name that is still there; no query when they name nobody."""
    named = {rule.person_id for rule in rules if rule.person_id}
    if not named:
        return frozenset()
    return frozenset(
        Person.objects.at_work_in(municipality_id, day).filter(pk__in=named).values_list("pk", flat=True)
    )


def _told(found: Route, gone: RoutingRule | None) -> Route:
    """Return the route with why it was not the one whom a rule names."""
    if gone is None:
        return found
    why = _("%(why)s. Kommunens regel for «%(matter)s» nevner en som ikke arbeider i kommunen lenger")
    return replace(found, why=why % {"why": found.why, "matter": _matter(gone)})


def _matter(rule: RoutingRule) -> str:
    return str(rule.type or rule.get_category_display())


def _rules_for(deviation: Deviation) -> list[RoutingRule]:
    return _rules_of_line().load(
        category=deviation.category or None, type=deviation.type_id, municipality=deviation.municipality_id,
        paths=deviation.unit.line_paths,
    )  # fmt: skip


@cache
def _rules_of_line() -> Records[RoutingRule]:
    matter = Q(category=Slot("category", CharField())) | Q(type_id=Slot("type", BigIntegerField()))
    rows = RoutingRule.objects.filter(
        matter, is_in_slot("unit__path", _PATHS), municipality_id=Slot("municipality", BigIntegerField())
    )
    return prepare_records(rows, "unit", "person", "type")


def _fits(rule: RoutingRule, deviation: Deviation) -> bool:
    of_type = rule.type_id is not None and rule.type_id == deviation.type_id
    of_category = bool(rule.category) and rule.category == deviation.category
    return (of_type or of_category) and deviation.unit.path.startswith(rule.unit.path)


def _in_line(deviation: Deviation, day: date, barred: set[int], roster: Roster | None) -> Route | None:
    skipped = False
    for unit, people in _leaders_by_unit(deviation, day, roster):
        free = [person for person in people if person.pk not in barred]
        if free:
            return Route(free[0], unit, _why(unit, deviation, skipped=skipped))
        skipped = True
    return None


def _why(unit: Unit, deviation: Deviation, *, skipped: bool) -> str:
    if skipped and deviation.anonymity == Anonymity.HIDDEN:
        return _("Leder for %(unit)s, fordi nærmeste leder ikke kan ta imot saken") % {"unit": unit}
    if skipped:
        return _("Leder for %(unit)s, fordi nærmeste leder selv har meldt saken eller er omtalt i den") % {
            "unit": unit
        }
    if unit.pk == deviation.unit_id:
        return _("Leder for %(unit)s, der det skjedde") % {"unit": unit}
    return _("Nærmeste leder over %(place)s: leder for %(unit)s") % {"place": deviation.unit, "unit": unit}


def _leaders_by_unit(
    deviation: Deviation, day: date, roster: Roster | None = None
) -> Iterator[tuple[Unit, list[Person]]]:
    """Yield the units of the line that have leaders, nearest first.

    A stand-in comes before the person stood in for; a leader's own unit before what is above it.
    """
    groups: dict[int, tuple[Unit, list[Person]]] = {}
    for row in _holders(_LEADERS, deviation, day, roster):
        groups.setdefault(row.unit_id, (row.unit, []))[1].append(row.person)
    yield from groups.values()


def _holders(
    roles: tuple[Role, ...], deviation: Deviation, day: date, roster: Roster | None = None
) -> list[RoleAssignment]:
    paths = deviation.unit.line_paths
    if roster is not None:
        found = [row for row in roster.held if row.role in roles and row.unit.path in paths]
    else:
        found = _roles_of_line().load(
            day=day, roles=[*map(str, roles)], municipality=deviation.municipality_id, paths=paths
        )
    return sorted(found, key=lambda row: (-len(row.unit.path), row.stand_in_for_id is None, row.pk))


@cache
def _roles_of_line() -> Records[RoleAssignment]:
    rows = RoleAssignment.objects.in_force(Slot("day", DateField())).filter(
        is_in_slot("unit__path", _PATHS),
        is_in_slot("role", Slot("roles", ArrayField(CharField()))),
        unit__municipality_id=Slot("municipality", BigIntegerField()), person__is_active=True,
    )  # fmt: skip
    return prepare_records(rows, "person", "unit")
