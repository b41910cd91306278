"""What is published stays, and two who publish at once do not both."""

from __future__ import annotations

import pytest
from django.db import InternalError, connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.errors import Refused, StaleVersion
from core.workflow import TransitionDenied
from organization.roles import Role
from portfolio.models import PortfolioReport
from portfolio.reporting import operations
from tests import stories
from tests.portfolio import reports


@pytest.fixture
def place(world):
    return world.home


@pytest.fixture
def by(place):
    return place.actor(Role.PORTFOLIO_MANAGER)


def test_publish__only_once(place, by):
    report = reports.published(place)
    with pytest.raises(Refused, match="publisert"):
        operations.publish_report(report, version=report.version, by=by, now=timezone.now())
    with pytest.raises(Refused, match="publisert"):
        operations.drop_report(report, by=by)


def test_publish__refuses_words_that_were_changed_meanwhile(place, by):
    draft = reports.draft(place)
    operations.write_report(
        draft, title="Ny", summary="Nytt", advice="", version=draft.version, by=by, now=timezone.now()
    )
    with pytest.raises(StaleVersion):
        operations.publish_report(draft, version=draft.version, by=by, now=timezone.now())
    assert not PortfolioReport.objects.get().is_published


def test_publish__by_others(world, place):
    draft = reports.draft(place)
    for actor in (place.actor(Role.EMPLOYEE), world.neighbor.actor(Role.PORTFOLIO_MANAGER)):
        with pytest.raises(Http404):
            operations.publish_report(draft, version=1, by=actor, now=timezone.now())
    with pytest.raises(TransitionDenied):
        operations.draft_report(reports.scope(place), by=place.actor(Role.PROJECT_OWNER), now=timezone.now())


def test_drop__takes_a_draft_away(place, by):
    operations.drop_report(reports.draft(place), by=by)
    assert not PortfolioReport.objects.exists()


def test_change_published__the_database_refuses(place):
    report = reports.published(place)
    with pytest.raises(InternalError):
        PortfolioReport.objects.filter(pk=report.pk).update(summary="Noe annet")


def test_publish__two_at_once_one_wins(place, by):
    """Both have opened the draft; the second waits for the lock of the first, and reads what it left."""
    stories.in_portfolio(place)
    draft = reports.draft(place)
    seen_by_both = PortfolioReport.objects.get(pk=draft.pk)
    with CaptureQueriesContext(connection) as asked:
        first = operations.publish_report(draft, version=1, by=by, now=timezone.now())
    assert "FOR UPDATE OF" in asked[1]["sql"]
    reports.changed(stories.in_portfolio(place, title="Et til").project, name="Senere")
    with pytest.raises(Refused, match="publisert"):
        operations.publish_report(seen_by_both, version=1, by=by, now=timezone.now())
    assert PortfolioReport.objects.get().figures == first.figures
