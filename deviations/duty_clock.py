"""The clocks of statutory duties: absolute hours from the discovery, and who hears when they run.

Hours are hours: a clock that crosses daylight saving time is neither an hour short nor long
(regulation 1182/71 art. 3).  ``run`` looks at every open duty whose deadline is not met; for each
hour of its template that has passed, each person is told exactly once.  The ledger row and the notice are written
together, so re-runs, two workers and a killed one are harmless.

Only who reads the case is told what it is about.  When a role cannot, the kommunedirektør
hears instead; one who cannot either, as of a confidential case, learns that some duty stands
open and nothing else: no number, unit, type, duty or name.  Whoever the case concerns hears nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone

from core import notices
from core.actors import actor_of
from core.models import ReminderEntry
from deviations import telling
from deviations.models import Deviation, Duty, DutyTemplate
from deviations.models.status import OPEN
from organization.actors import people_in_roles
from organization.roles import Role

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from django.db.models import QuerySet

    from organization.models import Person

log = structlog.get_logger("stafett.duties")
LEDGER = "duty_clock"


def hours_after(moment: datetime, hours: int) -> datetime:
    """Return the moment so many absolute hours later.

    With the time zone of Oslo, Python would add the hours to what the clock on the wall shows.
    """
    return moment.astimezone(UTC) + timedelta(hours=hours)


def passed(template: DutyTemplate, discovered_at: datetime, now: datetime) -> list[int]:
    """Return the hours of the template that have passed since the discovery, in order."""
    return [
        hour for hour in sorted(set(template.escalation_hours)) if hours_after(discovered_at, hour) <= now
    ]


def run(*, now: datetime) -> int:
    """Tell of every hour that has passed for an open duty, and return how many notices were new."""
    rows = Duty.objects.open().unmet().filter(deviation__status__in=OPEN).order_by("pk")
    duties = list(rows.select_related("deviation__handler", "deviation__responsible"))
    templates = _templates({duty.deviation.municipality_id for duty in duties})
    this = _Round(now, _given(duties))
    new = 0
    for duty in duties:
        template = templates.get((duty.deviation.municipality_id, duty.code))
        hours = passed(template, duty.deviation.discovered_at, now) if template else []
        if template and hours and not this.has_told(duty, template, hours):
            new += _escalate(duty, template, hours, this)
    if new:
        log.info("duties escalated", count=new)
    return new


@dataclass(slots=True)
class _Round:
    """One run: what the ledger held when it began, and who holds which roles."""

    now: datetime
    given: set[tuple[int, int, str]]
    _holders: dict[tuple[int, tuple[str, ...]], list[Person]] = field(default_factory=dict)

    def holders(self, roles: Iterable[str], case: Deviation) -> list[Person]:
        key = (case.municipality_id, tuple(roles))
        if key not in self._holders:
            named = [Role(role) for role in key[1]]
            self._holders[key] = people_in_roles(
                named, municipality_id=key[0], day=timezone.localdate(self.now)
            )
        return self._holders[key]

    def has_told(self, duty: Duty, template: DutyTemplate, hours: Sequence[int]) -> bool:
        people = [*self.holders(template.escalation_roles, duty.deviation), *_in_charge(duty.deviation)]
        return all((duty.pk, person.pk, _period(hour)) in self.given for person in people for hour in hours)


def _templates(places: Collection[int]) -> dict[tuple[int, str], DutyTemplate]:
    rows = DutyTemplate.objects.filter(municipality_id__in=places).exclude(escalation_hours=[])
    return {(row.municipality_id, row.code): row for row in rows}


def _given(duties: Sequence[Duty]) -> set[tuple[int, int, str]]:
    rows = entries().filter(object_id__in=[duty.pk for duty in duties])
    return set(rows.values_list("object_id", "person_id", "period"))


def entries() -> QuerySet[ReminderEntry]:
    """Return what the ledger holds of duties: one row per duty, hour and person."""
    return ReminderEntry.objects.filter(reminder=LEDGER, content_type=_kind())


def _kind() -> ContentType:
    return ContentType.objects.get_for_model(Duty)


def _period(hour: int) -> str:
    return f"{hour}h"


def _in_charge(case: Deviation) -> list[Person]:
    person = case.handler or case.responsible
    return [person] if person is not None else []


def _escalate(duty: Duty, template: DutyTemplate, hours: Sequence[int], this: _Round) -> int:
    """Tell those who read the case, and of what they do not read the kommunedirektør."""
    case = duty.deviation
    with transaction.atomic():
        # Somebody may be stamping it this very moment, or another worker telling of it: then there is another round.
        if not Duty.objects.open().unmet().select_for_update(skip_locked=True).filter(pk=duty.pk):
            return 0
        asked = this.holders(template.escalation_roles, case)
        readers = [person for person in asked if _reads(person, case)]
        above: list[Person] = []
        if len(readers) < len(asked):
            above = this.holders([Role.KOMMUNEDIREKTOR], case)
            readers += [person for person in above if _reads(person, case)]
        told = dict.fromkeys([*readers, *(person for person in _in_charge(case) if _reads(person, case))])
        hidden = [person for person in above if person not in told and not _is_about(case, person)]
        return sum(_tell(person, duty, hours, this.now, seen=person in told) for person in [*told, *hidden])


def _tell(person: Person, duty: Duty, hours: Sequence[int], now: datetime, *, seen: bool) -> int:
    """Enter each hour once in the ledger; several that have passed since the last run make one notice."""
    new = [hour for hour in hours if _enter(person, duty, hour, now)]
    if not new:
        return 0
    if seen:
        draft, about = telling.duty_stands_open(duty, person, hours=new[-1]), duty.deviation
    else:
        draft, about = telling.some_duty_stands_open(duty, person, hours=new[-1]), duty.deviation.municipality
    return len(notices.post([draft], about=about, now=now))


def _enter(person: Person, duty: Duty, hour: int, now: datetime) -> bool:
    _entry, is_new = ReminderEntry.objects.get_or_create(
        reminder=LEDGER, content_type=_kind(), object_id=duty.pk, person=person, period=_period(hour),
        defaults={"given_at": now},
    )  # fmt: skip
    return is_new


def _reads(person: Person, case: Deviation) -> bool:
    return Deviation.objects.readable_by(actor_of(person)).filter(pk=case.pk).exists()


def _is_about(case: Deviation, person: Person) -> bool:
    return case.concerned.filter(pk=person.pk).exists()
