"""The ranked list of an agenda: order and ties, the law first, reasons in words, and who reads what."""

from __future__ import annotations

import html

import pytest
from django.urls import reverse

from governance.meeting_presentation import agenda_of
from governance.models import Assessment, Initiative, Meeting
from governance.scoring.agenda import ranked_agenda
from organization.roles import Role
from tests import stories
from tests.governance import pokers, scorings

MAX_QUERIES = 12


def page_of(meeting):
    return reverse("governance:meeting_ranking", args=[meeting.pk])


def plain(answer):
    return html.unescape(answer.content.decode()).replace("\xa0", " ")


@pytest.fixture
def meeting(place):
    """A meeting with five cases: the law's own with few points, a high, two alike, and one without points."""
    scorings.criteria(place)
    at = stories.meeting(place)
    for title, points in (("Høy", 4), ("Lik A", 3), ("Lik B", 3), ("Uten poeng", None), ("Lovens egen", 1)):
        case = stories.ready_for_council(
            place, title=title, is_statutory=title == "Lovens egen", statutory_basis="Helseloven § 3"
        )
        if points is not None:
            scorings.score(case, place, points)
        stories.perform(
            "put_on_agenda", case, by=place.actor(Role.SECRETARIAT), now=at.changed_at, data={"meeting": at}
        )
    return at


def ranked(meeting, actor):
    row = (
        Meeting.objects.with_access(actor).select_related("municipality__governance_rules").get(pk=meeting.pk)
    )
    return ranked_agenda(agenda_of(row, actor), actor)


def test_rank_agenda__the_law_first_then_by_points_and_what_is_not_known_last(place, meeting):
    found = ranked(meeting, place.actor(Role.COUNCIL_MEMBER))
    assert [(one.line.title, one.place) for one in found.statutory] == [("Lovens egen", "")]
    assert [(one.line.title, one.place) for one in found.others] == [
        ("Høy", "1"), ("Lik A", "2 (delt)"), ("Lik B", "2 (delt)"), ("Uten poeng", "–"),
    ]  # fmt: skip
    each = found.others[0].standing.amount
    assert each > 0
    assert (found.statutory_amount, found.amount) == (each, 5 * each)  # the law costs money like the others


def test_open_list__with_reasons_in_words(as_role, place, meeting):
    case = Initiative.objects.get(title="Høy")
    scorings.asked(case, place)
    scorings.score(case, place, 1, 5, role=Role.COUNCIL_MEMBER)
    Assessment.objects.filter(initiative=case, assessor=place.person(Role.COUNCIL_MEMBER)).update(
        note="Vil gi ro på vakt."
    )
    pokers.closed(place, case)
    text = plain(as_role(Role.COUNCIL_MEMBER).get(page_of(meeting)))
    for words in (
        "Mål: 1 Mer tid til brukerne.", "«Vil gi ro på vakt.»", "(fra 1 til 4)", "Nyttepoker: 11,0 nyttepoeng, største uenighet 32.",
        "Helseloven § 3", "Disse må gjøres uansett poeng. Sammen koster de", "Ikke vurdert",
    ):  # fmt: skip
        assert words in text, words


def test_open_list__who_reads_the_papers_and_nothing_shielded(as_role, world, place, meeting):
    Initiative.objects.filter(title="Høy").update(shield_basis="offl_13", public_title="Et tiltak")
    assert as_role(Role.HR).get(page_of(meeting)).status_code == 403
    assert as_role(Role.SECRETARIAT, world.stranger).get(page_of(meeting)).status_code == 404
    stories.meeting_workflow.perform(
        "summon", meeting, by=place.actor(Role.SECRETARIAT), now=meeting.changed_at
    )
    text = plain(as_role(Role.HR).get(page_of(meeting)))
    assert "Lik A" in text
    assert (
        "Skjermede saker står med offentlig tittel og uten poeng. Plassene er regnet blant de andre: Et tiltak"
        in text
    )
    assert "Høy" not in text.partition("<main")[2].replace("Høyt", "")
    assert "Høy" in plain(as_role(Role.COUNCIL_MEMBER).get(page_of(meeting)))


def test_open_list__few_queries_however_many_cases(as_role, meeting, place, django_assert_max_num_queries):
    pokers.closed(place, *Initiative.objects.filter(title__startswith="Lik"))
    client = as_role(Role.SECRETARIAT)
    client.get(page_of(meeting))
    with django_assert_max_num_queries(MAX_QUERIES):
        client.get(page_of(meeting))
    meeting_page = reverse("governance:meeting_detail", args=[meeting.pk])
    assert page_of(meeting) in plain(client.get(meeting_page))
