"""Consultations of strategies in the API: the same as the pages show, to the same people, at the same cost."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from organization.consultation_summary import summary_of
from organization.models import Consultation, ConsultationComment, ConsultationPoint, Goal
from organization.operations import Edit, have_no_remarks, save_goal, withdraw_comment
from organization.roles import Role
from tests.api.clients import machine
from tests.api.conftest import slug_of
from tests.organization.consulted import REP, answer, answered, closed, comment, opened

LISTS = ("consultations", "consultation-points", "consultation-comments")
MODELS = dict(zip(LISTS, (Consultation, ConsultationPoint, ConsultationComment), strict=True))
MOST_STATEMENTS = 6


@pytest.fixture(autouse=True)
def _calls_are_counted_anew(db):
    cache.clear()


def rows(answer) -> list[dict]:
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def ids(answer) -> set[int]:
    return {row["id"] for row in rows(answer)}


@pytest.mark.parametrize("resource", LISTS)
def test_list__is_what_visible_to_says(world, api, resource):
    for place in (world.home, world.neighbor, world.stranger):
        said = closed(place, hears_leaders=True)
        answer(said, place)
    for role in (REP, Role.ADMINISTRATOR, Role.LEADER, Role.EMPLOYEE):
        seen = MODELS[resource].objects.visible_to(world.home.actor(role))
        listed = ids(api(role).get(f"/{resource}/?page_size=200"))
        assert listed == set(seen.values_list("pk", flat=True)), role
        of_stranger = ids(api(role, world.stranger).get(f"/{resource}/?page_size=200"))
        assert not listed & of_stranger
    assert ids(api(Role.ADMINISTRATOR).get(f"/{resource}/"))


def test_comments__have_their_answers_when_these_are_sent(world, api):
    said = closed(world.home)
    answer(said, world.home)
    [to_writer] = rows(api(Role.ADMINISTRATOR).get("/consultation-comments/"))
    [to_author] = rows(api(REP).get("/consultation-comments/"))
    assert (to_writer["answer_outcome"], to_writer["answer_text"]) == ("followed", "Innarbeidet i mål 1.")
    assert (to_author["answer_outcome"], to_author["answer_text"]) == (None, None)
    given = answered(world.neighbor)
    own = rows(
        api(REP, world.neighbor).get(f"/consultation-comments/?consultation={given.point.consultation_id}")
    )
    assert [(row["id"], row["answer_outcome"]) for row in own] == [(given.pk, "followed")]


def test_comments__withdrawn_are_their_authors_alone(world, api):
    said = comment(opened(world.home), world.home)
    withdraw_comment(said, by=world.home.actor(REP), now=timezone.now())
    [own] = rows(api(REP).get("/consultation-comments/"))
    assert own["withdrawn_at"]
    assert rows(api(Role.ADMINISTRATOR).get("/consultation-comments/")) == []
    assert api(Role.ADMINISTRATOR).get(f"/consultation-comments/{said.pk}/").status_code == 404


def test_points__tell_the_words_that_were_heard(world, api):
    said = closed(world.home)
    goal = said.point.goal
    goal.title = "Noe annet"
    save_goal(Edit(goal, ("title",)), by=world.home.actor(Role.ADMINISTRATOR), now=timezone.now())
    consultation = said.point.consultation
    listed = rows(api(Role.EMPLOYEE).get(f"/consultation-points/?consultation={consultation.pk}"))
    shown = {
        line.point.pk: line.point.title for line in summary_of(consultation, world.home.actor(REP)).lines
    }
    assert {row["id"]: row["title"] for row in listed} == shown
    assert "Noe annet" not in shown.values()


def test_filters__keep_what_they_name_and_refuse_the_rest(world, api):
    home = opened(world.home)
    have_no_remarks(home, by=world.home.actor(REP), now=timezone.now())
    caller = api(REP)
    assert ids(caller.get("/consultations/?status=open")) == {home.pk}
    assert ids(caller.get("/consultations/?status=answered")) == set()
    assert ids(
        caller.get(f"/consultations/?strategy={home.strategy_id}&municipality={home.municipality_id}")
    ) == {home.pk}
    assert len(rows(caller.get("/consultation-comments/?no_remarks=true"))) == 1
    assert rows(caller.get("/consultation-comments/?no_remarks=false")) == []
    for bad in (
        "consultations/?status=ferdig",
        "consultation-points/?goal=x",
        "consultation-comments/?forfatter=1",
    ):
        assert slug_of(caller.get(f"/{bad}"))
        assert caller.get(f"/{bad}").status_code == 400


@pytest.mark.parametrize("resource", LISTS)
def test_one__tells_what_the_list_tells_and_not_to_others(world, api, resource):
    answered(world.home)
    own, other = api(REP), api(REP, world.stranger)
    for row in rows(own.get(f"/{resource}/")):
        one = own.get(f"/{resource}/{row['id']}/")
        assert one.json() == row
        assert one["ETag"]
        assert other.get(f"/{resource}/{row['id']}/").status_code == 404
        assert own.get(f"/{resource}/{row['id']}/", HTTP_IF_NONE_MATCH="x").status_code == 200
    for nothing in (0, 10**30):
        assert own.get(f"/{resource}/{nothing}/").status_code == 404


def test_client__reads_what_is_heard_with_its_scope_and_no_comments(world):
    said = answered(world.home)
    answered(world.neighbor)
    caller = machine(world.home, "consultations:read")
    assert ids(caller.get("/consultations/")) == {said.point.consultation_id}
    assert len(rows(caller.get("/consultation-points/"))) == 3
    assert rows(caller.get("/consultation-comments/")) == []
    without = machine(world.home, "goals:read", name="Uten")
    for resource in LISTS:
        assert slug_of(without.get(f"/{resource}/")) == "scope"


def test_client__is_told_of_consultations_in_the_feed(world):
    caller = machine(world.home, "consultations:read")
    start = caller.get("/events/?after=latest").json()["cursor"]
    said, other = answered(world.home), answered(world.neighbor)
    found = rows(caller.get(f"/events/?after={start}"))
    subject = f"consultations/{said.point.consultation_id}"
    assert [one["type"] for one in found if one["subject"] == subject] == [
        f"no.stafett.consultation.{what}" for what in ("created", "open", "closed", "answered")
    ]
    assert f"consultations/{other.point.consultation_id}" not in {one["subject"] for one in found}
    assert caller.get(f"/{subject}/").json()["status"] == "answered"


@pytest.mark.parametrize("resource", LISTS)
def test_list__costs_the_same_however_much_is_said_and_comes_in_pages(world, api, resource):
    one, caller = opened(world.home, hears_leaders=True), api(Role.ADMINISTRATOR)
    comment(one, world.home)
    caller.get(f"/{resource}/")
    with CaptureQueriesContext(connection) as few:
        caller.get(f"/{resource}/")
    for number in range(3, 9):
        goal = Goal(strategy=one.strategy, unit=world.home.unit, code=str(number), title=f"Mål {number}")
        save_goal(Edit(goal, ()), by=world.home.actor(Role.ADMINISTRATOR), now=timezone.now())
        comment(one, world.home, code=str(number), role=Role.LEADER)
        opened(world.home, title=f"Plan {number}")
    with CaptureQueriesContext(connection) as many:
        whole = ids(caller.get(f"/{resource}/?page_size=200"))
    assert len(many) == len(few) <= MOST_STATEMENTS
    address, paged = f"/{resource}/?page_size=3", []
    while address:
        page = caller.get(address).json()
        assert len(page["results"]) <= 3
        paged += [row["id"] for row in page["results"]]
        address = page["next"]
    assert len(paged) == len(set(paged))
    assert set(paged) == whole
