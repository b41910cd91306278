"""Who would receive a case now, and whether those whom the rules name are there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from django.utils.translation import gettext as _

from core.formats import in_sentence
from deviations.models import Deviation, RoutingRule
from deviations.routing import Route, at_work, route
from organization.models import RoleAssignment
from organization.roles import Role

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from deviations.models import DeviationType
    from organization.models import Unit


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a case of one kind in one unit would meet: who receives, who else sees it, and what is amiss."""

    route: Route | None
    is_confidential: bool
    sees_too: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def try_out(unit: Unit, *, category: str, type_: DeviationType | None, day: date) -> Outcome:
    """Return where a case that is not there yet would land, by the same rules as one that is."""
    case = Deviation(
        municipality_id=cast("int", unit.municipality_id), unit=unit, type=type_, category=type_.category if type_ else category
    )  # fmt: skip
    if type_ is None or not (type_.is_confidential or type_.confidential_roles):
        return Outcome(route(case, day=day), is_confidential=False)
    sees_too, warnings = _named(type_, unit, day)
    return Outcome(route(case, day=day), type_.is_confidential, sees_too, warnings)


def _named(type_: DeviationType, unit: Unit, day: date) -> tuple[list[str], list[str]]:
    rows = RoleAssignment.objects.in_force(day).filter(
        role__in=type_.confidential_roles, unit__municipality_id=unit.municipality_id, unit__path__in=unit.line_paths,
        person__is_active=True,
    )  # fmt: skip
    holders: dict[str, list[str]] = {}
    for row in rows.select_related("person").order_by("person__name_sort", "pk"):
        holders.setdefault(row.role, []).append(row.person.name)
    sees = [
        f"{', '.join(dict.fromkeys(names))} ({in_sentence(Role(role).label)})"
        for role, names in holders.items()
    ]
    missing = [role for role in type_.confidential_roles if role not in holders]
    warnings = [
        _("Ingen har rollen %(role)s her eller over, så ingen i den rollen ser saken.")
        % {"role": in_sentence(Role(role).label)}
        for role in missing
    ]
    return sees, warnings


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule with what is amiss with it today, or nothing."""

    rule: RoutingRule
    warning: str


def rule_lines(municipality: Unit, *, day: date) -> list[RuleLine]:
    """Return the rules of a municipality, those of a type before those of a category, in three queries or fewer."""
    rows = RoutingRule.objects.filter(municipality=municipality).select_related("unit", "type", "person")
    rules = sorted(
        rows, key=lambda rule: (rule.type_id is None, str(rule.type or rule.category), rule.unit.path)
    )
    held = _held_roles(municipality, {rule.role for rule in rules if rule.role}, day)
    here = at_work(rules, municipality.pk, day)
    return [RuleLine(rule, _warning(rule, held, here, day)) for rule in rules]


def _held_roles(municipality: Unit, roles: Iterable[str], day: date) -> set[tuple[str, str]]:
    rows = RoleAssignment.objects.in_force(day).filter(
        role__in=list(roles), unit__municipality=municipality, person__is_active=True
    )
    return set(rows.values_list("role", "unit__path"))


def _warning(rule: RoutingRule, held: set[tuple[str, str]], here: frozenset[int], day: date) -> str:
    if rule.unit.closed_on is not None and rule.unit.closed_on <= day:
        return _("Enheten er lagt ned.")
    if rule.type is not None and not rule.type.is_active:
        return _("Typen er ute av bruk.")
    if rule.person is not None and not rule.person.is_active:
        return _("Personen har sluttet. Nærmeste leder tar imot så lenge.")
    if rule.person is not None and rule.person_id not in here:
        return _("Personen har ingen rolle i kommunen lenger. Nærmeste leder tar imot så lenge.")
    if rule.role and not any((rule.role, path) in held for path in rule.unit.line_paths):
        return _("Ingen har rollen her eller over. Nærmeste leder tar imot så lenge.")
    return ""
