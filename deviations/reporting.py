"""What somebody who reports should know first: who leads, who can guess, and what is reported already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from deviations import triage
from deviations.models import Deviation, Question
from deviations.models.status import UNHURT
from organization.models import RoleAssignment
from organization.roles import Role

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from deviations.models import DeviationRules, DeviationType
    from organization.models import Person, Unit

_LEADERS = (Role.LEADER, Role.SECTOR_LEADER, Role.KOMMUNEDIREKTOR)
_RECENT = timedelta(days=30)
_MOST_ALIKE = 100


def leaders_of(unit: Unit, *, day: date, apart_from: int | None) -> tuple[Person, ...]:
    """Return the leaders on the nearest unit of the line that has any, stand-ins among them.

    :param apart_from: the person who asks; whoever leads the unit has the leader above.
    """
    rows = RoleAssignment.objects.in_force(day).filter(
        role__in=_LEADERS, unit__path__in=unit.line_paths, unit__municipality_id=unit.municipality_id,
        person__is_active=True,
    )  # fmt: skip
    by_unit: dict[str, list[Person]] = {}
    for row in rows.select_related("person", "unit"):
        by_unit.setdefault(row.unit.path, []).append(row.person)
    for path in sorted(by_unit, key=len, reverse=True):
        if apart_from not in {person.pk for person in by_unit[path]}:
            return tuple(dict.fromkeys(by_unit[path]))
    return ()


def is_small(unit: Unit, rules: DeviationRules, *, day: date) -> bool:
    """Tell whether so few work in the unit, and below it, that a reporter can be guessed."""
    held = RoleAssignment.objects.in_force(day).filter(
        unit__path__startswith=unit.path, unit__municipality_id=unit.municipality_id
    )
    people = held.order_by().values_list("person_id", flat=True).distinct()[: rules.small_unit]
    return len(people) < rules.small_unit


def questions_for(municipality_id: int, case: triage.Case, *, kind: str) -> list[Question]:
    """Return the questions that a report is asked, in the order of the catalogue.

    Suggestions and what went well start no duties, and are asked only what their type asks.
    """
    sets = [*(case.type.question_sets if case.type else ()), *(() if kind in UNHURT else (Question.TRIAGE,))]
    rows = Question.objects.active().filter(municipality_id=municipality_id, set__in=sets)
    return triage.asked(rows, case)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Open reports of one type in the same unit lately: how many, and the newest of them."""

    type_name: str
    count: int
    latest: datetime
    deviation_id: int


def alike_lately(
    unit: Unit, types: Collection[DeviationType], *, apart_from: int | None, now: datetime
) -> list[Alike]:
    """Return what is reported in ``unit`` in the last 30 days of ``types`` and still open.

    By type and not by words: who could search for words here would learn what others wrote.
    """
    rows = Deviation.objects.open().filter(
        unit=unit, type__in=types, is_confidential=False, reported_at__gte=now - _RECENT, type__is_confidential=False
    )  # fmt: skip
    found: dict[int, list[tuple[int, str, datetime]]] = {type_.pk: [] for type_ in types}
    columns = ("type_id", "pk", "type_name", "reported_at")
    others = rows.exclude(reporter_id=apart_from) if apart_from else rows
    for type_id, *rest in others.order_by("-reported_at").values_list(*columns)[:_MOST_ALIKE]:
        found[type_id].append((rest[0], rest[1], rest[2]))
    return [
        Alike(type_name=group[0][1], count=len(group), latest=group[0][2], deviation_id=group[0][0])
        for group in found.values()
        if group
    ]
