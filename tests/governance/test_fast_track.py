"""What the secretariat decides by itself: the frame of the year, and the report to the council."""

from __future__ import annotations

from django.utils import timezone

from governance.models import GovernanceRules
from organization.roles import Role
from tests import stories
from tests.governance.locks import locked_tables


def on_fast_track(place, **fields):
    by, now = place.actor(Role.SECRETARIAT), timezone.now()
    return stories.perform(
        "send_to_fast_track",
        stories.received(place, **fields),
        by=by,
        now=now,
        data={"reason": "Lite beløp."},
    )


def approve(case, place):
    by, now = place.actor(Role.SECRETARIAT), timezone.now()
    return stories.perform("approve_fast_track", case, by=by, now=now, data={"text": "Vedtatt."})


def test_decide_fast_track__two_at_once_wait_though_no_rules_are_set(world):
    GovernanceRules.objects.filter(municipality=world.home.municipality).delete()
    case = on_fast_track(world.home)
    with locked_tables() as tables:
        approve(case, world.home)
    assert "organization_unit" in tables
