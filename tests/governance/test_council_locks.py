"""What two do with one case of a meeting at once: the meeting is locked first, whoever comes first."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.workflow import TransitionBlocked
from governance import agenda, council
from governance.models import Status
from governance.workflow import meeting_workflow
from organization.roles import Role
from tests import stories
from tests.governance.locks import locked_tables

MEETING_FIRST = ["governance_meeting", "governance_initiative"]


def order_of(tables):
    """Return meeting and initiative in the order they were first locked."""
    return [table for table in dict.fromkeys(tables) if table in MEETING_FIRST]


@pytest.mark.parametrize("step", ["take_off_agenda", "withdraw_from_agenda"])
def test_leave_agenda__locks_the_meeting_before_the_case(place, secretary, step):
    case = stories.on_agenda(place)
    with locked_tables() as tables:
        stories.perform(step, case, by=secretary, now=timezone.now(), data={"reason": "Trengs ikke."})
    assert order_of(tables) == MEETING_FIRST


def test_leave_agenda__through_the_api_locks_the_meeting_before_the_case(as_role, place):
    case = stories.on_agenda(place)
    url = f"/api/v1/initiatives/{case.pk}/transitions/take_off_agenda/"
    with locked_tables() as tables:
        answer = as_role(Role.SECRETARIAT).post(
            url, {"reason": "Mer må avklares."}, content_type="application/json"
        )
    assert answer.status_code == 200
    assert order_of(tables) == MEETING_FIRST


def test_put_on_agenda__locks_the_meeting_before_the_case(place, secretary):
    case, at = stories.ready_for_council(place), stories.meeting(place)
    with locked_tables() as tables:
        stories.perform("put_on_agenda", case, by=secretary, now=timezone.now(), data={"meeting": at})
    assert order_of(tables) == MEETING_FIRST


def test_decide_case__locks_the_meeting_before_the_case(item, secretary):
    with locked_tables() as tables:
        council.decide(item, outcome="postpone", text="Saken utsettes.", by=secretary, now=timezone.now())
    assert order_of(tables) == MEETING_FIRST


def test_declare_impartiality__waits_for_the_decision(going, item, secretary):
    member = going.seated.get(seat="member")
    with locked_tables() as tables:
        council.declare(
            item, attendance=member, ground="party", explanation="Eier firmaet.", answer="yes", by=secretary,
            now=timezone.now(),
        )  # fmt: skip
    assert "governance_meeting" in tables


@pytest.mark.parametrize("step", ["take_off_agenda", "withdraw_from_agenda"])
def test_leave_agenda__after_the_meeting_is_opened_is_refused(going, item, secretary, step):
    with pytest.raises(TransitionBlocked, match="Møtet er begynt"):
        stories.perform(step, item.initiative, by=secretary, now=timezone.now(), data={"reason": "Angret."})
    assert going.items.on_agenda().contains(item)


def test_leave_agenda__page_says_why_not(as_role, item):
    case = item.initiative
    page = as_role(Role.SECRETARIAT).get(
        reverse("governance:initiative_transition", args=[case.pk, "take_off_agenda"])
    )
    assert "Møtet er begynt" in page.content.decode()


# --- The same form twice -------------------------------------------------------------------------
def planned_at(place, secretary, starts_at, now):
    return council.plan_meeting(
        municipality=place.municipality, starts_at=starts_at, place="Sal 1", by=secretary, now=now
    )


def test_plan_meeting__same_form_twice_is_one_meeting(place, secretary):
    now = timezone.now()
    starts_at = now + timedelta(days=20)
    with locked_tables() as tables:
        first = planned_at(place, secretary, starts_at, now)
    assert "organization_unit" in tables
    assert planned_at(place, secretary, starts_at, now + timedelta(seconds=2)) == first
    assert planned_at(place, secretary, starts_at + timedelta(hours=2), now) != first
    assert planned_at(place, secretary, starts_at, now + timedelta(minutes=5)) != first


def test_add_item__same_form_twice_is_one_item(place, secretary):
    at, now = stories.meeting(place), timezone.now()
    told = {"title": "Nytt fra regionen", "kind": "AN", "by": secretary}
    first = agenda.add_item(at, now=now, **told)
    assert agenda.add_item(at, now=now + timedelta(seconds=2), **told) == first
    assert agenda.add_item(at, now=now + timedelta(minutes=5), **told) != first


def test_cancel_meeting__still_releases_its_cases(place, secretary):
    at = stories.meeting(place)
    case = stories.on_agenda(place, at)
    meeting_workflow.perform("cancel", at, by=secretary, now=timezone.now(), data={"reason": "Sykdom."})
    case.refresh_from_db()
    assert case.status == Status.READY_FOR_COUNCIL
