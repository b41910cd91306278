"""What the organisation reminds people of: that a consultation soon closes, and they have said nothing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import DateField, Value
from django.utils.translation import gettext as _

from core.formats import short_date
from core.reminders import Reminder, Step
from organization.consultation_queries import asked_in, said_nothing
from organization.models import Consultation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from organization.models import Person

SOON = timedelta(days=21)


def _closing(day: date) -> QuerySet[Any]:
    rows = Consultation.objects.open_on(day).filter(closes_on__lte=day + SOON)
    return rows.annotate(reminded_on=Value(day, DateField())).select_related("strategy").order_by("pk")


def _silent(consultation: Any, _level: int) -> Iterable[Person]:
    return said_nothing(consultation, asked_in(consultation, consultation.reminded_on))


def _title(consultation: Consultation, _step: Step) -> str:
    return _("Høringen av «%(strategy)s» avsluttes snart") % {"strategy": consultation.strategy}


def _body(consultation: Consultation, _step: Step) -> str:
    words = {"day": short_date(consultation.closes_on)}
    return _("Siste dag for innspill er %(day)s. Ingen merknader er også et svar.") % words


REMINDERS = (
    Reminder(
        key="consultation_closes", due=_closing, due_on=lambda row: row.closes_on, recipients=_silent,
        steps=(Step(after=-3), Step(after=0)), title=_title, body=_body,
    ),
)  # fmt: skip
