"""Consultations where something went otherwise than planned: too late, called off, written twice, rewritten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.inbox import Inbox
from core.models import Notice
from core.workflow import TransitionBlocked
from governance.insight import SHOWN
from organization.consultation_rules import hearing_problem
from organization.models import Consultation, ConsultationPoint
from organization.operations import delete_goal, move_consultations, open_consultation
from organization.roles import Role
from organization.workflow import consultation_workflow
from tests.organization.conftest import text_of, url
from tests.organization.consulted import REP, answer, closed, draft, hearing, opened, point
from tests.world import SYSTEM

DAY = timedelta(days=1)


def planned(place, *, days: int = 2, since: int = 0, title: str = "Plan for digital omsorg") -> Consultation:
    """Return a consultation of ``draft`` that was planned ``since`` days ago, to open ``days`` later."""
    then = timezone.now() - since * DAY
    opens = timezone.localdate(then) + days * DAY
    row = hearing(draft(place, title), now=then, opens_on=opens, closes_on=opens + 3 * DAY)
    return open_consultation(row, by=place.actor(Role.ADMINISTRATOR), now=then)


def unheard(place) -> Consultation:
    """Return a consultation whose days all went by while no job ran."""
    row = planned(place, since=20)
    move_consultations(now=timezone.now())
    row.refresh_from_db()
    return row


def call_off(row: Consultation, place) -> None:
    consultation_workflow.perform(
        "call_off_hearing", row, by=place.actor(Role.ADMINISTRATOR), now=timezone.now(), data={"reason": "Utsatt."}
    )  # fmt: skip


# --- What was typed and not saved -----------------------------------------------------------------
def test_comment__typed_after_it_closed_stands_beside_what_is_saved(as_role, world):
    said = closed(world.home)
    client, place = as_role(REP), url("comment_edit", said.point_id)
    answer_page = client.post(place, {"handling": "write", "text": "Nye ord som kom for sent."})
    assert answer_page.status_code == 409
    page = text_of(answer_page)
    saved = page.index("slik det er lagret")
    typed = page.index("Det du skrev nå, er ikke lagret")
    assert "Nye ord som kom for sent." in page[typed:saved]
    assert said.text in page[saved:]
    assert "Nye ord som kom for sent." not in page[saved:]
    again = text_of(client.get(place))
    assert said.text in again
    assert "ikke lagret" not in again


def test_comment__typed_for_the_first_time_after_it_closed_is_not_lost(as_role, world):
    said = closed(world.home)
    place = url("comment_edit", point(said.point.consultation, "2").pk)
    page = text_of(as_role(REP).post(place, {"handling": "write", "text": "Det første jeg skrev."}))
    assert "Det du skrev nå, er ikke lagret" in page
    assert "Det første jeg skrev." in page
    assert "slik det er lagret" not in page


# --- Called off before anybody was told -----------------------------------------------------------
def test_call_off__planned_tells_nobody_who_was_never_told(world):
    call_off(planned(world.home), world.home)
    assert not Notice.objects.filter(event="consultation_cancelled").exists()
    call_off(opened(world.neighbor), world.neighbor)
    told = Notice.objects.filter(event="consultation_cancelled")
    assert [notice.recipient for notice in told] == [world.neighbor.person(REP)]


# --- All its days went by while no job ran --------------------------------------------------------
def test_move__asks_nobody_about_what_is_over_and_tells_who_arranges_it(world):
    still_open = planned(world.neighbor, since=3)
    row = unheard(world.home)
    still_open.refresh_from_db()
    assert (row.status, still_open.status) == ("unheard", "open")
    assert not row.points.exists()
    events = {"consultation_opened", "consultation_closed", "consultation_unheard"}
    told = Notice.objects.filter(url=row.get_absolute_url(), event__in=events)
    assert [(one.event, one.recipient) for one in told] == [
        ("consultation_unheard", world.home.person(Role.ADMINISTRATOR))
    ]
    assert move_consultations(now=timezone.now()) == 0


def test_unheard__is_in_the_inbox_until_it_is_held_anew_or_called_off(world):
    row = unheard(world.home)

    def waits(place=world.home, role=Role.ADMINISTRATOR) -> bool:
        return any(task.url == row.get_absolute_url() for task in Inbox(place.actor(role)).tasks())

    assert waits()
    assert not waits(role=REP)
    assert not waits(world.neighbor)
    by, now = world.home.actor(Role.ADMINISTRATOR), timezone.now()
    anew = open_consultation(hearing(row.strategy, now=now), by=by, now=now)
    assert anew.status == "open"
    assert not waits()
    other = unheard(world.neighbor)
    call_off(other, world.neighbor)
    assert not any(
        "på nytt" in str(task.verb) for task in Inbox(world.neighbor.actor(Role.ADMINISTRATOR)).tasks()
    )
    assert not Notice.objects.filter(event="consultation_cancelled").exists()


def test_unheard_page__says_what_happened_and_what_to_do(as_role, world):
    row = unheard(world.home)
    page = text_of(as_role(Role.ADMINISTRATOR).get(row.get_absolute_url()))
    assert "Ingen ble hørt" in page
    assert f'href="{url("consultation_open", row.strategy_id)}"' in page
    for_reps = text_of(as_role(REP).get(row.get_absolute_url()))
    assert "ble aldri åpnet" in for_reps
    assert "Send strategien på høring på nytt" not in for_reps
    assert as_role(Role.ADMINISTRATOR, world.neighbor).get(row.get_absolute_url()).status_code == 404


def test_unheard__does_not_hold_the_adoption_back(world, today):
    row = unheard(world.home)
    assert hearing_problem(row.strategy, row.closes_on - DAY) is None


def test_pass_unheard__only_when_the_last_day_is_over(world):
    row = planned(world.home)
    assert consultation_workflow.transitions["pass_unheard"].internal
    with pytest.raises(TransitionBlocked, match="varer til og med"):
        consultation_workflow.perform("pass_unheard", row, by=SYSTEM, now=timezone.now())


# --- What was heard stays as it was heard ----------------------------------------------------------
@pytest.mark.parametrize(
    "sql",
    [
        "update organization_consultationpoint set title = 'Omskrevet' where code = '1'",
        "update organization_consultationpoint set code = '7' where code = '1'",
        "update organization_consultationpoint set indicator = 'Annet' where code = '1'",
        "delete from organization_consultationpoint where code = '2'",
    ],
)
@pytest.mark.parametrize("story", [closed, opened])
def test_points__are_rewritten_by_nobody(world, story, sql):
    story(world.home)
    with pytest.raises(DatabaseError, match=r"words that were heard|never deleted"), transaction.atomic():
        _run(sql)


def test_points__no_more_come_in_when_comments_are_answered(world):
    said = closed(world.home)
    new = {"code": "8", "title": "Et sent mål", "changed_at": timezone.now()}
    answer(said, world.home)
    with pytest.raises(DatabaseError, match="nothing more is heard"), transaction.atomic():
        ConsultationPoint.objects.create(consultation=said.point.consultation, **new)
    other = unheard(world.neighbor)
    with pytest.raises(DatabaseError, match="nothing more is heard"), transaction.atomic():
        ConsultationPoint.objects.create(consultation=other, **new)


def test_points__stay_when_the_goal_is_deleted_from_the_draft(world):
    heard = closed(world.home).point
    delete_goal(heard.goal, by=world.home.actor(Role.ADMINISTRATOR), now=timezone.now())
    heard.refresh_from_db()
    assert (heard.goal, heard.title) == (None, "Tid til brukerne")


def _run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


# --- Pages ----------------------------------------------------------------------------------------
def test_detail__steps_lead_to_their_own_addresses(as_role, world):
    row = opened(world.home)
    page = text_of(as_role(Role.ADMINISTRATOR).get(row.get_absolute_url()))
    assert url("consultation_transition", row.pk, "extend_hearing") in page


def test_insight__says_how_many_more_are_open_and_shows_them_at_constant_cost(as_role, world):
    client, page = as_role(REP), reverse("governance:insight_list")
    first = opened(world.home)
    assert "til på høring" not in text_of(client.get(page))
    with CaptureQueriesContext(connection) as few:
        client.get(page)
    last = [opened(world.home, title=f"Plan {number}") for number in range(SHOWN + 1)][-1]
    opened(world.neighbor, title="Naboens plan")
    with CaptureQueriesContext(connection) as many:
        shown = text_of(client.get(page))
    assert "og 2 til på høring" in shown
    assert first.get_absolute_url() in shown
    assert f'href="{last.get_absolute_url()}"' not in shown
    everything = text_of(client.get(page, {"horinger": "alle"}))
    assert f'href="{last.get_absolute_url()}"' in everything
    assert "til på høring" not in everything
    assert "Naboens plan" not in everything
    assert len(many) == len(few) <= 12
