"""What the baton reminds people of: an answer that is due, and whoever handed over when none comes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from benefits.baton.telling import leadership_of
from benefits.models import Handover
from core.formats import short_date
from core.reminders import Reminder, Step

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from organization.models import Person

SOON = timedelta(days=7)


def _due(day: date) -> QuerySet[Any]:
    rows = Handover.objects.due_by(day + SOON)
    return rows.select_related("initiative__unit", "receiver", "offered_by").order_by("pk")


def _due_on(row: Handover) -> date:
    return row.due_on


def _holders(row: Handover, level: int) -> Iterable[Person | None]:
    """Whoever has the answer; later also who handed over, and the leadership."""
    leadership = leadership_of(row.initiative.municipality_id)
    first = leadership if row.is_with_leadership else [row.receiver]
    return first if level == 0 else [*first, row.offered_by, *leadership]


def _title(row: Handover, step: Step) -> str:
    words = {"title": row.initiative}
    late = _("Gevinstplanen for «%(title)s» venter på svar") % words
    return late if step.after > 0 else _("Ta imot gevinstplanen for «%(title)s»") % words


def _body(row: Handover, _step: Step) -> str:
    return _("Svarfristen er %(day)s. Svar ja, eller nei med en begrunnelse.") % {"day": short_date(row.due_on)}  # fmt: skip


REMINDERS = (
    Reminder(
        key="handover_due", due=_due, due_on=_due_on, recipients=_holders, title=_title, body=_body,
        steps=(Step(after=-2), Step(after=1), Step(after=5, level=1)),
    ),
)  # fmt: skip
