"""How many work in a unit, and which units are large enough that a figure points at nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count

from organization.models import Exposure, RoleAssignment

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date

    from organization.models import Unit

FEWEST = 5
"""People below whom a figure could point at somebody (domain/visibility)."""


def sizes_of(units: Collection[Unit], *, day: date) -> dict[int, float]:
    """Return how many people belong to each unit and below it, as far as is known.

    The larger of two: those whose main role is there, and the latest figure of årsverk, since
    many who work in a unit may have no role in the product yet.
    """
    places = {unit.municipality_id for unit in units}
    held = RoleAssignment.objects.in_force(day).filter(
        is_main=True, person__is_active=True, unit__municipality_id__in=places
    )
    here = dict(held.order_by().values_list("unit__path").annotate(people=Count("person", distinct=True)))
    figures = Exposure.objects.filter(
        kind=Exposure.Kind.WORK_YEARS, unit__municipality_id__in=places, period_start__lte=day
    )
    years = {pk: float(value) for pk, value in figures.order_by("period_start").values_list("unit", "value")}
    below = _below(units)
    sizes: dict[int, float] = {}
    for unit in sorted(units, key=lambda unit: -len(unit.path)):
        parts = sum(sizes[child.pk] for child in below.get(unit.path, ()))
        sizes[unit.pk] = max(here.get(unit.path, 0) + parts, years.get(unit.pk, 0.0))
    return sizes


def telling_units(units: Collection[Unit], sizes: Mapping[int, float]) -> set[int]:
    """Return the units whose figures can be shown so that no difference between them points at few people.

    A unit is left out when fewer than ``FEWEST`` work there.  What is left of the unit above when
    those shown are taken away must be nobody or at least ``FEWEST`` too; else the smallest of those
    shown is left out as well.  What lies below a unit that is left out is left out with it.
    """
    paths, below = {unit.path for unit in units}, _below(units)
    tops = [unit for unit in units if unit.path[: -unit.steplen] not in paths]
    waiting = [unit for unit in tops if sizes[unit.pk] >= FEWEST]
    shown: set[int] = set()
    while waiting:
        unit = waiting.pop()
        shown.add(unit.pk)
        waiting += _telling_parts(sizes[unit.pk], below.get(unit.path, []), sizes)
    return shown


def _telling_parts(whole: float, parts: Collection[Unit], sizes: Mapping[int, float]) -> list[Unit]:
    by_size = sorted(parts, key=lambda part: -sizes[part.pk])
    large = [part for part in by_size if sizes[part.pk] >= FEWEST]
    rest = whole - sum(sizes[part.pk] for part in large)
    while large and 0 < rest < FEWEST:
        rest += sizes[large.pop().pk]
    return large


def _below(units: Iterable[Unit]) -> dict[str, list[Unit]]:
    found: dict[str, list[Unit]] = {}
    for unit in units:
        found.setdefault(unit.path[: -unit.steplen], []).append(unit)
    return found
