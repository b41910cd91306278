"""What closing reminds people of: a plan of the line that nobody closes though nothing is left to measure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from benefits.closing.queries import ready_to_close
from core.reminders import Reminder, Step
from organization.actors import nearest_in_roles
from organization.roles import Role

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from django.db.models import QuerySet

    from organization.models import Person


def _due(_day: date) -> QuerySet[Any]:
    return ready_to_close().select_related("unit", "service_owner", "project_owner").order_by("pk")


def _due_on(row: Any) -> date:
    return timezone.localdate(row.ready_at)


def _answering(row: Any, level: int) -> Iterable[Person | None]:
    """Whoever takes the benefits out; later also who opened it, and the leader of the unit, as when somebody has left."""
    if level == 0:
        return [row.service_owner or row.project_owner]
    leaders = nearest_in_roles(
        [Role.LEADER, Role.SECTOR_LEADER], municipality_id=row.municipality_id, unit_path=row.unit.path
    )
    return [row.service_owner, row.project_owner, *leaders]


def _title(row: Any, _step: Step) -> str:
    return _("Gevinstplanen for «%(title)s» kan lukkes") % {"title": row.card_title}


def _body(_row: Any, _step: Step) -> str:
    return _("Det er ikke mer å måle. Si hva endringen ga, så er rapporten ferdig. Åpne gevinstplanen, og velg «Lukk planen».")  # fmt: skip


REMINDERS = (
    Reminder(
        key="plan_closing", due=_due, due_on=_due_on, recipients=_answering, title=_title, body=_body,
        steps=(Step(after=3), Step(after=20, level=1)),
    ),
)  # fmt: skip
