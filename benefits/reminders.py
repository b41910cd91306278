"""What benefits remind people of: measurements and pilots that are due, and who hears of it when nothing comes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from benefits.models import Measurement, Pilot, PulseRound
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


# --- The pilot --------------------------------------------------------------------------------------------
_LED = ("unit", "project_owner", "service_owner", "submitter")


def _ending(day: date) -> QuerySet[Any]:
    rows = Pilot.objects.to_be_decided_by(day + SOON * 2)
    return rows.select_related(*(f"initiative__{name}" for name in _LED)).order_by("pk")


def _ends_on(row: Pilot) -> date:
    return row.ends_on


def _pilots_leaders(row: Pilot, level: int) -> Iterable[Person | None]:
    """Whoever leads it; later everybody named on the initiative and the leader of the unit."""
    initiative = row.initiative
    named = [initiative.project_owner, initiative.service_owner, initiative.submitter]
    if level == 0:
        return [person for person in named if person is not None][:1]
    leaders = nearest_in_roles(
        [Role.LEADER, Role.SECTOR_LEADER], municipality_id=initiative.municipality_id, unit_path=initiative.unit.path
    )  # fmt: skip
    return [*named, *leaders]


def _pilot_title(row: Pilot, step: Step) -> str:
    words = {"title": row, "day": short_date(row.ends_on)}
    if step.after < 0:
        return _("Utprøvingen av «%(title)s» er ferdig %(day)s") % words
    return _("Avgjør utprøvingen av «%(title)s»") % words


def _pilot_body(row: Pilot, _step: Step) -> str:
    words = {"day": short_date(row.ends_on)}
    return (
        _("Siste dag er %(day)s. Gå videre eller stopp: begge deler er et resultat. Skriv hva dere lærte.")
        % words
    )


REMINDERS = (
    Reminder(
        key="pilot_ends", due=_ending, due_on=_ends_on, recipients=_pilots_leaders, title=_pilot_title, body=_pilot_body,
        steps=(Step(after=-5), Step(after=0), Step(after=5), Step(after=15, level=1)),
    ),
    Reminder(
        key="pulse_open", due=_open_pulses, due_on=_opens_on, recipients=_asked, title=_pulse_title, body=_pulse_body,
        steps=(Step(after=0), Step(after=5)),
    ),
    Reminder(
        key="measurement_due", due=_due, due_on=_due_on, recipients=_measurers, title=_title, body=_body,
        steps=(Step(after=-3), Step(after=0), Step(after=5), Step(after=15, level=1)),
    ),
)  # fmt: skip
