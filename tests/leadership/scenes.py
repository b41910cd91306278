"""An area where everything that the leadership page tells of has happened."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils import timezone

from deviations.models import CorrectiveAction, Danger, Deviation, Duty
from organization.roles import Role
from portfolio.money.operations import save_line
from tests import stories
from tests.benefits import stories as benefits
from tests.deviations import stories as deviations
from tests.portfolio.statuses import published

if TYPE_CHECKING:
    from governance.models import Initiative
    from portfolio.models import BudgetLine, Project
    from tests.world import Place


def budget(project: Project, place: Place, *, planned: int, forecast: int, year: int = 0) -> BudgetLine:
    values = {
        "year": year or timezone.localdate().year, "source": "own_frame", "budget": Decimal(planned), "committed": Decimal(0),
        "spent": Decimal(0), "forecast": Decimal(forecast),
    }  # fmt: skip
    return save_line(
        project, values, line=None, stamp="", by=place.actor(Role.PORTFOLIO_MANAGER), now=timezone.now()
    )


def needy(place: Place, *, area: str = "progress", **fields: object) -> Project:
    """Return a project whose latest report says that an area needs help."""
    project = stories.in_portfolio(place, **fields).project
    published(project, place, **{area: "bad", f"{area}_text": "Leverandøren er forsinket."})
    return project


def late_duty(place: Place, *, days: int = 3) -> Duty:
    """Return a duty whose deadline passed so many days ago."""
    case = deviations.report(place, danger=Danger.INJURED, answers={"personal_data": "yes"})
    at = timezone.now() - timedelta(days=days + 3)
    Deviation.objects.filter(pk=case.pk).update(created_at=at, reported_at=at, discovered_at=at)
    duty = case.duties.get(code="GDPR_33")
    Duty.objects.filter(pk=duty.pk).update(due_at=at + timedelta(days=3), started_at=at)
    duty.refresh_from_db()
    return duty


def late_action(place: Place) -> CorrectiveAction:
    action = deviations.propose(deviations.assessed(place), place)
    day, at = timezone.localdate() - timedelta(days=5), timezone.now() - timedelta(days=20)
    CorrectiveAction.objects.filter(pk=action.pk).update(due_on=day, created_at=at)
    action.refresh_from_db()
    return action


def waiting_for_director(place: Place) -> Initiative:
    return stories.decided(place, "recommend", title="Sensorer på brøyteruter")


def everything(place: Place) -> None:
    project = needy(place)
    budget(project, place, planned=100_000, forecast=130_000)
    late_duty(place)
    late_action(place)
    waiting_for_director(place)
    stories.awaiting_endorsement(place, title="Søknad om parkering")
    deviations.closed(place)
    if timezone.localdate() > date(timezone.localdate().year, 2, 15):
        benefits.baseline_measured(place)
