"""Consultations of draft strategies: dated, answered, and closed to everybody when they have closed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from core import reminders
from core.actors import System
from core.errors import Refused, StaleVersion
from core.history import timeline
from core.inbox import Inbox
from core.models import Notice
from core.retention import forget
from core.workflow import TransitionBlocked, TransitionDenied
from organization.consultation_summary import summary_of
from organization.models import Consultation, ConsultationAnswer, ConsultationComment, Goal, Strategy
from organization.operations import (
    Adoption,
    Edit,
    adopt_strategy,
    delete_goal,
    give_role,
    have_no_remarks,
    move_consultations,
    open_consultation,
    save_answer,
    save_goal,
    withdraw_comment,
)
from organization.reminders import REMINDERS
from organization.roles import Role
from organization.workflow import consultation_workflow
from tests.core.test_retention import found_anywhere
from tests.organization.conftest import text_of, url
from tests.organization.consulted import (
    DAYS,
    REP,
    answer,
    answered,
    closed,
    comment,
    draft,
    hearing,
    opened,
    point,
)
from tests.world import SYSTEM

DAY = timedelta(days=1)


@pytest.fixture
def consultation(world) -> Consultation:
    return opened(world.home)


@pytest.fixture
def elected(as_role):
    return as_role(REP)


def step(name: str, consultation: Consultation, by, **data) -> Consultation:
    return consultation_workflow.perform(name, consultation, by=by, now=timezone.now(), data=data)


# --- Opening --------------------------------------------------------------------------------------
def test_open_consultation__today_opens_at_once_and_asks_the_elected_of_the_municipality(admin, world, today):
    strategy = draft(world.home)
    sent = {"text": "Si fra.", "opens_on": today.isoformat(), "closes_on": (today + DAY).isoformat()}
    response = admin.post(url("consultation_open", strategy.pk), sent)
    made = Consultation.objects.get(strategy=strategy)
    assert response.url == made.get_absolute_url()
    assert (made.status, made.municipality) == ("open", world.home.municipality)
    told = Notice.objects.filter(event="consultation_opened")
    assert [notice.recipient for notice in told] == [world.home.person(REP)]
    assert [str(point) for point in made.points.order_by("code")] == [
        "Strategien som helhet", "1 Tid til brukerne", "2 Trygg drift",
    ]  # fmt: skip


def test_open_consultation__leaders_and_secretariat_only_when_asked_for(world):
    plain, wide = opened(world.home), opened(world.neighbor, hears_leaders=True, hears_secretariat=True)
    told = {notice.recipient.username for notice in Notice.objects.filter(event="consultation_opened")}
    assert told == {
        "elected_representative.heim", "elected_representative.granne", "leader.granne", "sector_leader.granne",
        "secretariat.granne", "coordinator.granne",
    }  # fmt: skip
    leader = Role.LEADER
    assert not Consultation.objects.asking(world.home.actor(leader)).filter(pk=plain.pk).exists()
    assert list(Consultation.objects.asking(world.neighbor.actor(leader))) == [wide]


def test_open_consultation__of_a_region_asks_the_elected_of_its_municipalities(world):
    consultation = opened(world.region)
    told = {notice.recipient.username for notice in Notice.objects.filter(event="consultation_opened")}
    assert told == {f"{REP}.{code}" for code in ("region", "heim", "granne")}
    assert comment(consultation, world.neighbor).point.consultation == consultation
    assert not Consultation.objects.asking(world.stranger.actor(REP)).exists()


@pytest.mark.parametrize(
    ("days", "field", "says"),
    [
        ((-1, 3), "opens_on", "Datoen er passert"),
        ((400, 410), "opens_on", "mer enn et år fram"),
        ((3, 2), "closes_on", "ikke slutte før den åpner"),
        ((0, 400), "closes_on", "varer mer enn et år"),
    ],
)
def test_open_consultation__days_are_to_come_and_in_order(admin, world, days, field, says):
    first, last = (timezone.localdate() + day * DAY for day in days)
    strategy = draft(world.home)
    sent = {"text": "x", "opens_on": first.isoformat(), "closes_on": last.isoformat()}
    response = admin.post(url("consultation_open", strategy.pk), sent)
    assert response.status_code == 422
    assert any(says in error for error in response.context["form"].errors[field])
    assert not Consultation.objects.exists()


def test_open_consultation__not_twice_not_of_what_is_adopted_and_not_without_goals(world):
    by, now = world.home.actor(Role.ADMINISTRATOR), timezone.now()
    standing = opened(world.home)
    with pytest.raises(Refused, match="alt på høring"):
        open_consultation(hearing(standing.strategy, now=now), by=by, now=now)
    adopted = Strategy.objects.exclude(adopted_on=None).get(municipality=world.home.municipality)
    with pytest.raises(Refused, match="er vedtatt"):
        open_consultation(hearing(adopted, now=now), by=by, now=now)
    empty = draft(world.home, "Tom")
    empty.goals.all().delete()
    with pytest.raises(Refused, match="ingen mål"):
        open_consultation(hearing(empty, now=now), by=by, now=now)
    with pytest.raises(PermissionDenied):
        open_consultation(
            hearing(draft(world.home, "Ny"), now=now), by=world.neighbor.actor(Role.ADMINISTRATOR), now=now
        )


def test_open_consultation__later_opens_on_its_day_by_norwegian_time(world):
    by = world.home.actor(Role.ADMINISTRATOR)
    monday = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
    day = timezone.localdate(monday) + DAY
    planned = open_consultation(hearing(draft(world.home), now=monday, opens_on=day), by=by, now=monday)
    assert planned.status == "planned"
    assert not planned.points.exists()
    assert not Notice.objects.filter(event="consultation_opened").exists()
    late = datetime(2026, 6, 1, 21, 59, tzinfo=UTC)  # 23:59 in Oslo
    assert move_consultations(now=late) == 0
    assert move_consultations(now=late + timedelta(minutes=2)) == 1
    planned.refresh_from_db()
    assert planned.status == "open"
    assert Notice.objects.filter(event="consultation_opened").count() == 1
    assert move_consultations(now=late + timedelta(minutes=3)) == 0


# --- Comments -------------------------------------------------------------------------------------
def test_comment__is_written_changed_and_withdrawn_by_its_author(elected, consultation, world):
    place = url("comment_edit", point(consultation, "1").pk)
    response = elected.post(place, {"handling": "write", "text": "Legg til frivilligheten."})
    assert response.url == consultation.get_absolute_url()
    row = ConsultationComment.objects.get()
    assert (row.author, row.text) == (world.home.person(REP), "Legg til frivilligheten.")
    assert "Legg til frivilligheten." in text_of(elected.get(consultation.get_absolute_url()))
    seen = row.changed_at.isoformat()
    elected.post(place, {"handling": "write", "text": "Nevn frivilligheten.", "seen": seen})
    row.refresh_from_db()
    assert row.text == "Nevn frivilligheten."
    assert elected.post(place, {"handling": "withdraw"}).status_code == 302
    row.refresh_from_db()
    assert row.withdrawn_at is not None
    assert [entry.action for entry in timeline(row, field="text")] == [
        "withdraw_comment", "change_comment", "write_comment",
    ]  # fmt: skip
    elected.post(place, {"handling": "write", "text": row.text, "seen": row.changed_at.isoformat()})
    row.refresh_from_db()
    assert row.is_standing


def test_comment__changed_in_two_windows_keeps_what_was_typed(elected, consultation, world):
    row = comment(consultation, world.home)
    place = url("comment_edit", point(consultation, "1").pk)
    sent = {"handling": "write", "text": "Det nye.", "seen": "2020-01-01T00:00:00+00:00"}
    response = elected.post(place, sent)
    assert response.status_code == 409
    assert "Det nye." in text_of(response)
    row.refresh_from_db()
    assert row.text == "Legg til frivilligheten."


@pytest.mark.parametrize("text", ["", "   ", "x" * 4001])
def test_comment__says_something_and_not_too_much(elected, consultation, text):
    response = elected.post(url("comment_edit", point(consultation).pk), {"handling": "write", "text": text})
    assert response.status_code == 422
    assert response.context["form"].errors["text"]
    assert not ConsultationComment.objects.exists()


def test_comment__is_typed_when_the_session_has_ended_and_found_again(client, world, consultation):
    place, person = url("comment_edit", point(consultation, "1").pk), world.home.person(REP)
    client.force_login(person)
    page = client.get(place)
    client.logout()
    sent = {"handling": "write", "text": "Skrevet uten innlogging.", "writer": page.context["note"]}
    assert "login" in client.post(place, sent)["Location"]
    client.force_login(person)
    again = client.get(place)
    assert "Skrevet uten innlogging." in text_of(again)
    assert f'data-keep="{place}:{person.pk}"' in text_of(again)


def test_comment__of_others_is_seen_by_who_writes_the_strategy_until_it_is_answered(world):
    said = closed(world.home, hears_leaders=True)
    seen = {
        role: ConsultationComment.objects.visible_to(world.home.actor(role)).contains(said)
        for role in (REP, Role.ADMINISTRATOR, Role.LEADER, Role.EMPLOYEE)
    }
    assert seen == {REP: True, Role.ADMINISTRATOR: True, Role.LEADER: False, Role.EMPLOYEE: False}
    for role in (REP, Role.ADMINISTRATOR):
        assert not ConsultationComment.objects.visible_to(world.neighbor.actor(role)).exists()
    answer(said, world.home)
    assert not ConsultationAnswer.objects.visible_to(world.home.actor(REP)).exists()
    step("send_answers", said.point.consultation, world.home.actor(Role.ADMINISTRATOR))
    assert ConsultationComment.objects.visible_to(world.home.actor(Role.LEADER)).contains(said)
    assert ConsultationAnswer.objects.visible_to(world.home.actor(REP)).count() == 1
    assert not ConsultationComment.objects.visible_to(world.home.actor(Role.EMPLOYEE)).exists()
    assert not ConsultationAnswer.objects.visible_to(world.neighbor.actor(REP)).exists()


def test_withdrawn_comment__is_seen_by_its_author_alone(world, consultation):
    said = comment(consultation, world.home)
    withdraw_comment(said, by=world.home.actor(REP), now=timezone.now())
    assert ConsultationComment.objects.visible_to(world.home.actor(REP)).contains(said)
    assert not ConsultationComment.objects.visible_to(world.home.actor(Role.ADMINISTRATOR)).exists()
    assert summary_of(consultation, world.home.actor(Role.ADMINISTRATOR)).count == 0


def test_comment__of_somebody_else_is_nobodys_to_change(world, consultation):
    said = comment(consultation, world.home)
    said.text = "Noe annet"
    with pytest.raises(PermissionDenied):
        withdraw_comment(said, by=world.home.actor(Role.EMPLOYEE), now=timezone.now())
    give_role(
        person=world.home.person(Role.EMPLOYEE), role=REP, unit=world.home.municipality,
        valid_from=timezone.localdate() - DAY, by=SYSTEM, now=timezone.now(),
    )  # fmt: skip
    with pytest.raises(PermissionDenied):
        withdraw_comment(said, by=world.home.actor(Role.EMPLOYEE), now=timezone.now())


def test_no_remarks__in_one_press_until_one_has_something_to_say(elected, consultation, world):
    page = consultation.get_absolute_url()
    assert "Ingen merknader" in text_of(elected.get(page))
    assert elected.post(page).status_code == 302
    assert "Du har ingen merknader" in text_of(elected.get(page))
    assert elected.post(page).status_code == 409
    summary = summary_of(consultation, world.home.actor(Role.ADMINISTRATOR))
    assert (summary.count, len(summary.without_remarks)) == (0, 1)
    comment(consultation, world.home)
    summary = summary_of(consultation, world.home.actor(Role.ADMINISTRATOR))
    assert (summary.count, len(summary.without_remarks)) == (1, 0)
    with pytest.raises(Refused, match="alt svart"):
        have_no_remarks(consultation, by=world.home.actor(REP), now=timezone.now())


def test_comment_on_the_whole__replaces_that_one_had_no_remarks(world, consultation):
    have_no_remarks(consultation, by=world.home.actor(REP), now=timezone.now())
    said = comment(consultation, world.home, code="")
    assert ConsultationComment.objects.get() == said
    assert said.is_standing


# --- Open from the first day to the last ----------------------------------------------------------
def test_comment__on_the_last_day_until_midnight_in_norway(world):
    first = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
    consultation = opened(world.home, now=first)
    last_minute = datetime(2026, 6, 1 + DAYS, 21, 59, tzinfo=UTC)
    assert comment(consultation, world.home, now=last_minute).is_standing
    with pytest.raises(Refused, match="ble avsluttet"):
        comment(consultation, world.home, "For sent", now=last_minute + timedelta(minutes=2))


def test_closed_consultation__is_closed_to_pages_and_operations(elected, world):
    said = closed(world.home)
    place = url("comment_edit", said.point_id)
    page = text_of(elected.get(place))
    assert "Høringen ble avsluttet" in page
    assert "Lagre innspillet" not in page
    for sent in ({"handling": "write", "text": "Mer"}, {"handling": "withdraw"}):
        assert elected.post(place, sent).status_code == 409
    assert elected.post(said.point.consultation.get_absolute_url()).status_code == 409
    said.refresh_from_db()
    assert (said.text, said.withdrawn_at) == ("Legg til frivilligheten.", None)


@pytest.mark.parametrize(
    "sql",
    [
        "update organization_consultationcomment set text = 'Endret'",
        "update organization_consultationcomment set withdrawn_at = now(), changed_at = %(then)s",
        "delete from organization_consultationcomment",
        (
            "insert into organization_consultationcomment (point_id, author_id, text, has_no_remarks, changed_at)"
            " select point_id, (select min(id) from organization_person), 'Ny', false, %(then)s from organization_consultationcomment"
        ),
    ],
)
def test_closed_consultation__is_closed_to_raw_sql(world, sql):
    said = closed(world.home)
    with pytest.raises(DatabaseError, match=r"not open|never deleted"), transaction.atomic():
        _run(sql, then=said.changed_at)


def test_open_consultation__takes_no_raw_sql_from_before_it_opened(world, consultation):
    comment(consultation, world.home)
    for sql in (
        "update organization_consultationcomment set text = 'x', changed_at = %(then)s",
        "update organization_consultationcomment set author_id = (select min(id) from organization_person)",
    ):
        with pytest.raises(DatabaseError, match=r"not open|stays"), transaction.atomic():
            _run(sql, then=timezone.now() - DAY)


def _run(sql: str, **values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_state__is_sealed_in_the_database(world, consultation):
    with pytest.raises(DatabaseError), transaction.atomic():
        _run("update organization_consultation set status = 'answered' where id = %(pk)s", pk=consultation.pk)


def test_extend__with_a_reason_and_those_asked_are_told(admin, world, consultation, today):
    page = url("consultation_transition", consultation.pk, "extend_hearing")
    longer = today + timedelta(days=DAYS + 5)
    assert admin.post(page, {"closes_on": longer.isoformat(), "reason": ""}).status_code == 422
    early = admin.post(page, {"closes_on": today.isoformat(), "reason": "x"})
    assert early.status_code == 422
    assert "Fristen er alt" in text_of(early)
    assert (
        admin.post(
            page, {"closes_on": longer.isoformat(), "reason": "Formannskapet ba om mer tid."}
        ).status_code
        == 302
    )
    consultation.refresh_from_db()
    assert (consultation.status, consultation.closes_on) == ("open", longer)
    assert Notice.objects.filter(event="consultation_extended").count() == 1
    assert "Formannskapet ba om mer tid." in text_of(admin.get(consultation.get_absolute_url()))


def test_extend__opens_a_closed_one_again_until_somebody_has_answered(world, today):
    said, by = closed(world.home), world.home.actor(Role.ADMINISTRATOR)
    consultation = said.point.consultation
    step("extend_hearing", consultation, by, closes_on=today + DAY, reason="Flere ville svare.")
    comment(consultation, world.home, "Og skolene.")
    later = timezone.now() + 3 * DAY
    move_consultations(now=later)
    said.refresh_from_db()
    answer(said, world.home)
    with pytest.raises(TransitionBlocked, match="begynt å svare"):
        step("extend_hearing", consultation, by, closes_on=today + 9 * DAY, reason="Igjen")


def test_extend__not_a_closed_one_while_a_newer_one_stands(admin, world, today):
    said = closed(world.home)
    first = said.point.consultation
    second = Consultation(strategy=first.strategy, opens_on=today, closes_on=today + 10 * DAY, text="På nytt")
    open_consultation(second, by=world.home.actor(Role.ADMINISTRATOR), now=timezone.now())
    url = reverse("organization:consultation_transition", args=[first.pk, "extend_hearing"])
    page = admin.post(url, {"closes_on": str(today + 20 * DAY), "reason": "Flere vil svare"})
    assert page.status_code == 409
    assert "på høring i en ny runde" in text_of(page)
    first.refresh_from_db()
    assert first.status == "closed"


def test_extend__hears_also_the_goals_that_came_while_it_was_closed(world, today):
    said = closed(world.home)
    one = said.point.consultation
    new = Goal(strategy=one.strategy, unit=world.home.unit, code="9", title="Et sent mål")
    save_goal(Edit(new, ()), by=world.home.actor(Role.ADMINISTRATOR), now=timezone.now())
    assert not one.points.filter(code="9").exists()
    data = {"closes_on": today + 20 * DAY, "reason": "Et mål til"}
    step("extend_hearing", one, world.home.actor(Role.ADMINISTRATOR), **data)
    assert one.points.get(code="9").goal == new
    assert one.points.values("goal").distinct().count() == one.points.count()


def test_call_off__closes_it_and_tells_those_asked(world, consultation):
    step("call_off_hearing", consultation, world.home.actor(Role.ADMINISTRATOR), reason="Planen utsettes.")
    assert Notice.objects.filter(event="consultation_cancelled").count() == 1
    with pytest.raises(Refused, match="avlyst"):
        comment(consultation, world.home)


STEPS = {
    "planned": {"call_off_hearing"}, "open": {"extend_hearing", "call_off_hearing"}, "closed": {"extend_hearing", "send_answers"}, "answered": set(),
    "cancelled": set(), "unheard": {"call_off_hearing"},
}  # fmt: skip


@pytest.mark.parametrize("status", STEPS)
@pytest.mark.parametrize("role", list(Role))
def test_offers__by_state_and_role(world, status, role):
    row = Consultation(
        municipality=world.home.municipality, strategy=world.home.goal.strategy, status=status,
    )  # fmt: skip
    row.pk = 0
    names = {offer.transition.name for offer in consultation_workflow.offers(row, world.home.actor(role))}
    assert names == (STEPS[status] if role == Role.ADMINISTRATOR else set())
    outside = consultation_workflow.offers(row, world.neighbor.actor(role))
    assert not list(outside)


def test_begin_and_close__are_nobodys_to_press(world, consultation):
    by = world.home.actor(Role.ADMINISTRATOR)
    assert consultation_workflow.transitions["open_hearing"].internal
    with pytest.raises(TransitionBlocked, match="åpen til og med"):
        consultation_workflow.perform("close_hearing", consultation, by=System("x"), now=timezone.now())
    with pytest.raises(TransitionDenied):
        step("call_off_hearing", consultation, world.home.actor(REP), reason="x")
    assert by.person_id


# --- Goals that are changed meanwhile -------------------------------------------------------------
def test_goal__changed_or_taken_out_keeps_its_comments_with_the_words_that_were_heard(world, consultation):
    by, now = world.home.actor(Role.ADMINISTRATOR), timezone.now()
    comment(consultation, world.home, "Behold dette.", code="1")
    comment(consultation, world.home, "Dette er utydelig.", code="2")
    first, second = Goal.objects.filter(strategy=consultation.strategy).order_by("code")
    second.title = "Sikker og trygg drift"
    save_goal(Edit(second, ("title",)), by=by, now=now)
    delete_goal(first, by=by, now=now)
    summary = summary_of(consultation, by)
    told = {line.point.code: (line.point.title, line.now, len(line.said)) for line in summary.lines}
    assert told == {
        "": ("", "", 0),
        "1": ("Tid til brukerne", "Tatt ut av utkastet", 1),
        "2": ("Trygg drift", "Endret til «2 Sikker og trygg drift»", 1),
    }


def test_goal__added_while_it_is_open_is_heard_too(world, consultation):
    by, now = world.home.actor(Role.ADMINISTRATOR), timezone.now()
    new = Goal(strategy=consultation.strategy, unit=world.home.unit, code="10", title="Nytt mål")
    save_goal(Edit(new, ()), by=by, now=now)
    assert comment(consultation, world.home, code="10").is_standing
    codes = [line.point.code for line in summary_of(consultation, by).lines]
    assert codes == ["", "1", "2", "10"]


def test_adopt__not_while_it_is_heard_and_not_dated_before_it_closed(world, today):
    said, by = closed(world.home), world.home.actor(Role.ADMINISTRATOR)
    strategy = said.point.consultation.strategy

    def adopt(on):
        decision = Adoption(adopted_on=on, adopted_body="kommunestyre", adopted_reference="PS 45/26")
        return adopt_strategy(strategy, decision, by=by, now=timezone.now())

    with pytest.raises(Refused, match="varte til og med"):
        adopt(today - DAY)
    assert adopt(today).is_adopted
    running = opened(world.neighbor)
    decision = Adoption(adopted_on=today, adopted_body="formannskap", adopted_reference="PS 1/26")
    with pytest.raises(Refused, match="er på høring til og med"):
        adopt_strategy(
            running.strategy, decision, by=world.neighbor.actor(Role.ADMINISTRATOR), now=timezone.now()
        )  # fmt: skip


# --- Answers --------------------------------------------------------------------------------------
def test_answer__each_comment_and_then_send_them(as_role, world):
    said, admin = closed(world.home), as_role(Role.ADMINISTRATOR)
    consultation = said.point.consultation
    consultation.refresh_from_db()
    send = url("consultation_transition", consultation.pk, "send_answers")
    blocked = admin.post(send)
    assert blocked.status_code == 409
    assert "1 innspill er ikke besvart" in text_of(blocked)
    page = url("comment_answer", said.pk)
    assert admin.post(page, {"outcome": "followed", "text": ""}).status_code == 422
    assert admin.post(page, {"outcome": "perhaps", "text": "Nei"}).status_code == 422
    assert admin.post(page, {"outcome": "partly", "text": "Tas inn i mål 1."}).status_code == 302
    summary_page = url("consultation_summary", consultation.pk)
    assert "Tas inn i mål 1." not in text_of(as_role(REP).get(summary_page))
    assert as_role(Role.ADMINISTRATOR).post(send).status_code == 302
    shown = text_of(as_role(REP).get(summary_page))
    assert "Tas inn i mål 1." in shown
    assert "Tas delvis til følge" in shown
    told = Notice.objects.filter(event="consultation_answered")
    assert [notice.recipient for notice in told] == [world.home.person(REP)]
    assert (
        as_role(Role.ADMINISTRATOR).post(page, {"outcome": "followed", "text": "Likevel"}).status_code == 409
    )
    with pytest.raises(DatabaseError, match="until the answers are sent"), transaction.atomic():
        _run("update organization_consultationanswer set text = 'x'")


def test_answer__not_while_others_may_still_write_and_not_over_anothers_words(world, consultation):
    with pytest.raises(Refused, match="når høringen er avsluttet"):
        answer(comment(consultation, world.home), world.home)
    given = answer(closed(world.neighbor), world.neighbor)
    given.text = "Mitt"
    with pytest.raises(StaleVersion):
        save_answer(
            Edit(given, ("text",), "2020-01-01T00:00:00+00:00"), by=world.neighbor.actor(Role.ADMINISTRATOR), now=timezone.now()
        )  # fmt: skip
    with pytest.raises(StaleVersion):  # whoever began before there was an answer has not seen it
        save_answer(Edit(given, ("text",)), by=world.neighbor.actor(Role.ADMINISTRATOR), now=timezone.now())
    with pytest.raises(PermissionDenied):
        save_answer(Edit(given, ("text",)), by=world.neighbor.actor(REP), now=timezone.now())


def test_consultation_closed__tells_who_answers(world):
    closed(world.home)
    told = Notice.objects.filter(event="consultation_closed")
    assert [notice.recipient for notice in told] == [world.home.person(Role.ADMINISTRATOR)]


def test_summary__as_a_file_with_comments_and_answers(admin, world):
    said = answered(world.home)
    have = said.point.consultation
    csv = b"".join(admin.get(url("consultation_summary", have.pk, query="fil=csv"))).decode("utf-8-sig")
    assert "Innarbeidet i mål 1." in csv
    assert "Tas til følge" in csv
    content = b"".join(admin.get(url("consultation_summary", have.pk, query="fil=xlsx")).streaming_content)
    rows = list(load_workbook(BytesIO(content)).active.values)
    assert rows[1][:2] == ("1", "Tid til brukerne")
    assert rows[1][5] == "Legg til frivilligheten."


# --- Two municipalities, queries, forgetting ------------------------------------------------------
@pytest.mark.parametrize("role", [REP, Role.ADMINISTRATOR])
def test_pages__of_another_municipality_are_not_found(as_role, world, role):
    said = closed(world.neighbor)
    pk, client = said.point.consultation_id, as_role(role)
    pages = [
        url("consultation_detail", pk), url("consultation_summary", pk), url("consultation_transition", pk, "extend_hearing"),
        url("comment_edit", said.point_id), url("comment_answer", said.pk),
        url("consultation_open", said.point.consultation.strategy_id),
    ]  # fmt: skip
    assert [client.get(page).status_code for page in pages] == [404] * len(pages)
    assert client.post(pages[3], {"handling": "write", "text": "x"}).status_code == 404


@pytest.mark.parametrize("role", [REP, Role.ADMINISTRATOR])
@pytest.mark.parametrize("name", ["consultation_detail", "consultation_summary"])
def test_pages__cost_at_most_12_queries_however_much_is_said(as_role, world, name, role):
    wide, client = opened(world.home, hears_leaders=True), as_role(role)
    comment(wide, world.home)
    page = url(name, wide.pk)
    client.get(page)
    with CaptureQueriesContext(connection) as few:
        client.get(page)
    for number in range(3, 9):
        new = Goal(strategy=wide.strategy, unit=world.home.unit, code=str(number), title=f"Mål {number}")
        save_goal(Edit(new, ()), by=world.home.actor(Role.ADMINISTRATOR), now=timezone.now())
        for one in (REP, Role.LEADER):
            comment(wide, world.home, code=str(number), role=one)
    with CaptureQueriesContext(connection) as many:
        client.get(page)
    assert len(many) == len(few)
    assert len(many) <= 12


def test_forget_comment__also_when_it_is_closed_and_leaves_nothing(world):
    secret = "Naboen min fru Ødegård"
    said = closed(world.home)
    answer(said, world.home, f"{secret} er nevnt i svaret.")
    consultation = opened(world.neighbor, now=timezone.now() - (DAYS + 1) * DAY)
    other = comment(consultation, world.neighbor, secret, now=timezone.now() - 5 * DAY)
    move_consultations(now=timezone.now())
    answer(other, world.neighbor, f"Om «{secret}»")
    for row in (said, other):
        forget(
            row,
            columns=["text"],
            legal_basis="personvernforordningen art. 17",
            by=System("retention"),
            now=timezone.now(),
        )
    assert found_anywhere(secret) == []
    other.refresh_from_db()
    assert other.text == "[fjernet]"


def test_forget_point__the_words_that_were_heard_go_and_nothing_else_changes(world):
    said = closed(world.home)
    point = said.point
    how = {"legal_basis": "personvernforordningen art. 17", "by": System("retention"), "now": timezone.now()}
    forget(point, columns=["title", "indicator"], **how)
    point.refresh_from_db()
    assert (point.title, point.code) == ("[fjernet]", "1")
    with pytest.raises(DatabaseError, match="words that were heard"), transaction.atomic():
        type(point).objects.filter(pk=point.pk).update(title="Noe annet")


def test_forget_comment__also_where_it_was_taken_back_and_nothing_is_said_instead(world):
    secret = "Naboen min fru Ødegård"
    consultation = opened(world.home, now=timezone.now() - (DAYS + 1) * DAY)
    then = timezone.now() - 5 * DAY
    row = comment(consultation, world.home, secret, now=then, code="")
    by = world.home.actor(REP)
    withdraw_comment(row, by=by, now=then)
    have_no_remarks(consultation, by=by, now=then)
    move_consultations(now=timezone.now())
    row.refresh_from_db()
    how = {"legal_basis": "personvernforordningen art. 17", "by": System("retention"), "now": timezone.now()}
    forget(row, columns=["text"], **how)
    assert found_anywhere(secret) == []


def test_constraints__hold_also_without_the_operations(world, consultation):
    whole = point(consultation)
    silent = {"point": whole, "author": world.home.person(REP), "changed_at": timezone.now()}
    with pytest.raises(ValidationError, match="Skriv innspillet"):
        ConsultationComment(**silent).validate_constraints()
    with pytest.raises(DatabaseError, match="comment_words"), transaction.atomic():
        ConsultationComment.objects.create(**silent)
    with pytest.raises(DatabaseError, match="consultation_period"), transaction.atomic():
        _run(
            "update organization_consultation set closes_on = opens_on - 1 where id = %(pk)s",
            pk=consultation.pk,
        )


# --- Inbox, reminders and the published cases -----------------------------------------------------
def waiting(place, role) -> list[str]:
    return [f"{task.verb} {task.title}" for task in Inbox(place.actor(role)).tasks()]


def test_inbox__asks_for_comments_until_one_has_answered(world, consultation):
    asked = f"Gi innspill til {consultation.strategy}"
    assert waiting(world.home, REP) == [asked]
    assert Inbox(world.home.actor(REP)).tasks()[0].due == consultation.closes_on
    assert asked not in waiting(world.home, Role.LEADER)
    assert waiting(world.neighbor, REP) == []
    have_no_remarks(consultation, by=world.home.actor(REP), now=timezone.now())
    assert waiting(world.home, REP) == []


def test_inbox__asks_for_answers_until_they_are_sent(world):
    said = closed(world.home)
    answers = f"Svar på innspillene til {said.point.consultation.strategy}"
    assert answers in waiting(world.home, Role.ADMINISTRATOR)
    assert answers not in waiting(world.neighbor, Role.ADMINISTRATOR)
    assert waiting(world.home, REP) == []
    answer(said, world.home)
    step("send_answers", said.point.consultation, world.home.actor(Role.ADMINISTRATOR))
    assert answers not in waiting(world.home, Role.ADMINISTRATOR)


def test_reminder__before_it_closes_to_those_who_have_said_nothing(world, consultation):
    opened(world.neighbor)
    comment(consultation, world.home)
    day = consultation.closes_on
    told = {"recipient__username": "elected_representative.granne", "event": "consultation_closes"}
    early = reminders.run(day=day - 9 * DAY, now=timezone.now(), only=REMINDERS)
    assert early == 0
    assert reminders.run(day=day, now=timezone.now(), only=REMINDERS) == 1
    assert reminders.run(day=day, now=timezone.now(), only=REMINDERS) == 0
    assert Notice.objects.filter(event="consultation_closes").count() == 1
    assert Notice.objects.filter(**told).exists()
    assert reminders.run(day=day + DAY, now=timezone.now(), only=REMINDERS) == 0


def test_published_cases__point_to_what_one_is_heard_about(as_role, world, consultation):
    link = f'href="{consultation.get_absolute_url()}"'
    assert link in text_of(as_role(REP).get(reverse("governance:insight_list")))
    assert link not in text_of(as_role(Role.EMPLOYEE).get(reverse("governance:insight_list")))
