"""The council's mandate: which version counts when, what it settles, and how versions are shown."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.workflow import TransitionBlocked
from governance import council, policies
from governance.mandate_presentation import councils_of
from governance.mandates import mandate_on, mandate_today
from governance.models import CouncilMandate, Meeting
from governance.workflow import initiative_workflow, meeting_workflow
from organization.models import Unit
from organization.roles import Role
from tests import stories
from tests.governance.mandates import adopt, mandate_data


# --- Which version counts ------------------------------------------------------------------------
def test_open_session__follows_the_mandate_of_that_very_day(place, secretary):
    """The mandate changed between the agenda and the decision, and the meeting was held later than planned."""
    at = stories.meeting(place, days=1)
    stories.on_agenda(place, at)
    at = meeting_workflow.perform("summon", at, by=secretary, now=timezone.now())
    Meeting.objects.filter(pk=at.pk).update(starts_at=timezone.now() - timedelta(days=2))
    adopt(place, quorum=(1, 1))
    at.refresh_from_db()
    assert at.mandate.version == "1"
    seats = {row.pk for row in at.seated.filter(seat__in=["leader", "deputy"])}
    council.register_attendance(
        at, present=seats, absent=set(), substitutes={}, by=secretary, now=timezone.now()
    )
    with pytest.raises(TransitionBlocked, match="mandatet krever 3"):
        meeting_workflow.perform("open_session", at, by=secretary, now=timezone.now())
    everybody = {row.pk for row in at.seated.exclude(seat="substitute")}
    council.register_attendance(
        at, present=everybody, absent=set(), substitutes={}, by=secretary, now=timezone.now()
    )
    opened = meeting_workflow.perform("open_session", at, by=secretary, now=timezone.now())
    assert opened.mandate.version == "2"


def test_mandate_changed_before_the_meeting__decision_follows_the_new_one(place, secretary):
    at = stories.meeting(place)
    stories.on_agenda(place, at)
    adopt(place, allows_blank=False)
    at = stories.in_session(at, place)
    with pytest.raises(TransitionBlocked, match="ikke lov å stemme blankt"):
        council.decide(
            at.items.get(), outcome="reject", text="Nei.", votes={"for": 2, "against": 0, "blank": 1}, by=secretary,
            now=timezone.now(),
        )  # fmt: skip


def test_who_may_submit__follows_the_day_and_the_municipality(world, place):
    adopt(place, days=5, submitting_roles=[Role.LEADER])
    today = timezone.localdate()
    homes = {code: Unit.objects.get(code=code) for code in ("heim", "granne")}
    assert Role.EMPLOYEE in mandate_on(homes["heim"], today).submitting_roles
    assert mandate_on(homes["heim"], today + timedelta(days=5)).submitting_roles == [Role.LEADER]
    assert Role.EMPLOYEE in mandate_on(homes["granne"], today + timedelta(days=5)).submitting_roles
    CouncilMandate.objects.filter(municipality=homes["heim"], version="2").update(valid_from=today)
    assert not policies.may_raise(place.actor(Role.EMPLOYEE), Unit.objects.get(code="heim"))
    assert policies.may_raise(place.actor(Role.LEADER), Unit.objects.get(code="heim"))
    assert policies.may_raise(world.neighbor.actor(Role.EMPLOYEE), homes["granne"])


@pytest.mark.parametrize("may_lift", [True, False])
def test_lift__without_endorsement_is_for_the_mandate_to_allow(place, secretary, may_lift):
    adopt(place, may_lift_without_endorsement=may_lift)
    case = stories.awaiting_endorsement(place)
    case = initiative_workflow.perform(
        "decline_endorsement", case, by=place.actor(Role.SECTOR_LEADER), now=timezone.now(), data={"reason": "Nei."}
    )  # fmt: skip
    offer = initiative_workflow.offer("lift", case, secretary)
    assert offer.is_ready is may_lift


def test_where_no_mandate_is_in_force__the_defaults_count(place):
    CouncilMandate.objects.filter(municipality=place.municipality).delete()
    home = Unit.objects.get(code="heim")
    assert policies.may_raise(place.actor(Role.EMPLOYEE), home)
    mandate = mandate_today(home)
    assert (mandate.endorsement_days, mandate.hearing_days, mandate.heard_budget) == (
        10,
        10,
        ["chief_of_finance"],
    )


# --- Votes as the mandate has them -----------------------------------------------------------------
@pytest.fixture
def case(place):
    at = stories.meeting(place)
    case = stories.on_agenda(place, at)
    stories.in_session(at, place)
    return case.agenda_items.get()


def decide(item, by, ayes, noes, blank=0, **details):
    votes = {"for": ayes, "against": noes, "blank": blank}
    return council.decide(
        item, outcome="reject", text="Avslås.", votes=votes, by=by, now=timezone.now(), **details
    )


def settle(item, **values):
    CouncilMandate.objects.filter(pk=item.meeting.mandate_id).update(**values)
    return type(item).objects.get(pk=item.pk)


def test_majority_of_votes__blank_does_not_count(case, secretary):
    assert decide(case, secretary, 1, 0, 2).votes_for == 1


def test_majority_of_those_present__blank_counts_against(case, secretary):
    item = settle(case, majority="present")
    with pytest.raises(TransitionBlocked, match="ikke flertall"):
        decide(item, secretary, 1, 0, 2)
    assert decide(item, secretary, 2, 0, 1).votes_for == 2


def test_duty_to_vote__may_be_lifted(case, secretary):
    with pytest.raises(TransitionBlocked, match="går ikke opp"):
        decide(case, secretary, 2, 0)
    item = settle(case, must_vote=False)
    with pytest.raises(TransitionBlocked, match="går ikke opp"):
        decide(item, secretary, 4, 0)
    assert decide(item, secretary, 2, 0).present == 3


# --- The page --------------------------------------------------------------------------------------
def test_mandate_page__shows_what_changed_in_words(as_role, place):
    adopt(place, days=10, quorum=(2, 3), has_casting_vote=False, covered_fields=["Helse", "Oppvekst"])
    text = as_role(Role.EMPLOYEE).get(reverse("governance:mandate_list")).content.decode()
    for words in ("Gjelder nå", "Kommer", "<del", "Minst halvparten", "<ins>Minst to tredeler", "Forslaget faller", "Helse, Oppvekst"):  # fmt: skip
        assert words in text, words


def test_mandate_page__each_council_has_its_own(as_role, world, place):
    adopt(place, covered_fields=["Bare i Heim"])
    assert "Bare i Heim" not in as_role(Role.EMPLOYEE, world.neighbor).get(reverse("governance:mandate_list")).content.decode()  # fmt: skip
    councils = councils_of(
        CouncilMandate.objects.order_by("municipality__name", "municipality_id", "-valid_from"),
        timezone.localdate(),
    )
    by_name = {one.municipality.code: one for one in councils}
    assert len(by_name["heim"].earlier) == 1
    assert by_name["granne"].in_force.is_first


def test_mandate_page__few_queries_whatever_the_number_of_versions(
    as_role, place, django_assert_max_num_queries
):
    client, page = as_role(Role.ADMINISTRATOR), reverse("governance:mandate_list")
    client.get(page)
    for number in range(2, 8):
        adopt(place, days=number, version=str(number))
    with django_assert_max_num_queries(12):
        client.get(page)


def test_register_mandate__begins_from_the_one_before(as_role, place):
    client = as_role(Role.ADMINISTRATOR)
    CouncilMandate.objects.filter(municipality=place.municipality).update(
        papers_days=9, covered_fields=["Helse"]
    )
    data = mandate_data(client, majority="present", covered_fields="Helse\r\n  Oppvekst og  kultur \n\nHelse")
    assert client.post(reverse("governance:mandate_create"), data).status_code == 302
    made = CouncilMandate.objects.get(municipality=place.municipality, version="2")
    assert (made.papers_days, made.majority, made.covered_fields) == (
        9,
        "present",
        ["Helse", "Oppvekst og kultur"],
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"submitting_roles": []}, "Velg minst én rolle"),
        ({"submitting_roles": ["administrator"]}, "gyldig"),
        ({"papers_days": "0"}, "ikke være mindre"),
        ({"majority": "noen"}, "gyldig"),
        ({"covered_fields": "x" * 121}, "høyst 120 tegn"),
        ({"covered_fields": "\n".join(str(n) for n in range(31))}, "høyst 30 fagfelt"),
        ({"cases_per_position": "mange"}, "tall"),
    ],
)
def test_register_mandate__nonsense_is_refused(as_role, place, changes, words):
    client = as_role(Role.ADMINISTRATOR)
    answer = client.post(reverse("governance:mandate_create"), mandate_data(client, **changes))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not CouncilMandate.objects.filter(municipality=place.municipality, version="2").exists()
