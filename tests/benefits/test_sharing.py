"""Share and honour: stories that others may read until they are taken down, and one vote a person."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from benefits.models import Award, Benefit, Nomination, Story, Vote
from benefits.sharing import operations
from benefits.sharing.workflow import award_workflow, story_workflow
from core.errors import Refused
from core.workflow import TransitionDenied
from governance.models import Initiative
from organization.roles import Role
from tests.benefits import stories

TEXTS = {
    "title": "Ti minutter kortere rapport", "did": "Vi sto under rapporten.", "gave": "Fra 40 til 10 minutter per vakt.",
    "differently": "Spurt nattevaktene først.",
}  # fmt: skip


@pytest.fixture
def place(world):
    return world.home


def url(name, *args):
    return reverse(f"benefits:{name}", args=args)


def told(place, *, is_shared=True, **texts):
    benefit = stories.realized(place)
    by = place.actor(Role.SERVICE_OWNER)
    return operations.tell_story(
        benefit, **{**TEXTS, **texts}, is_shared=is_shared, by=by, now=timezone.now()
    )


# --- Stories ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("is_shared", "code"), [(True, 200), (False, 404)])
def test_read_story__elsewhere_only_when_shared(as_role, world, is_shared, code):
    story = told(world.home, is_shared=is_shared)
    assert as_role(Role.CHANGE_AGENT, world.home).get(url("story_detail", story.pk)).status_code == 200
    for where in (world.neighbor, world.stranger):
        client = as_role(Role.EMPLOYEE, where)
        assert client.get(url("story_detail", story.pk)).status_code == code
        assert (story.title in client.get(url("story_list")).content.decode()) is is_shared
        assert client.get(url("benefit_detail", story.benefit_id)).status_code == 404
        assert "Åpne gevinsten bak" not in client.get(url("story_detail", story.pk)).content.decode()
        assert client.get(url("story_write", story.benefit_id)).status_code == 404


def test_take_down_story__gone_elsewhere_and_back_again(as_role, world):
    story = told(world.home)
    stranger = as_role(Role.EMPLOYEE, world.stranger)
    assert stranger.get(url("story_transition", story.pk, "take_down")).status_code == 403
    owner = as_role(Role.SERVICE_OWNER, world.home)
    assert owner.post(url("story_transition", story.pk, "take_down")).status_code == 302
    assert owner.get(url("story_detail", story.pk)).status_code == 200
    assert not Story.objects.visible_to(world.stranger.actor(Role.EMPLOYEE)).exists()
    story_workflow.perform(
        "publish_again", story, by=world.home.actor(Role.KOMMUNEDIREKTOR), now=timezone.now()
    )
    assert Story.objects.visible_to(world.stranger.actor(Role.EMPLOYEE)).exists()


def test_tell_story__names_nobody_and_keeps_what_is_written(as_role, place):
    benefit = stories.realized(place)
    client, page = as_role(Role.SERVICE_OWNER), url("story_write", benefit.pk)
    name = place.person(Role.SERVICE_OWNER).name
    answer = client.post(page, {**TEXTS, "did": f"Det var {name.upper()} som sto på."})
    assert answer.status_code == 422
    assert "Skriv rollen" in answer.content.decode()
    assert "som sto på" in answer.content.decode()
    assert client.post(page, {**TEXTS, "gave": "x" * 1501}).status_code == 422
    assert client.post(page, TEXTS).status_code == 302
    assert client.post(page, {**TEXTS, "title": "Enda kortere"}).status_code == 302
    assert [row.title for row in Story.objects.all()] == ["Enda kortere"]


def test_tell_story__not_before_it_is_finished_nor_of_what_is_shielded(as_role, place):
    benefit = stories.realizing(place)
    page = url("story_write", benefit.pk)
    assert as_role(Role.SERVICE_OWNER).post(page, TEXTS).status_code == 409
    assert as_role(Role.EMPLOYEE).get(page).status_code == 403
    done = stories.realized(place)
    Initiative.objects.filter(pk=done.initiative_id).update(shield_basis="offl_24", public_title="Sikkerhet")
    by = place.actor(Role.SERVICE_OWNER)
    with pytest.raises(Refused, match="skjermet"):
        operations.tell_story(done, **TEXTS, is_shared=True, by=by, now=timezone.now())


@pytest.mark.parametrize("query", ["minutter", "xylofon", "%", "a b c d e f g h i j", "\x00", "'"])
def test_search_stories__whatever_is_typed(as_role, place, query):
    told(place)
    answer = as_role(Role.EMPLOYEE).get(url("story_list"), {"q": query})
    assert answer.status_code == 200
    assert ("Ti minutter" in answer.content.decode()) is (query in {"minutter", "\x00"})


def test_list_stories__constant_queries(as_role, place, django_assert_max_num_queries):
    story = told(place)
    for number in range(4):
        benefit = Benefit.objects.create(
            initiative=story.benefit.initiative, title=f"Nr. {number}", beneficiary="citizens", kind="quality", form="not_priced",
            created_at=timezone.now(), changed_at=timezone.now(),
        )  # fmt: skip
        Story.objects.create(
            benefit=benefit,
            municipality=story.municipality,
            **TEXTS,
            published_at=timezone.now(),
            changed_at=timezone.now(),
        )
    client = as_role(Role.EMPLOYEE)
    client.get(url("story_list"))
    with django_assert_max_num_queries(12):
        client.get(url("story_list"))


# --- The enthusiast of the year ----------------------------------------------------------------------
def nominated(place, *, votes=False):
    now = timezone.now()
    award = operations.open_award(place.municipality, by=place.actor(Role.KOMMUNEDIREKTOR), now=now)
    for role in (Role.LEADER, Role.HR):
        operations.nominate(
            award, nominee=place.person(role), reason="Får folk med.", by=place.actor(Role.EMPLOYEE), now=now
        )
    if votes:
        award = award_workflow.perform("start_vote", award, by=place.actor(Role.ADMINISTRATOR), now=now)
    return award


def test_open_award__once_a_year(as_role, place):
    award = nominated(place)
    again = operations.open_award(place.municipality, by=place.actor(Role.ADMINISTRATOR), now=timezone.now())
    assert award.pk == again.pk
    with pytest.raises(TransitionDenied):
        operations.open_award(place.municipality, by=place.actor(Role.EMPLOYEE), now=timezone.now())
    assert as_role(Role.EMPLOYEE).post(url("award_open")).status_code == 403


def test_vote__one_a_person_and_secret(as_role, world, place):
    award = nominated(place, votes=True)
    leader, other = place.person(Role.LEADER), place.person(Role.HR)
    client = as_role(Role.EMPLOYEE)
    for person in (leader, other, leader):
        assert client.post(url("award_vote"), {"nominee": person.pk}).status_code == 302
    assert Vote.objects.count() == 1
    page = client.get(url("award")).content.decode()
    assert "Din stemme" in page
    assert "1 stemme" not in page
    assert operations.result_of(award) == []
    assert not Vote.objects.visible_to(place.actor(Role.KOMMUNEDIREKTOR)).exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Vote.objects.create(award=award, voter=place.person(Role.EMPLOYEE), nominee=other)
    award_workflow.perform("announce", award, by=place.actor(Role.KOMMUNEDIREKTOR), now=timezone.now())
    page = client.get(url("award")).content.decode()
    assert "1 stemme" in page
    assert "Årets ildsjel</" in page


def test_vote__not_for_oneself_nor_for_who_is_not_nominated(as_role, world, place):
    award = nominated(place, votes=True)
    leader = place.person(Role.LEADER)
    with pytest.raises(Refused, match="deg selv"):
        operations.vote(award, nominee_id=leader.pk, by=place.actor(Role.LEADER))
    client = as_role(Role.EMPLOYEE)
    for wrong in ("", "x", "0", "9" * 30, str(place.person(Role.ARCHIVIST).pk)):
        assert client.post(url("award_vote"), {"nominee": wrong}).status_code == 404
    with pytest.raises(TransitionDenied):
        operations.vote(award, nominee_id=leader.pk, by=place.actor(Role.ELECTED_REPRESENTATIVE))


def test_see_award__only_the_own_municipality(as_role, world):
    award = nominated(world.home)
    for where in (world.neighbor, world.stranger, world.region):
        actor = where.actor(Role.KOMMUNEDIREKTOR)
        assert not Award.objects.visible_to(actor).filter(pk=award.pk).exists()
        assert not Nomination.objects.visible_to(actor).exists()
        assert "Får folk med" not in as_role(Role.EMPLOYEE, where).get(url("award")).content.decode()
        assert as_role(Role.EMPLOYEE, where).post(url("award_vote"), {"nominee": "1"}).status_code == 404


def test_nominate__from_the_page(as_role, place):
    award = nominated(place)
    client, page = as_role(Role.EMPLOYEE), url("award_nominate")
    assert (
        client.post(page, {"nominee": place.person(Role.EMPLOYEE).name, "reason": "Meg!"}).status_code == 422
    )
    assert client.post(page, {"nominee": place.person(Role.ARCHIVIST).name, "reason": ""}).status_code == 422
    good = {"nominee": place.person(Role.ARCHIVIST).name, "reason": "Rydder for alle."}
    assert client.post(page, good).status_code == 302
    assert client.post(page, {**good, "reason": "Rydder for oss."}).status_code == 302
    assert Nomination.objects.get(nominee=place.person(Role.ARCHIVIST)).reason == "Rydder for oss."
    award_workflow.perform("start_vote", award, by=place.actor(Role.ADMINISTRATOR), now=timezone.now())
    assert client.post(page, good).status_code == 409


def test_run_award__not_by_everybody(as_role, place):
    nominated(place)
    page = url("award_transition", "start_vote")
    assert as_role(Role.EMPLOYEE).get(page).status_code == 403
    client = as_role(Role.KOMMUNEDIREKTOR)
    assert client.get(page).status_code == 200
    assert client.post(page).status_code == 302
    assert client.post(url("award_transition", "announce")).status_code == 409
