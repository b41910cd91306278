"""Who is told what about the consultation of a strategy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from core.formats import long_date
from core.notices import Draft
from organization.actors import people_in_roles
from organization.consultation_queries import asked_in, authors_in
from organization.roles import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from core.actors import Actor
    from organization.models import Consultation, Person


def consultation_has_opened(consultation: Consultation, /, *, by: Actor, now: datetime) -> Iterator[Draft]:
    title = _("Gi innspill til utkastet «%(strategy)s»") % {"strategy": consultation.strategy}
    body = _("Siste dag er %(day)s.") % {"day": long_date(consultation.closes_on)}
    yield from _tell(
        consultation, asked_in(consultation, timezone.localdate(now)), "consultation_opened", title, body
    )


def consultation_is_extended(consultation: Consultation, /, *, by: Actor, now: datetime) -> Iterator[Draft]:
    title = _("Ny frist for innspill til «%(strategy)s»") % {"strategy": consultation.strategy}
    body = _("Siste dag er nå %(day)s.") % {"day": long_date(consultation.closes_on)}
    event = f"consultation_extended@{consultation.closes_on}"
    yield from _tell(consultation, asked_in(consultation, timezone.localdate(now)), event, title, body)


def consultation_is_cancelled(consultation: Consultation, /, *, by: Actor, now: datetime) -> Iterator[Draft]:
    if not consultation.points.exists():  # it never opened, so nobody has heard of it
        return
    title = _("Høringen av «%(strategy)s» er avlyst") % {"strategy": consultation.strategy}
    yield from _tell(
        consultation, asked_in(consultation, timezone.localdate(now)), "consultation_cancelled", title
    )


def consultation_passed_unheard(
    consultation: Consultation, /, *, by: Actor, now: datetime
) -> Iterator[Draft]:
    title = _("Ingen ble hørt om «%(strategy)s»") % {"strategy": consultation.strategy}
    body = _(
        "Høringen ble ikke åpnet før den siste dagen, %(day)s, var over. Hold den på nytt, eller avlys den."
    )
    words = {"day": long_date(consultation.closes_on)}
    yield from _tell(consultation, _writers(consultation), "consultation_unheard", title, body % words)


def comments_can_be_answered(consultation: Consultation, /, *, by: Actor, now: datetime) -> Iterator[Draft]:
    title = _("Høringen av «%(strategy)s» er avsluttet") % {"strategy": consultation.strategy}
    event = f"consultation_closed@{consultation.closes_on}"
    words = _("Svar på innspillene, og send svarene.")
    yield from _tell(consultation, _writers(consultation), event, title, words)


def comments_are_answered(consultation: Consultation, /, *, by: Actor, now: datetime) -> Iterator[Draft]:
    title = _("Innspillene til «%(strategy)s» er besvart") % {"strategy": consultation.strategy}
    yield from _tell(consultation, authors_in(consultation), "consultation_answered", title)


def _writers(consultation: Consultation) -> list[Person]:
    """Return those who arrange consultations where this one belongs."""
    top = consultation.municipality
    return people_in_roles([Role.ADMINISTRATOR], municipality_id=top.pk, unit_path=top.path)


def _tell(
    consultation: Consultation, people: Iterable[Person], event: str, title: str, body: str = ""
) -> Iterator[Draft]:
    for person in people:
        yield Draft(person=person, event=event, title=title, body=body, url=consultation.get_absolute_url())
