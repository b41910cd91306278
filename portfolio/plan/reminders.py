"""What plans remind people of: milestones that are due or late."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from core.formats import short_date
from core.reminders import Reminder, Step
from portfolio.models import Milestone

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from organization.models import Person

_SOON = timedelta(days=7)


def _due(day: date) -> QuerySet[Any]:
    rows = Milestone.objects.open().filter(expected_on__lte=day + _SOON)
    return rows.select_related("responsible", "project__manager", "project__owner").order_by("pk")


def _due_on(milestone: Milestone) -> date:
    return milestone.expected_on


def _answering(milestone: Milestone, level: int) -> Iterable[Person | None]:
    """Whoever is responsible, else the project's manager, else its owner; later all three."""
    project = milestone.project
    line = [milestone.responsible, project.manager, project.owner]
    if level:
        return line
    return [next((person for person in line if person is not None and person.is_active), project.owner)]


def _title(milestone: Milestone, step: Step) -> str:
    words = {"name": milestone.name}
    if step.after > 0:
        return _("Milepælen «%(name)s» er over datoen") % words
    return _("Milepælen «%(name)s» nærmer seg") % words


def _body(milestone: Milestone, _step: Step) -> str:
    words = {"project": milestone.project.name, "day": short_date(milestone.expected_on)}
    return _("«%(project)s». Ventet %(day)s. Merk den som nådd, eller flytt den og si hvorfor.") % words


REMINDERS = (
    Reminder(
        key="milestone_due", due=_due, due_on=_due_on, recipients=_answering, title=_title, body=_body,
        steps=(Step(after=-3), Step(after=1), Step(after=5), Step(after=15, level=1)),
    ),
)  # fmt: skip
