"""What goes wrong around a meeting: somebody leaves the council, a case is on its way to two agendas, or is withdrawn."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.workflow import TransitionBlocked, TransitionDenied
from governance import council
from governance.council.seats import SEATS
from governance.models import AgendaItem, Decision, Initiative, Status
from governance.workflow import initiative_workflow, meeting_workflow
from organization.roles import Role
from tests import stories
from tests.world import end_roles_of


def perform(name, case, place, **data):
    return initiative_workflow.perform(
        name, case, by=place.actor(Role.SECRETARIAT), now=timezone.now(), data=data
    )


# --- Who has left the council since the summons --------------------------------------------------------
@pytest.fixture
def left(place, summoned):
    """A meeting that is summoned, and a member of it who has left the council since."""
    member = place.person(Role.COUNCIL_MEMBER)
    assert summoned.attendances.filter(person=member, seat="member").exists()
    end_roles_of(member, timezone.localdate())
    return summoned


def test_open_session__who_has_left_since_the_summons_has_no_seat_and_no_vote(place, left, secretary):
    seats = council.seats_of(left)
    by, now = secretary, timezone.now()
    there = {row.pk for row in left.attendances.filter(seat__in=["leader", "deputy"])}
    council.register_attendance(left, present=there, absent=set(), substitutes={}, by=by, now=now)
    going = meeting_workflow.perform("open_session", left, by=by, now=now)
    assert council.seats_of(going) == seats - 1
    assert set(going.seated.filter(seat__in=SEATS).values_list("person__username", flat=True)) == {
        place.person(role).username for role in (Role.COUNCIL_LEADER, Role.COUNCIL_DEPUTY)
    }
    item = going.items.get()
    council.declare_nobody(item, by=by, now=now)
    voting = council.open_voting(item, proposal=None, by=by, now=now)
    council.cast_for_the_rest(voting, choice="for", by=by, now=now)
    gone = left.attendances.get(person=place.person(Role.COUNCIL_MEMBER))
    assert gone.gone_at is not None
    voters = set(voting.ballots.values_list("attendance", flat=True))
    assert voters == there
    assert gone.pk not in voters


def test_open_session__where_those_left_are_too_few_is_refused_with_the_number(place, left, secretary):
    end_roles_of(place.person(Role.COUNCIL_DEPUTY), timezone.localdate())
    end_roles_of(place.person(Role.COUNCIL_LEADER), timezone.localdate())
    with pytest.raises(TransitionBlocked) as refused:
        meeting_workflow.perform("open_session", left, by=secretary, now=timezone.now())
    assert "0 av" in " ".join(map(str, refused.value.reasons))


# --- One case, two agendas ---------------------------------------------------------------------------------
def test_put_on_agenda__of_a_second_meeting_is_refused_and_nothing_is_changed(place, planned):
    case = Initiative.objects.get(agenda_items__meeting=planned)
    second = stories.meeting(place, days=40)
    with pytest.raises((TransitionBlocked, TransitionDenied)):
        perform("put_on_agenda", case, place, meeting=second)
    assert list(AgendaItem.objects.filter(initiative=case).values_list("meeting", flat=True)) == [planned.pk]
    assert not second.items.exists()


def test_put_on_agenda__page_of_a_second_meeting_answers_in_words(place, planned, as_role):
    case = Initiative.objects.get(agenda_items__meeting=planned)
    second = stories.meeting(place, days=40)
    url = reverse("governance:initiative_transition", args=[case.pk, "put_on_agenda"])
    page = as_role(Role.SECRETARIAT).post(url, {"meeting": second.pk})
    assert page.status_code == 409
    assert "saksliste" in page.content.decode()
    assert not second.items.exists()


def test_put_on_agenda__after_it_is_taken_off_the_first_is_allowed(place, planned):
    case = Initiative.objects.get(agenda_items__meeting=planned)
    case = perform("take_off_agenda", case, place, reason="Flyttes til neste møte.")
    second = stories.meeting(place, days=40)
    perform("put_on_agenda", case, place, meeting=second)
    standing = AgendaItem.objects.on_agenda().filter(initiative=case)
    assert list(standing.values_list("meeting", flat=True)) == [second.pk]


# --- A postponed case that is withdrawn ----------------------------------------------------------------------
@pytest.fixture
def postponed(place):
    case = stories.decided(place, "postpone")
    assert case.status == Status.POSTPONED
    return case


def test_withdraw__postponed_case_keeps_the_decision_and_comes_to_no_agenda(place, postponed, as_role):
    first = postponed.agenda_items.get()
    told = (first.recommendation, first.decision.text)
    case = perform("withdraw", postponed, place, reason="Behovet er løst på en annen måte.")
    assert case.status == Status.WITHDRAWN
    following = stories.meeting(place, days=40)
    with pytest.raises((TransitionBlocked, TransitionDenied)):
        perform("put_on_agenda", case, place, meeting=following)
    first.refresh_from_db()
    assert (first.recommendation, first.decision.text) == told
    assert Decision.objects.get(initiative=case).outcome == "postpone"
    page = as_role(Role.SECRETARIAT).get(reverse("governance:decision_log"))
    assert page.status_code == 200
    assert "Utsettes" in page.content.decode()


def test_conclude__after_a_postponed_case_was_withdrawn_meanwhile(place, postponed, secretary):
    perform("withdraw", postponed, place, reason="Behovet er løst på en annen måte.")
    going = postponed.agenda_items.get().meeting
    done = meeting_workflow.perform(
        "conclude", going, by=secretary, now=timezone.now() + timedelta(minutes=1)
    )
    assert done.status == "concluded"
