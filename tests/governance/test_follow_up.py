"""The follow-up of decisions: who carries it out, what everybody sees of it, and when it is late."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from core import reminders
from core.actors import System
from core.inbox import Inbox
from core.mail import bundle_all
from core.models import AccessLog, Mail, Notice
from core.notices import still_open_to
from core.retention import REDACTED, forget
from core.workdays import add_working_days
from core.workflow import TransitionBlocked, TransitionDenied
from governance.following_up import Assignment, set_follow_up
from governance.models import Decision, FollowUp
from governance.reminders import REMINDERS
from governance.workflow import follow_up_workflow
from organization.forms import person_label
from organization.models import FeedEntry
from organization.roles import Role
from tests import stories
from tests.governance.follow_ups import DONE, decided, perform, row_of, shielded
from tests.matrices import assert_snapshot, matrix_of

SNAPSHOT = Path(__file__).parent / "follow_up_matrix.txt"
MAX_QUERIES = 12
AGAIN = {"due_on": timezone.localdate() + timedelta(days=30)}


def page(decision) -> str:
    return reverse("governance:decision_detail", args=[decision.pk])


def step(decision, name) -> str:
    return reverse("governance:follow_up_transition", args=[decision.pk, name])


def setting(decision) -> str:
    return reverse("governance:follow_up_set", args=[decision.pk])


@pytest.fixture
def place(world):
    return world.home


@pytest.fixture
def decision(place):
    return decided(place)


# --- The machine ---------------------------------------------------------------------------------
def test_follow_up__comes_with_the_decision_that_names_somebody_or_a_day(place, decision):
    row = row_of(decision)
    assert (row.status, row.responsible, row.due_on) == ("open", place.person(Role.HR), decision.due_on)
    stories.decided(place, "reject", title="Uten oppfølging")
    assert FollowUp.objects.count() == 1


def test_allow_steps__as_the_reviewed_matrix_says(world, place, decision):
    people = {f"{role.value}": place.actor(role) for role in Role}
    people |= {
        f"{role.value}.{other.code}": other.actor(role)
        for other in (world.neighbor, world.stranger, world.region)
        for role in (Role.SECRETARIAT, Role.HR)
    }
    assert_snapshot(
        {"follow-up (hr is responsible)": matrix_of(follow_up_workflow, row_of(decision), people)}, SNAPSHOT
    )


def test_follow_up__is_begun_done_and_reopened_by_who_is_responsible(place, decision):
    me = place.actor(Role.HR)
    assert perform("begin_follow_up", decision, me).status == "under_way"
    done = perform("finish_follow_up", decision, me, **DONE)
    assert (done.status, done.closed_by_id, done.evidence) == ("done", me.person_id, "Avtalen er sagt opp.")
    again = perform("reopen_follow_up", decision, me, **AGAIN, reason="Oppsigelsen ble trukket.")
    assert (again.status, again.closed_at, again.closed_by, again.evidence) == ("open", None, None, "")
    assert again.due_on == AGAIN["due_on"]


def test_follow_up__lapses_and_comes_back_by_the_secretariat_alone(place, decision):
    secretary = place.actor(Role.SECRETARIAT)
    with pytest.raises(TransitionDenied):
        perform("lapse_follow_up", decision, place.actor(Role.HR), reason="Gidder ikke.")
    assert (
        perform("lapse_follow_up", decision, secretary, reason="Leverandøren er konkurs.").status == "lapsed"
    )
    with pytest.raises(TransitionDenied):
        perform("revive_follow_up", decision, place.actor(Role.HR), **AGAIN, reason="Likevel.")
    again = perform("revive_follow_up", decision, secretary, **AGAIN, reason="Boet driver videre.")
    assert (again.status, again.due_on) == ("open", AGAIN["due_on"])


def test_follow_up__is_hidden_from_those_who_see_no_line_of_it(world, decision):
    for other in (world.neighbor, world.stranger):
        with pytest.raises(Http404):
            perform("begin_follow_up", decision, other.actor(Role.SECRETARIAT))


def test_database__refuses_a_step_that_is_not_declared_and_a_close_without_who_and_what(place, decision):
    row = FollowUp.objects.filter(decision=decision)
    now, me = timezone.now(), place.person(Role.HR)
    for values, error in (
        ({"status": "done"}, IntegrityError),
        ({"status": "done", "closed_at": now, "closed_by": me}, IntegrityError),
        ({"status": "lapsed", "closed_at": now}, IntegrityError),
        ({"status": "late"}, DatabaseError),
        ({"responsible": None, "due_on": None}, IntegrityError),
    ):
        with pytest.raises(error), transaction.atomic():
            row.update(**values)
    perform("finish_follow_up", decision, place.actor(Role.HR), **DONE)
    with pytest.raises(DatabaseError, match="transition"), transaction.atomic():
        row.update(status="under_way", closed_at=None, closed_by=None)
    other = place.person(Role.ARCHIVIST)
    for values in (
        {"evidence": "Noe annet."},
        {"evidence_url": ""},
        {"due_on": None},
        {"responsible": other},
        {"closed_by": other},
    ):
        with pytest.raises(DatabaseError, match="opened anew"), transaction.atomic():
            row.update(**values)


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"due_on": "", "reason": "x"}, "due_on"),
        ({"due_on": "2020-01-01", "reason": "x"}, "due_on"),
        ({"due_on": "2199-01-01", "reason": "x"}, "due_on"),
        ({"due_on": "i morgen", "reason": "x"}, "due_on"),
        ({"due_on": "2030-01-01", "reason": " "}, "reason"),
    ],
)
def test_reopen__asks_for_a_new_deadline_that_has_not_passed(as_role, place, decision, data, field):
    perform("finish_follow_up", decision, place.actor(Role.HR), **DONE)
    answer = as_role(Role.HR).post(step(decision, "reopen_follow_up"), data)
    assert answer.status_code == 422
    assert set(answer.context["tried"].form.errors) == {field}


# --- Whom and when -------------------------------------------------------------------------------
def test_set_follow_up__moves_it_and_leaves_what_the_minutes_say(place, decision):
    secretary, other = place.actor(Role.SECRETARIAT), place.person(Role.ARCHIVIST)
    due, before = timezone.localdate() + timedelta(days=40), decision.due_on
    perform("begin_follow_up", decision, place.actor(Role.HR))
    row = set_follow_up(decision, Assignment(responsible=other, due_on=due, reason="HR er i permisjon.", began=row_of(decision).changed_at), by=secretary, now=timezone.now())  # fmt: skip
    assert (row.status, row.responsible, row.due_on) == ("under_way", other, due)
    decision.refresh_from_db()
    assert (decision.responsible, decision.due_on) == (place.person(Role.HR), before)
    told = set(Notice.objects.values_list("event", "recipient__username"))
    assert {("follow_up_given", "archivist.heim"), ("follow_up_taken", "hr.heim")} <= told


def test_minutes__keep_whom_and_which_day_they_name_once_they_are_approved(place, decision):
    at = decision.agenda_item.meeting
    from governance.workflow import meeting_workflow

    held = meeting_workflow.perform("conclude", at, by=place.actor(Role.SECRETARIAT), now=timezone.now())
    meeting_workflow.perform("approve_minutes", held, by=place.actor(Role.COUNCIL_LEADER), now=timezone.now())
    for values in ({"due_on": timezone.localdate()}, {"responsible": None}):
        with pytest.raises(DatabaseError, match="locked"), transaction.atomic():
            Decision.objects.filter(pk=decision.pk).update(**values)
    assert perform("begin_follow_up", decision, place.actor(Role.HR)).status == "under_way"


def test_set_follow_up__gives_a_decision_that_had_none_and_stops_at_a_finished_one(place):
    stories.decided(place, "reject")
    decision, secretary = Decision.objects.get(), place.actor(Role.SECRETARIAT)
    given = {"responsible": place.person(Role.HR), "due_on": None, "reason": "", "began": None}
    with pytest.raises(TransitionDenied):
        set_follow_up(decision, Assignment(**given), by=place.actor(Role.COUNCIL_LEADER), now=timezone.now())
    set_follow_up(decision, Assignment(**given), by=secretary, now=timezone.now())
    perform("finish_follow_up", decision, place.actor(Role.HR), **DONE)
    with pytest.raises(TransitionBlocked, match="imens"):
        set_follow_up(decision, Assignment(**given), by=secretary, now=timezone.now())
    given["began"] = row_of(decision).changed_at
    with pytest.raises(TransitionBlocked, match="Gjenåpne"):
        set_follow_up(decision, Assignment(**given), by=secretary, now=timezone.now())


def test_follow_up__stamps_the_decision_so_that_others_hear_of_it(place, decision):
    FeedEntry.objects.all().delete()
    before = decision.changed_at
    perform("begin_follow_up", decision, place.actor(Role.HR))
    decision.refresh_from_db()
    assert decision.changed_at > before
    assert set(FeedEntry.objects.values_list("type", "object_id")) == {
        ("no.stafett.decision.changed", decision.pk)
    }


# --- The pages -----------------------------------------------------------------------------------
def test_decision_detail__tells_all_to_who_reads_and_offers_what_one_may(as_role, place, decision):
    text = as_role(Role.SECRETARIAT).get(page(decision)).content.decode()
    for words in ("Hemmelig AS sies opp", decision.number, "Enstemmig", "Sett som bortfalt", "Endre ansvarlig eller frist"):  # fmt: skip
        assert words in text, words
    mine = as_role(Role.HR).get(page(decision)).content.decode()
    assert "Meld som utført" in mine
    assert "Sett som bortfalt" not in mine
    assert "Endre ansvarlig" not in mine
    other = as_role(Role.COUNCIL_MEMBER).get(page(decision)).content.decode()
    assert "Meld som utført" not in other


def test_decision_detail__of_others_is_not_there(as_role, world, decision):
    for other in (world.neighbor, world.stranger):
        client = as_role(Role.SECRETARIAT, other)
        for address in (page(decision), setting(decision), step(decision, "begin_follow_up")):
            assert client.get(address).status_code == 404
        for address in (setting(decision), step(decision, "begin_follow_up")):
            assert client.post(address).status_code == 404


def test_decision_detail__shielded_gives_words_to_readers_and_the_task_to_who_has_it(as_role, place):
    decision = shielded(place)
    hidden = ("Hemmelig AS", "Kodenavn Bjørn", "Enstemmig")
    mine = as_role(Role.HR).get(page(decision)).content.decode()
    assert "Anskaffelse" in mine
    assert "Meld som utført" in mine
    elsewhere = as_role(Role.PORTFOLIO_MANAGER).get(page(decision)).content.decode()
    assert "Anskaffelse" in elsewhere
    assert "Oppfølging" not in elsewhere
    for text in (mine, elsewhere):
        assert not [words for words in hidden if words in text]
    assert not AccessLog.objects.filter(what="decision").exists()
    assert "Hemmelig AS" in as_role(Role.SECRETARIAT).get(page(decision)).content.decode()
    assert AccessLog.objects.filter(what="decision", person=place.person(Role.SECRETARIAT)).count() == 1
    assert as_role(Role.PORTFOLIO_MANAGER).get(step(decision, "begin_follow_up")).status_code == 404


def test_finish__asks_for_what_was_done_and_shows_it(as_role, place, decision):
    client = as_role(Role.HR)
    empty = client.post(
        step(decision, "finish_follow_up"), {"remark": " ", "evidence_url": "javascript:alert(1)"}
    )
    assert empty.status_code == 422
    assert set(empty.context["tried"].form.errors) == {"remark", "evidence_url"}
    assert client.post(step(decision, "finish_follow_up"), DONE).status_code == 302
    text = client.get(page(decision)).content.decode()
    assert "Avtalen er sagt opp." in text
    assert 'href="https://heim.example/oppsigelse.pdf"' in text
    assert client.post(step(decision, "finish_follow_up"), DONE).status_code == 409
    client.post(step(decision, "reopen_follow_up"), {"due_on": "2035-02-01", "reason": "Trukket."})
    history = client.get(page(decision)).content.decode()
    assert "Avtalen er sagt opp." in history
    assert "Trukket." in history


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"responsible": "", "due_on": "", "reason": "x"}, "__all__"),
        ({"responsible": "-1", "due_on": "2030-01-01", "reason": "x"}, "responsible"),
        ({"responsible": "", "due_on": "2020-01-01", "reason": "x"}, "due_on"),
        ({"responsible": "", "due_on": "32.13.2026", "reason": "x"}, "due_on"),
        ({"responsible": "", "due_on": "2030-01-01", "reason": ""}, "reason"),
        ({"responsible": "", "due_on": "2030-01-01", "reason": "x" * 2001}, "reason"),
        ({"responsible": "nul\x00", "due_on": "2030-01-01", "reason": "x"}, "responsible"),
    ],
)
def test_set_follow_up__names_what_is_wrong(as_role, decision, data, field):
    answer = as_role(Role.SECRETARIAT).post(setting(decision), data)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors


def test_set_follow_up__page_is_the_secretariats_and_says_when_nothing_changed(as_role, place, decision):
    row = row_of(decision)
    assert as_role(Role.HR).get(setting(decision)).status_code == 403
    client = as_role(Role.SECRETARIAT)
    same = {"responsible": person_label(row.responsible), "due_on": row.due_on.isoformat(), "reason": "x"}
    same["began"] = row.changed_at.isoformat()
    assert "Ingenting er endret" in str(client.post(setting(decision), same).context["form"].errors)
    people = client.get(setting(decision)).context["form"].fields["responsible"].queryset
    assert not people.filter(username__endswith=".granne").exists()
    for stale in ("", "2020-01-01T00:00:00+00:00", "i går", "\x00"):
        lost = client.post(setting(decision), same | {"due_on": "2030-01-01", "began": stale})
        assert lost.status_code in {409, 422}
        assert "2030" in lost.content.decode()
    moved = client.post(setting(decision), same | {"due_on": "2030-01-01"})
    assert moved.status_code == 302
    assert row_of(decision).due_on.year == 2030
    perform("finish_follow_up", decision, place.actor(Role.HR), **DONE)
    assert client.post(setting(decision), same | {"due_on": "2031-01-01"}).status_code == 409


def test_decision_detail__costs_at_most_twelve_queries(as_role, place, django_assert_max_num_queries):
    decision = shielded(place)
    for number in range(20):
        due = timezone.localdate() + timedelta(days=20 + number)
        set_follow_up(decision, Assignment(responsible=place.person(Role.HR), due_on=due, reason=f"Nr {number}", began=row_of(decision).changed_at), by=place.actor(Role.SECRETARIAT), now=timezone.now())  # fmt: skip
    client = as_role(Role.SECRETARIAT)
    client.get(page(decision))
    for address in (page(decision), setting(decision), step(decision, "finish_follow_up")):
        with django_assert_max_num_queries(MAX_QUERIES):
            assert client.get(address).status_code == 200


# --- The log -------------------------------------------------------------------------------------
def test_decision_log__filters_by_the_state_of_the_follow_up(as_role, place):
    late, begun, done = (decided(place, title=title, days=days) for title, days in (("Sen", -1), ("Begynt", 5), ("Gjort", -5)))  # fmt: skip
    perform("begin_follow_up", begun, place.actor(Role.HR))
    perform("finish_follow_up", done, place.actor(Role.HR), **DONE)
    lapsed = decided(place, title="Bortfalt sak")
    perform("lapse_follow_up", lapsed, place.actor(Role.SECRETARIAT), reason="Konkurs.")
    client = as_role(Role.SECRETARIAT)

    def shown(which):
        lines = client.get(reverse("governance:decision_log"), {"oppfolging": which}).context["lines"]
        return {line.title for line in lines}

    assert shown("open") == shown("overdue") == {"Sen"}
    assert (shown("under_way"), shown("done"), shown("lapsed")) == ({"Begynt"}, {"Gjort"}, {"Bortfalt sak"})
    assert shown("all") == {"Sen", "Begynt", "Gjort", "Bortfalt sak"}
    text = client.get(reverse("governance:decision_log")).content.decode()
    for words in ("Forsinket", "Under arbeid", "Utført", page(late)):
        assert words in text, words
    file = client.get(reverse("governance:decision_log"), {"fil": "csv", "oppfolging": "overdue"})
    lines = b"".join(file.streaming_content).decode("utf-8-sig").splitlines()
    assert "Oppfølging" in lines[0]
    assert "Forsinket" in lines[1]


def test_decision_log__tells_who_has_the_task_of_a_shielded_case_and_nobody_else(as_role, place):
    shielded(place)
    address = reverse("governance:decision_log")
    [line] = as_role(Role.HR).get(address, {"oppfolging": "mine"}).context["lines"]
    assert line.follow_up is not None
    [line] = as_role(Role.PORTFOLIO_MANAGER).get(address).context["lines"]
    assert line.follow_up is None
    assert as_role(Role.PORTFOLIO_MANAGER).get(address, {"oppfolging": "open"}).context["lines"] == []


# --- Mine oppgaver, reminders and what is told ----------------------------------------------------
def tasks(actor) -> list[str]:
    return [task.title for task in Inbox(actor).tasks() if str(task.verb) == "Følg opp vedtak"]


def test_inbox__has_it_until_it_is_finished(world, place, decision):
    assert len(tasks(place.actor(Role.HR))) == 1
    assert tasks(place.actor(Role.SECRETARIAT)) == tasks(world.neighbor.actor(Role.HR)) == []
    perform("begin_follow_up", decision, place.actor(Role.HR))
    assert len(tasks(place.actor(Role.HR))) == 1
    perform("finish_follow_up", decision, place.actor(Role.HR), **DONE)
    assert tasks(place.actor(Role.HR)) == []


def test_inbox__gives_the_secretariat_what_nobody_is_there_to_do(world, place, decision):
    decided(place, responsible=None, title="Uten ansvarlig")
    person = place.person(Role.HR)
    person.is_active = False
    person.save(update_fields=["is_active"])
    assert len(tasks(place.actor(Role.SECRETARIAT))) == 2
    assert tasks(world.neighbor.actor(Role.SECRETARIAT)) == tasks(world.region.actor(Role.SECRETARIAT)) == []


def test_inbox__gives_the_secretariat_at_once_what_somebody_without_a_role_had(world, place, decision):
    secretary = place.actor(Role.SECRETARIAT)
    assert tasks(secretary) == []
    today = timezone.localdate()
    held = place.person(Role.HR).roles.all()
    held.update(unit=world.neighbor.municipality)
    assert len(tasks(secretary)) == 1
    (task,) = [one for one in Inbox(secretary).tasks() if str(one.verb) == "Følg opp vedtak"]
    assert "Uten ansvarlig" in str(task.why)
    held.update(unit=place.municipality, valid_to=today + timedelta(days=1))
    assert tasks(secretary) == []
    held.update(valid_to=today)
    assert len(tasks(secretary)) == 1
    assert tasks(world.neighbor.actor(Role.SECRETARIAT)) == []
    run(add_working_days(row_of(decision).due_on, -5))
    told = set(Notice.objects.filter(event="follow_up_due").values_list("recipient__username", flat=True))
    assert told == {"secretariat.heim", "coordinator.heim"}


def run(day) -> int:
    now = timezone.make_aware(datetime.combine(day, time(7)))
    return reminders.run(day=day, now=now, only=[one for one in REMINDERS if one.key == "follow_up_due"])


def test_remind__before_and_after_the_deadline_and_up_the_line_until_it_is_finished(world, place, decision):
    due, secretariat = row_of(decision).due_on, {"secretariat.heim", "coordinator.heim"}
    steps = {
        -5: {"hr.heim"}, 1: {"hr.heim"}, 5: {"hr.heim", *secretariat},
        15: {"hr.heim", *secretariat, "council_leader.heim", "council_deputy.heim"},
    }  # fmt: skip
    for after, people in steps.items():
        day = add_working_days(due, after)
        Notice.objects.all().delete()
        assert run(day) == len(people)
        assert set(Notice.objects.values_list("recipient__username", flat=True)) == people
        assert run(day) == 0
    perform("finish_follow_up", decision, place.actor(Role.HR), **DONE)
    assert run(add_working_days(due, 40)) == 0


def test_remind__the_secretariat_at_once_where_nobody_is_responsible(place):
    decision = decided(place, responsible=None)
    run(add_working_days(row_of(decision).due_on, 1))
    told = set(Notice.objects.filter(event="follow_up_due").values_list("recipient__username", flat=True))
    assert told == {"secretariat.heim", "coordinator.heim"}


def test_notices_and_mail__of_a_shielded_case_have_no_words_of_it(place):
    decision = shielded(place)
    secretary = place.actor(Role.SECRETARIAT)
    run(add_working_days(row_of(decision).due_on, 16))
    perform(
        "finish_follow_up", decision, place.actor(Role.HR), remark="Hemmelig AS er varslet.", evidence_url=""
    )
    perform("reopen_follow_up", decision, secretary, **AGAIN, reason="Hemmelig AS svarte ikke.")
    perform("lapse_follow_up", decision, secretary, reason="Hemmelig AS er konkurs.")
    told = Notice.objects.filter(event__startswith="follow_up")
    assert set(told.values_list("event", flat=True)) == {
        "follow_up_given", "follow_up_due", "follow_up_done", "follow_up_reopened", "follow_up_lapsed",
    }  # fmt: skip
    bundle_all(day=timezone.localdate(), now=timezone.now())
    written = " ".join(
        [*(f"{one.title} {one.body}" for one in told), *Mail.objects.values_list("body", flat=True)]
    )
    assert "Anskaffelse" in written
    assert not [words for words in ("Hemmelig", "Kodenavn", "Leverandør") if words in written]


def test_set_follow_up__tells_who_is_relieved_of_a_shielded_case_too(place):
    decision = shielded(place)
    other = Assignment(responsible=place.person(Role.ARCHIVIST), due_on=None, reason="Hemmelig grunn.", began=row_of(decision).changed_at)  # fmt: skip
    set_follow_up(decision, other, by=place.actor(Role.SECRETARIAT), now=timezone.now())
    told = Notice.objects.get(event="follow_up_taken")
    assert told.recipient == place.person(Role.HR)
    assert told.title == f"Du følger ikke lenger opp vedtak {decision.number}: Anskaffelse"
    assert still_open_to(place.actor(Role.HR), [told]) == [told]


def test_forget_case__leaves_its_title_in_no_notice_or_mail(place):
    decision = decided(place, title="Avtalen med Bjørn")
    run(add_working_days(row_of(decision).due_on, 1))
    moved = Assignment(responsible=place.person(Role.ARCHIVIST), due_on=None, reason="x", began=row_of(decision).changed_at)  # fmt: skip
    set_follow_up(decision, moved, by=place.actor(Role.SECRETARIAT), now=timezone.now())
    perform("finish_follow_up", decision, place.actor(Role.ARCHIVIST), **DONE)
    bundle_all(day=timezone.localdate(), now=timezone.now())
    assert "Bjørn" in written()
    forget(
        decision.initiative, columns=["title"], legal_basis="lov", by=System("retention"), now=timezone.now()
    )
    assert "Bjørn" not in written()
    row = row_of(decision)
    assert (row.status, row.evidence) == ("done", REDACTED)


def written() -> str:
    """Return all that has been told to anybody."""
    told = Notice.objects.values_list("title", "body")
    sent = Mail.objects.values_list("subject", "body")
    return " ".join(part for one in [*told, *sent] for part in one)


def test_pages__link_to_the_meeting_for_those_who_can_open_it(as_role, world, place):
    decision = decided(place, participants=[world.neighbor.municipality])
    item, case = decision.agenda_item, decision.initiative
    pages = {
        page(decision): reverse("governance:meeting_item", args=[item.meeting_id, item.pk]),
        f"{case.get_absolute_url()}?vis=behandling": reverse("governance:meeting_detail", args=[item.meeting_id]),
        reverse("governance:insight_list"): reverse("governance:meeting_detail", args=[item.meeting_id]),
    }  # fmt: skip
    for address, meeting in pages.items():
        text = as_role(Role.SECRETARIAT).get(address).content.decode()
        assert f'href="{meeting}"' in text, address
        elsewhere = as_role(Role.SECRETARIAT, world.neighbor)
        answer = elsewhere.get(address)
        assert answer.status_code == 200, address
        assert meeting not in answer.content.decode(), address
        assert item.meeting.number in answer.content.decode()
        assert elsewhere.get(meeting).status_code == 404
