"""Whom a request for people tells what, after a change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from core.formats import number, short_date
from core.notices import Draft
from core.workdays import add_working_days
from portfolio.models import RequestStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date, datetime
    from decimal import Decimal

    from core.actors import Actor
    from organization.models import Person
    from portfolio.models import ResourceRequest


ANSWER_DAYS = 5
"""How many working days somebody has to answer; a project plans with what it hears."""


def due_on(request: ResourceRequest) -> date:
    """Return the last day to answer a request."""
    return add_working_days(timezone.localdate(request.asked_at), ANSWER_DAYS)


def period(first: date, last: date) -> str:
    return _("%(first)s til %(last)s") % {"first": short_date(first), "last": short_date(last)}


def amount(work_years: Decimal) -> str:
    return _("%(number)s årsverk") % {"number": number(work_years)}


def asker_is_told(request: ResourceRequest, /, *, by: Actor, now: datetime) -> Iterator[Draft]:
    """Tell whoever asked, and the project's manager, what the answer was or how it was changed."""
    titles = {
        RequestStatus.GRANTED: _("«%(project)s» har fått %(role)s"),
        RequestStatus.REFUSED: _("«%(project)s» fikk ikke %(role)s"),
    }
    parts = [request.answer]
    if request.granted is not None and request.granted_from and request.granted_to:
        parts.insert(0, f"{amount(request.granted)}, {period(request.granted_from, request.granted_to)}.")
    told = _Telling(
        "resource_answered", titles[RequestStatus(request.status)], "\n".join(filter(None, parts))
    )
    yield from told.to((request.asked_by, request.project.manager), request, by=by, now=now)


def both_sides_are_told(request: ResourceRequest, /, *, by: Actor, now: datetime) -> Iterator[Draft]:
    """Tell that a grant ends early: those who asked, and those who answer for the role."""
    told = _Telling("resource_ended", _("%(role)s i «%(project)s» slutter tidligere"), request.answer)
    yield from told.to((request.asked_by, request.project.manager, request.role.owner), request, by=by, now=now)  # fmt: skip


def owner_is_told(request: ResourceRequest, /, *, by: Actor, now: datetime) -> Iterator[Draft]:
    """Tell those who answer for the role that a project no longer asks."""
    told = _Telling("resource_withdrawn", _("«%(project)s» trenger ikke %(role)s likevel"))
    yield from told.to((request.role.owner, request.role.stand_in), request, by=by, now=now)


@dataclass(frozen=True, slots=True)
class _Telling:
    event: str
    title: str
    body: str = ""

    def to(
        self, people: Iterable[Person | None], request: ResourceRequest, *, by: Actor, now: datetime
    ) -> Iterator[Draft]:
        words = {"role": request.role, "project": request.project}
        for person in people:
            if person is not None and person.pk != by.person_id:
                yield Draft(
                    person=person, event=f"{self.event}@{now.isoformat()}", title=self.title % words, body=self.body,
                    url=request.get_absolute_url(),
                )  # fmt: skip
