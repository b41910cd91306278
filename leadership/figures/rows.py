"""What each number counts: the same rows that its list shows, within what the actor sees."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import (
    BooleanField,
    Case,
    DurationField,
    ExpressionWrapper,
    F,
    Max,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Extract

from benefits.lessons import fell_short
from benefits.models import Benefit, Measurement
from core.conditions import has_one
from deviations.models import CorrectiveAction, Deviation, Duty, DutyStatus, Stamp
from deviations.models import Status as CaseStatus
from deviations.models.action import ACTION_OPEN, ActionStatus
from governance.models import Decision, Initiative, Status
from governance.models.decision import Outcome
from governance.models.status import ADOPTED_AND_LATER, FINAL
from leadership.areas import SPAN
from organization.actors import as_person
from portfolio.models import Area, BudgetLine, Health, Project, StatusReport

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from benefits.queries import BenefitQuerySet
    from leadership.areas import Place
    from portfolio.queries import ProjectQuerySet

_DAY = 24 * 60 * 60
_YEAR = timedelta(days=365)
_UNSHIELDED = Q(initiative__shield_basis="")


# --- The portfolio: what is shielded is in no number ---------------------------------------------
def followed(place: Place) -> ProjectQuerySet:
    """Return everything that is under way, operations too."""
    return place.within(Project.objects.visible_to(place.actor)).running().filter(_UNSHIELDED)


def running(place: Place) -> ProjectQuerySet:
    """Return what is under way to develop the municipality, as the portfolio report counts it."""
    return followed(place).development()


def with_need(rows: ProjectQuerySet) -> ProjectQuerySet:
    """Annotate ``needs_help``: the latest published report says so of an area."""
    newest = StatusReport.objects.published().filter(project=OuterRef("pk")).latest_first()
    bad = Q()
    for area in Area:
        bad |= Q(**{area.value: Health.BAD})
    told = newest.annotate(bad=Case(When(bad, then=True), default=False, output_field=BooleanField()))
    return rows.annotate(needs_help=Subquery(told.values("bad")[:1]))


def needy(place: Place) -> ProjectQuerySet:
    return with_need(running(place)).filter(needs_help=True)


def money(place: Place) -> QuerySet[Any]:
    """Return this year's budget lines of all projects, also of those that have ended; operations are apart."""
    projects = place.within(Project.objects.visible_to(place.actor)).development().filter(_UNSHIELDED)
    return BudgetLine.objects.filter(year=place.day.year, project__in=projects.order_by().values("pk"))


# --- Benefits ------------------------------------------------------------------------------------
def _benefits(place: Place) -> BenefitQuerySet:
    rows = Benefit.objects.all()
    seen = rows if place.actor.is_system else rows.all_visible_to(as_person(place.actor))
    return place.within(seen, "initiative__").filter(_UNSHIELDED)


def measurements(place: Place) -> QuerySet[Any]:
    """Return what was to be measured this year up to the day."""
    plans = _benefits(place).in_plans().order_by().values("pk")
    return Measurement.objects.filter(
        indicator__benefit__in=plans, due_on__gte=date(place.day.year, 1, 1), due_on__lte=place.day
    )


def benefits_short(place: Place) -> QuerySet[Any]:
    """Return the benefits that ended below their target, and of which nobody has said what was learned."""
    return _benefits(place).in_plans().filter(fell_short(), lesson="")


# --- Initiatives ---------------------------------------------------------------------------------
def queue(place: Place) -> QuerySet[Any]:
    """Return what is sent in and neither decided nor ended."""
    rows = place.within(Initiative.objects.visible_to(place.actor)).filter(submitted_at__isnull=False)
    return rows.exclude(status__in=sorted({Status.DRAFT, *FINAL, *ADOPTED_AND_LATER}))


def decided(place: Place) -> QuerySet[Any]:
    """Return what was finally decided in the last year, with ``decided_at`` and ``days`` since it was sent in."""
    rows = place.within(Initiative.objects.visible_to(place.actor)).filter(submitted_at__isnull=False)
    final = Decision.objects.filter(
        initiative=OuterRef("pk"), outcome__in=[Outcome.PRIORITIZE, Outcome.REJECT], decided_at__lte=place.at
    )
    last = final.order_by().values("initiative").annotate(at=Max("decided_at")).values("at")
    ended = rows.filter(status__in=sorted({Status.REJECTED, *ADOPTED_AND_LATER})).annotate(
        decided_at=Subquery(last)
    )
    return with_days(ended.filter(decided_at__gt=place.at - _YEAR), "submitted_at", "decided_at")


# --- Deviations: only what the actor may count ---------------------------------------------------
def cases(place: Place) -> QuerySet[Any]:
    if place.cases is None:
        return Deviation.objects.none()
    return place.cases.rows.filter(municipality_id=place.area.municipality_id)


def reported(place: Place) -> QuerySet[Any]:
    return cases(place).filter(created_at__gt=place.at - SPAN, created_at__lte=place.at)


def closed(place: Place) -> QuerySet[Any]:
    """Return what was closed in the last days, with ``days`` since it was reported."""
    rows = cases(place).filter(
        status=CaseStatus.CLOSED, closed_at__gt=place.at - SPAN, closed_at__lte=place.at
    )
    return with_days(rows, "reported_at", "closed_at")


def duties(place: Place) -> QuerySet[Any]:
    """Return the duties whose deadline had passed unmet."""
    about = Stamp.objects.filter(duty_id=OuterRef("pk"), meets_deadline=True)
    missing = has_one(about.filter(Q(done_at=None) | Q(done_at__gt=place.at)))
    unmet = missing | (~has_one(about) & Q(status=DutyStatus.OPEN))
    unjudged = Q(judged_at=None) | Q(judged_at__gt=place.at)
    rows = place.within(Duty.objects.visible_to(place.actor), "deviation__")
    return rows.filter(unmet, unjudged, started_at__lte=place.at, due_at__lt=place.at)


def actions(place: Place) -> QuerySet[Any]:
    """Return the actions that were past their deadline and not done."""
    was_open = Q(status__in=sorted(ACTION_OPEN)) | (
        ~Q(status=ActionStatus.REJECTED) & Q(done_at__gt=place.at)
    )
    rows = CorrectiveAction.objects.visible_to(place.actor)
    return place.within(rows).filter(was_open, created_at__lte=place.at, due_on__lt=place.day)


def with_days(rows: QuerySet[Any], begins: str, ends: str) -> QuerySet[Any]:
    """Annotate ``days``: how long from the one moment to the other."""
    length = ExpressionWrapper(F(ends) - F(begins), output_field=DurationField())
    return rows.annotate(days=Extract(length, "epoch") / Value(_DAY))
