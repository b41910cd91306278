"""Published cases in one place: what stands there, for whom, and what a search finds."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from governance.workflow import meeting_workflow
from organization.roles import Role
from tests import stories

URL = "/raadet/publisert/"


@pytest.fixture
def representative(place, client):
    client.force_login(place.person(Role.ELECTED_REPRESENTATIVE))
    return client


def titles(answer):
    return [line.title for line in answer.context["lines"]]


def test_list__holds_what_went_out_and_not_what_waits(place, world, representative, secretary):
    at = stories.meeting(place)
    stories.on_agenda(place, at, title="Digital byggesak")
    stories.ready_for_council(place, title="Venter ennå")
    theirs = stories.meeting(world.neighbor)
    stories.on_agenda(world.neighbor, theirs, title="Naboens sak")
    assert titles(representative.get(URL)) == []
    for meeting, by in ((at, secretary), (theirs, world.neighbor.actor(Role.SECRETARIAT))):
        meeting_workflow.perform("summon", meeting, by=by, now=timezone.now())
    answer = representative.get(URL)
    assert titles(answer) == ["Digital byggesak"]
    assert (
        reverse("governance:initiative_case_paper", args=[at.items.get().initiative_id])
        in answer.content.decode()
    )


def test_line__of_a_case_nobody_has_treated_says_so(place, representative, secretary):
    at = stories.meeting(place)
    stories.on_agenda(place, at, title="Digital byggesak")
    at = meeting_workflow.perform("summon", at, by=secretary, now=timezone.now())
    meeting_workflow.perform("cancel", at, by=secretary, now=timezone.now(), data={"reason": "Sykdom."})
    page = representative.get(URL).content.decode()
    assert "Ikke behandlet" in page
    assert "På fullmakt" not in page


def test_line__links_the_minutes_when_they_are_approved(place, held, representative):
    link = reverse("governance:meeting_minutes", args=[held.pk])
    assert link not in representative.get(URL).content.decode()
    meeting_workflow.perform("approve_minutes", held, by=place.actor(Role.COUNCIL_LEADER), now=timezone.now())
    page = representative.get(URL).content.decode()
    assert link in page
    assert "Utsatt" in page
    assert representative.get(link).status_code == 200


def test_shielded_case__by_its_public_title_without_its_paper(place, representative, secretary):
    at = stories.meeting(place)
    case = stories.on_agenda(
        place, at, title="Granskning av Ødegård", need="Varslet gjelder Brattlid.", shield_basis="offl_13",
        public_title="Personalsak",
    )  # fmt: skip
    meeting_workflow.perform("summon", at, by=secretary, now=timezone.now())
    answer = representative.get(URL)
    assert titles(answer) == ["Personalsak"]
    assert reverse("governance:initiative_case_paper", args=[case.pk]) not in answer.content.decode()
    for word in ("Ødegård", "Brattlid"):
        assert titles(representative.get(URL, {"q": word})) == []
    representative.force_login(place.person(Role.COUNCIL_MEMBER))
    assert titles(representative.get(URL, {"q": "Brattlid"})) == ["Granskning av Ødegård"]


def test_search__finds_words_of_the_content(place, representative, secretary):
    at = stories.meeting(place)
    stories.on_agenda(place, at, title="Vannmålere", need="Lekkasjer oppdages sent.")
    stories.on_agenda(place, at, title="Byggesak")
    meeting_workflow.perform("summon", at, by=secretary, now=timezone.now())
    assert titles(representative.get(URL, {"q": "lekkasje"})) == ["Vannmålere"]
    assert titles(representative.get(URL, {"q": "finnesikke"})) == []
    for odd in ("\x00", "x" * 300, "' or 1=1", "((("):
        assert representative.get(URL, {"q": odd}).status_code == 200


def test_list__costs_the_same_for_one_and_for_many(
    place, representative, secretary, django_assert_max_num_queries
):
    at = stories.meeting(place)
    for number in range(4):
        stories.on_agenda(place, at, title=f"Sak {number}")
    meeting_workflow.perform("summon", at, by=secretary, now=timezone.now())
    representative.get(URL)
    with django_assert_max_num_queries(8):
        assert len(titles(representative.get(URL))) == 4
