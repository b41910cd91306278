"""What status reports remind people of: a month that is over, and a project that has not told how it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from core.formats import short_date
from core.reminders import Reminder, Step
from organization.actors import people_with
from organization.roles import Permission
from portfolio.status.calls import called_for, last_working_day, reminded_of_on

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from django.db.models import QuerySet

    from organization.models import Person

_TO_OWNER, _TO_PORTFOLIO = 1, 2


def _due(day: date) -> QuerySet[Any]:
    return called_for(reminded_of_on(day)).select_related("manager", "owner").order_by("pk")


def _due_on(project: Any) -> date:
    return last_working_day(project.asked_for)


def _reporting(project: Any, level: int) -> Iterable[Person | None]:
    """The manager; later also the owner, as when the manager has left; in the end also the portfolio manager."""
    people = [project.manager] if project.manager.is_active else [project.owner]
    if level >= _TO_OWNER:
        people.append(project.owner)
    if level >= _TO_PORTFOLIO or not any(person.is_active for person in people):
        people += people_with(Permission.MANAGE_PORTFOLIO, municipality_id=project.municipality_id)
    return people


def _title(project: Any, step: Step) -> str:
    words = {"name": project.name}
    if step.after > 0:
        return _("Statusrapporten for «%(name)s» mangler") % words
    return _("Skriv statusrapport for «%(name)s»") % words


def _body(project: Any, _step: Step) -> str:
    return _("Frist %(day)s. Velg «Skriv statusrapport» på prosjektets side. Det meste er fylt ut med tallene som finnes.") % {
        "day": short_date(_due_on(project))
    }  # fmt: skip


REMINDERS = (
    Reminder(
        key="status_due", due=_due, due_on=_due_on, recipients=_reporting, title=_title, body=_body,
        steps=(Step(after=-3), Step(after=0), Step(after=5, level=_TO_OWNER), Step(after=10, level=_TO_PORTFOLIO)),
    ),
)  # fmt: skip
