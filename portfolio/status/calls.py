"""Which projects are called for a status report, and by when."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import DateField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from core.workdays import add_working_days
from portfolio.models import Project, ProjectStatus, StatusReport

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organization.actors import PersonActor

REST = timedelta(days=30)
"""How long a project is left alone after it began, and after each published report."""


def called_by(day: date, among: QuerySet[Project] | None = None) -> QuerySet[Any]:
    """Return the active projects that are to report by ``day``, with ``told_on``: when they last told how they stand.

    :param among: the projects that are asked about, all when not given.
    """
    zone = timezone.get_default_timezone()
    newest = StatusReport.objects.published().filter(project=OuterRef("pk")).latest_first()
    latest = Subquery(newest.annotate(on=TruncDate("published_at", tzinfo=zone)).values("on")[:1])
    told_on = Coalesce(latest, "starts_on", TruncDate("created_at", tzinfo=zone), output_field=DateField())
    rows = Project.objects.all() if among is None else among
    active = rows.filter(status=ProjectStatus.ACTIVE)
    return active.annotate(told_on=told_on).filter(told_on__lte=day - REST)


def due_on(project: Any) -> date:
    """Return the last working day of the month in which the rest after ``told_on`` is over."""
    month = (project.told_on + REST).replace(day=1)
    return add_working_days((month + timedelta(days=31)).replace(day=1), -1)


def waiting_for(actor: PersonActor, day: date) -> QuerySet[Any]:
    """Return the projects that wait for a report by the actor: the manager, else the owner where the manager has left."""
    # Those that the actor leads are found by their indexes before it is asked who of them writes.
    led = Project.objects.visible_to(actor).led_by(actor.person_id)
    return called_by(day, led.filter(Q(manager_id=actor.person_id) | Q(manager__is_active=False)))
