"""What benefits remind people of: measurements that are due, and who hears of it when none come."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from benefits.models import Measurement, PulseRound
from benefits.operations.pulse import workers_of
from core.formats import short_date
from core.reminders import Reminder, Step
from organization.actors import nearest_in_roles
from organization.models import Person
from organization.roles import Role

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

SOON = timedelta(days=7)


def _due(day: date) -> QuerySet[Any]:
    rows = Measurement.objects.called_for(day + SOON)
    return rows.select_related(
        "indicator__responsible", "indicator__benefit__service_owner", "indicator__benefit__initiative__unit",
        "indicator__benefit__initiative__project_owner",
    ).order_by("pk")  # fmt: skip


def _measurers(row: Measurement, level: int) -> Iterable[Person | None]:
    """Whoever measures; later also the service owner and the leader of the unit, as when somebody has left."""
    benefit = row.indicator.benefit
    first = row.indicator.responsible or benefit.service_owner
    if level == 0:
        return [first]
    initiative = benefit.initiative
    leaders = nearest_in_roles(
        [Role.LEADER, Role.SECTOR_LEADER],
        municipality_id=initiative.municipality_id,
        unit_path=initiative.unit.path,
    )
    return [first, benefit.service_owner, initiative.project_owner, *leaders]


def _title(row: Measurement, step: Step) -> str:
    words = {"name": row.indicator.name}
    if step.after > 0:
        return _("Målingen «%(name)s» mangler") % words
    return (
        _("Nullpunktet «%(name)s» skal måles") % words
        if row.is_baseline
        else _("«%(name)s» skal måles") % words
    )


def _body(row: Measurement, _step: Step) -> str:
    return _("Gevinsten «%(title)s», måledag %(day)s. Lenka åpner ett felt.") % {
        "title": row.indicator.benefit, "day": short_date(row.due_on),
    }  # fmt: skip


def _due_on(row: Measurement) -> date:
    return row.due_on


# --- The pulse: everybody who is asked is reminded, so that no ledger tells who has answered --------------
def _open_pulses(day: date) -> QuerySet[Any]:
    return PulseRound.objects.open_on(day).select_related("initiative").order_by("pk")


def _opens_on(row: PulseRound) -> date:
    return row.opens_on


def _asked(row: PulseRound, _level: int) -> Iterable[Person]:
    units = [group.unit for group in row.groups.select_related("unit")]
    return Person.objects.filter(pk__in=workers_of(units, row.opens_on)).order_by("pk")


def _pulse_title(row: PulseRound, _step: Step) -> str:
    return _("Fem spørsmål om «%(title)s»") % {"title": row.initiative.card_title}


def _pulse_body(row: PulseRound, step: Step) -> str:
    words = _("Det tar under ett minutt, og ingen kan se hva du svarer. Siste dag er %(day)s.") % {
        "day": short_date(row.closes_on)
    }
    return f"{words} {_('Takk til deg som alt har svart.')}" if step.after else words


REMINDERS = (
    Reminder(
        key="pulse_open", due=_open_pulses, due_on=_opens_on, recipients=_asked, title=_pulse_title, body=_pulse_body,
        steps=(Step(after=0), Step(after=5)),
    ),
    Reminder(
        key="measurement_due", due=_due, due_on=_due_on, recipients=_measurers, title=_title, body=_body,
        steps=(Step(after=-3), Step(after=0), Step(after=5), Step(after=15, level=1)),
    ),
)  # fmt: skip
