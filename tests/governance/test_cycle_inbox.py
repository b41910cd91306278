"""The deadlines of the annual cycle in people's tasks and reminders: each once, to those it concerns, gone when done."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone

from core import reminders
from core.inbox import Inbox
from core.models import Notice
from core.workdays import add_working_days
from governance import council
from governance.cycle.calendar import Kind, entries_between
from governance.cycle.operations import change_period
from governance.cycle.reminders import REMINDERS
from governance.cycle.rules import aims_of
from governance.hearings import operations as hearings
from governance.hearings.stand_ins import name_stand_in
from governance.models import BudgetTrack, CyclePeriod, Hearing, Initiative, Meeting
from governance.reminders import REMINDERS as OF_CASES
from organization.operations import Edit
from organization.roles import Role
from tests import stories

TODAY = timezone.localdate


def tasks(actor, verb):
    return [task for task in Inbox(actor).tasks() if str(task.verb) == verb]


def aiming(place, period, **fields):
    """Return a case under preparation that aims at a period, with HR asked."""
    case = stories.under_preparation(place, **fields)
    Initiative.objects.filter(pk=case.pk).update(cycle_period=period)
    case = Initiative.objects.get(pk=case.pk)
    Hearing.objects.filter(initiative=case).delete()
    asked = hearings.ask_hearings(
        case, roles=[Role.HR], due_on=add_working_days(period.hearing_on, 9), by=place.actor(Role.COORDINATOR), now=timezone.now(),
    )  # fmt: skip
    return case, asked[0]


def answer(hearing, place):
    hearings.answer_hearing(
        Hearing.objects.get(pk=hearing.pk), position="no_remarks", by=place.actor(Role.HR), now=timezone.now()
    )


def remind(key, day):
    only = [one for one in (*REMINDERS, *OF_CASES) if one.key == key]
    now = timezone.make_aware(datetime.combine(day, time(7)))
    return reminders.run(day=day, now=now, only=only)


def told(key):
    return sorted(Notice.objects.filter(event=key).values_list("recipient__username", flat=True))


# --- Submission -----------------------------------------------------------------------------------
def test_inbox__a_draft_is_due_when_the_next_meeting_takes_no_more(place, world):
    period = stories.period(place, submission=8, name="Vår", budget_track=BudgetTrack.ECONOMIC_PLAN)
    stories.period(place, submission=40, name="Høst")
    stories.period(world.stranger, submission=3, name="Fremmed")
    draft = stories.draft(place)
    (task,) = tasks(place.actor(Role.EMPLOYEE), "Skriv ferdig")
    assert (task.due, task.title) == (period.submission_on, draft.title)
    assert "«Vår»" in str(task.why)
    assert "Budsjettløp: økonomiplan" in str(task.why)


def test_inbox__a_draft_that_nobody_works_on_has_no_deadline(place):
    stories.period(place, submission=8)
    draft = stories.draft(place)
    Initiative.objects.filter(pk=draft.pk).update(changed_at=timezone.now() - timedelta(days=90))
    (task,) = tasks(place.actor(Role.EMPLOYEE), "Skriv ferdig")
    assert task.due is None


# --- Hearing --------------------------------------------------------------------------------------
def test_inbox__who_prepares_brings_the_answers_in_and_who_is_asked_sees_the_sooner_deadline(place, world):
    period = stories.period(place, submission=2)
    case, hearing = aiming(place, period)
    coordinator, asked = place.actor(Role.COORDINATOR), place.actor(Role.HR)
    (task,) = tasks(coordinator, "Få inn svar på høringen om")
    assert (task.due, task.title) == (period.hearing_on, case.title)
    (own,) = tasks(asked, "Svar på høring om")
    assert own.due == period.hearing_on < hearing.due_on
    assert not tasks(world.neighbor.actor(Role.COORDINATOR), "Få inn svar på høringen om")
    answer(hearing, place)
    assert not tasks(coordinator, "Få inn svar på høringen om")
    assert not tasks(asked, "Svar på høring om")


def test_inbox__who_is_asked_after_the_deadline_of_the_cycle_has_the_own_one(place):
    today = TODAY()
    days = {
        name: add_working_days(today, later)
        for name, later in zip(CyclePeriod.DAYS, (-9, -4, 3, 9), strict=True)
    }
    period = stories.period(place, submission=1, **days)
    _case, hearing = aiming(place, period)
    (own,) = tasks(place.actor(Role.HR), "Svar på høring om")
    assert own.due == hearing.due_on
    assert not tasks(place.actor(Role.COORDINATOR), "Få inn svar på høringen om")


def test_inbox__who_was_asked_before_another_in_the_role_answered_is_not_asked_any_more(place):
    """The row and the guard know one rule: what holds a case back is what somebody is asked for."""
    case, hearing = aiming(place, stories.period(place, submission=2))
    later = Hearing.objects.create(
        initiative=case, role=Role.HR, person=place.person(Role.COUNCIL_MEMBER), on_behalf_of=place.municipality,
        asked_at=timezone.now(), due_on=hearing.due_on, changed_at=timezone.now(), answered_at=timezone.now(),
        answered_by=place.person(Role.COUNCIL_MEMBER), position="no_remarks",
    )  # fmt: skip
    assert later.answered_at > hearing.asked_at
    assert not tasks(place.actor(Role.HR), "Svar på høring om")
    assert not tasks(place.actor(Role.COORDINATOR), "Få inn svar på høringen om")
    assert remind("hearing_due", hearing.due_on) == 0


def test_remind_of_hearings__who_prepares_and_who_owes_an_answer_once(place, world):
    period = stories.period(place, submission=2)
    case, hearing = aiming(place, period, title="Hemmelig tittel")
    aiming(place, period, title="En sak til")
    stories.period(world.stranger, submission=2)
    early = add_working_days(period.hearing_on, -4)
    assert remind("cycle_hearing", early) == 0
    assert remind("cycle_hearing", add_working_days(early, 1)) == 2
    assert remind("cycle_hearing", add_working_days(early, 2)) == 0
    assert told("cycle_hearing") == sorted(
        place.person(role).username for role in (Role.COORDINATOR, Role.HR)
    )
    notice = Notice.objects.filter(event="cycle_hearing").first()
    assert notice.title.startswith("Høringsfristen for rådsmøtet")
    assert case.title not in f"{notice.title} {notice.body}"
    for one in Hearing.objects.filter(answered_at=None):
        answer(one, place)
    assert hearing.pk
    assert remind("cycle_hearing", add_working_days(period.hearing_on, 1)) == 0


def test_remind_of_hearings__not_twice_where_the_own_deadline_is_the_same_day(place):
    period = stories.period(place, submission=2)
    _case, hearing = aiming(place, period)
    Hearing.objects.filter(pk=hearing.pk).update(due_on=period.hearing_on)
    assert remind("cycle_hearing", add_working_days(period.hearing_on, -3)) == 1
    assert told("cycle_hearing") == [place.person(Role.COORDINATOR).username]


def test_remind_of_hearings__the_stand_in_and_not_who_was_asked(place):
    period = stories.period(place, submission=2)
    _case, hearing = aiming(place, period)
    agent = place.person(Role.CHANGE_AGENT)
    name_stand_in(
        Hearing.objects.select_related("initiative").get(pk=hearing.pk), person=agent, by=place.actor(Role.HR), now=timezone.now()
    )  # fmt: skip
    assert remind("cycle_hearing", add_working_days(period.hearing_on, -3)) == 2
    assert told("cycle_hearing") == sorted([agent.username, place.person(Role.COORDINATOR).username])


# --- Papers ---------------------------------------------------------------------------------------
def test_inbox__a_meeting_that_nobody_has_set_up(place, world):
    period = stories.period(place, submission=1, budget_track=BudgetTrack.FIRST_TERTIAL)
    far = stories.period(place, submission=60, name="Senere")
    (task,) = tasks(place.actor(Role.SECRETARIAT), "Sett opp")
    assert task.due == period.papers_on < far.papers_on
    assert task.url.endswith(f"?periode={period.pk}")
    assert "Budsjettløp: 1. tertial" in str(task.why)
    assert not tasks(world.stranger.actor(Role.SECRETARIAT), "Sett opp")
    assert not tasks(place.actor(Role.EMPLOYEE), "Sett opp")
    stories.meeting(place, days=(period.meeting_on - TODAY()).days)
    assert not tasks(place.actor(Role.SECRETARIAT), "Sett opp")
    (papers,) = tasks(place.actor(Role.SECRETARIAT), "Send innkalling til")
    assert papers.due == period.papers_on


def set_up(place, period):
    at = stories.meeting(place, days=(period.meeting_on - TODAY()).days)
    return Meeting.objects.select_related("mandate", "cycle_period").get(pk=at.pk)


def test_papers_due__page_reminder_calendar_and_form_say_the_day_of_the_period(as_role, place):
    period = stories.period(place, submission=1, papers_on=add_working_days(TODAY(), 19))
    at = set_up(place, period)
    assert council.papers_due(at) == period.papers_on
    assert period.papers_on != add_working_days(period.meeting_on, -at.mandate.papers_days)
    days = entries_between(place.actor(Role.SECRETARIAT), TODAY(), period.meeting_on, [Kind.PAPERS])
    assert [entry.day for entry in days] == [period.papers_on]
    assert remind("papers_out", add_working_days(period.papers_on, -4)) == 0
    assert remind("papers_out", add_working_days(period.papers_on, -3)) > 0
    page = as_role(Role.SECRETARIAT).get(at.get_absolute_url()).content.decode()
    assert "Papirer:" in page
    assert period in aims_of(stories.draft(place), period.papers_on).choices


def test_papers_due__a_meeting_moved_to_before_its_period_counts_by_the_mandate(place):
    period = stories.period(place, submission=1)
    at = set_up(place, period)
    moved = timezone.make_aware(datetime.combine(add_working_days(period.papers_on, -1), time(9)))
    at = council.change_meeting(
        at, starts_at=moved, place="Rådhuset", by=place.actor(Role.SECRETARIAT), now=timezone.now()
    )
    at = Meeting.objects.select_related("mandate", "cycle_period").get(pk=at.pk)
    counted = add_working_days(timezone.localdate(moved), -at.mandate.papers_days)
    assert council.papers_due(at) == counted
    days = entries_between(
        place.actor(Role.SECRETARIAT), TODAY() - timedelta(days=30), period.meeting_on, [Kind.PAPERS]
    )
    assert [entry.day for entry in days] == [counted]
    assert period not in aims_of(stories.draft(place), counted + timedelta(days=1)).choices


def test_papers_due__a_meeting_moved_far_ahead_counts_by_the_mandate_and_calendars_hear_of_it(place):
    period = stories.period(place, submission=1)
    at = set_up(place, period)
    version = CyclePeriod.objects.get(pk=period.pk).version
    moved = timezone.make_aware(datetime.combine(add_working_days(period.meeting_on, 30), time(9)))
    council.change_meeting(
        at, starts_at=moved, place="Rådhuset", by=place.actor(Role.SECRETARIAT), now=timezone.now()
    )
    at = Meeting.objects.select_related("mandate", "cycle_period").get(pk=at.pk)
    assert council.papers_due(at) == add_working_days(timezone.localdate(moved), -at.mandate.papers_days)
    assert CyclePeriod.objects.get(pk=period.pk).version == version + 1


def test_papers_due__follows_the_period_when_that_is_changed(place, secretary):
    period = stories.period(place, submission=1)
    at = set_up(place, period)
    row = CyclePeriod.objects.get(pk=period.pk)
    row.papers_on = add_working_days(row.papers_on, 2)
    change_period(Edit(row, ("papers_on",)), by=secretary, now=timezone.now())
    at = Meeting.objects.select_related("mandate", "cycle_period").get(pk=at.pk)
    assert council.papers_due(at) == row.papers_on


# --- What it costs --------------------------------------------------------------------------------
@pytest.mark.parametrize("more", [0, 3])
def test_open_inbox__as_many_queries_however_many_rows(as_role, place, more, django_assert_max_num_queries):
    period = stories.period(place, submission=2)
    for number in range(1 + more):
        aiming(place, period, title=f"Sak {number}")
        stories.period(place, submission=3 + number, name=f"Møte {number}")
    client = as_role(Role.COORDINATOR)
    client.get("/oppgaver/")
    with django_assert_max_num_queries(12):
        assert client.get("/oppgaver/").status_code == 200
