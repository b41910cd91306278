"""Which projects are called for a status report, and by when: one for each month.

A report of the first days of a month tells of the month before, so that one that is written a little late
does not take the place of the next.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import DateField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from core.workdays import add_working_days
from portfolio.models import Project, ProjectStatus, StatusReport

if TYPE_CHECKING:
    from django.db.models import Expression, QuerySet

    from organization.actors import PersonActor

EARLY = 10
"""So many days into a month a report still tells of the month before; from the next day on this month's is called for."""
REMINDED_FOR = timedelta(days=19)
"""How far into the next month people are reminded of one."""


def month_of(day: date) -> date:
    """Return the first day of the month that a report of ``day`` tells of."""
    return (day - timedelta(days=EARLY)).replace(day=1)


def reminded_of_on(day: date) -> date:
    """Return the first day of the month that people are reminded of on ``day``."""
    return (day - REMINDED_FOR).replace(day=1)


def told_on() -> Expression:
    """Return the day that a project last told of, else when it began."""
    newest = StatusReport.objects.published().filter(project=OuterRef("pk")).latest_first()
    made = TruncDate("created_at", tzinfo=timezone.get_default_timezone())
    return Coalesce(Subquery(newest.values("day")[:1]), "starts_on", made, output_field=DateField())


def called_for(month: date, among: QuerySet[Project] | None = None) -> QuerySet[Any]:
    """Return the active projects that have not told of ``month`` or later, with ``told_on`` and ``asked_for``.

    :param month: its first day.
    :param among: the projects that are asked about, all when not given.
    """
    rows = Project.objects.all() if among is None else among
    told = rows.filter(status=ProjectStatus.ACTIVE).annotate(
        told_on=told_on(), asked_for=Value(month, output_field=DateField())
    )
    return told.filter(told_on__lt=month + timedelta(days=EARLY))


def called_by(day: date, among: QuerySet[Project] | None = None) -> QuerySet[Any]:
    """Return the active projects that are called for a report on ``day``, as ``called_for`` does."""
    return called_for(month_of(day), among)


def due_on(project: Any) -> date:
    """Return by when the first month after ``told_on`` should be told of."""
    return last_working_day(_next(month_of(project.told_on)))


def last_working_day(month: date) -> date:
    return add_working_days(_next(month), -1)


def _next(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def waiting_for(actor: PersonActor, day: date) -> QuerySet[Any]:
    """Return the projects that wait for a report by the actor: the manager, else the owner where the manager has left."""
    # Those that the actor leads are found by their indexes before it is asked who of them writes.
    led = Project.objects.visible_to(actor).led_by(actor.person_id)
    return called_by(day, led.filter(Q(manager_id=actor.person_id) | Q(manager__is_active=False)))
