"""What governance reminds people of, where nothing else would."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from core import reminders
from core.models import Notice
from core.workdays import add_working_days
from governance.models import Hearing, MunicipalDecision, Status
from governance.reminders import REMINDERS
from governance.workflow import initiative_workflow
from organization.models import RoleAssignment
from organization.roles import Role
from tests import stories

perform = initiative_workflow.perform


def run(key, *, day):
    only = [reminder for reminder in REMINDERS if reminder.key == key]
    now = timezone.make_aware(datetime.combine(day, time(7)))
    return reminders.run(day=day, now=now, only=only)


def told(event):
    return set(Notice.objects.filter(event__startswith=event).values_list("recipient__username", flat=True))


def test_remind__a_case_without_a_sector_leader(world):
    RoleAssignment.objects.filter(role=Role.SECTOR_LEADER).update(valid_to=timezone.localdate())
    case = stories.awaiting_endorsement(world.home)
    assert case.status == Status.SUBMITTED
    today = timezone.localdate()
    assert run("leader_missing", day=today) > 0
    assert "secretariat.heim" in told("leader_missing")
    assert not {name for name in told("leader_missing") if name.endswith("granne")}
    assert run("leader_missing", day=today) == 0
    run("leader_missing", day=add_working_days(today, 8))
    assert "kommunedirektor.heim" in told("leader_missing")


def test_remind__nobody_where_the_sector_leader_is_known(world):
    stories.awaiting_endorsement(world.home)
    assert run("leader_missing", day=timezone.localdate()) == 0


def test_remind__a_case_on_hold_whose_day_has_come(world):
    case = stories.decided(world.home, "hold")
    day = case.review_on
    assert run("review_due", day=day - timedelta(days=1)) == 0
    assert run("review_due", day=day) > 0
    assert "secretariat.heim" in told("review_due")
    assert "employee.heim" not in told("review_due")


def test_remind__of_papers_by_the_day_it_is_asked_for(world):
    meeting = stories.meeting(world.home, days=200)
    due = next(reminder for reminder in REMINDERS if reminder.key == "papers_out")
    assert not due.due(timezone.localdate()).contains(meeting)
    assert due.due(timezone.localdate(meeting.starts_at) - timedelta(days=10)).contains(meeting)


# --- What every reminder is: in time, to the right people, once, and up the line -----------------------
def returned(place):
    data = {
        "missing": "Skriv hvem som eier tjenesten.",
        "deadline": timezone.localdate() + timedelta(days=14),
    }
    return perform("return_for_completion", stories.received(place), by=place.actor(Role.SECRETARIAT), now=timezone.now(), data=data)  # fmt: skip


def heard(place):
    return stories.under_preparation(place, affects_staff="yes").hearings.order_by("pk").first()


def waits_for_decision(place):
    case = stories.decided(place, "recommend", financing="budget_application")
    return MunicipalDecision.objects.get(initiative=case)


def planned(place):
    return stories.meeting(place, days=30)


def written(case, place):
    stories.write_paper(case, place)
    perform("mark_ready", case, by=place.actor(Role.COORDINATOR), now=timezone.now())


def taken_back(case, place):
    perform(
        "withdraw",
        case,
        by=place.actor(Role.EMPLOYEE),
        now=timezone.now(),
        data={"reason": "Ikke lenger aktuelt."},
    )


def answered(hearing, _place):
    Hearing.objects.filter(initiative=hearing.initiative).update(
        position="no_remarks", answered_at=timezone.now(), answered_by=F("person")
    )


def endorsed(case, place):
    perform("endorse", case, by=place.actor(Role.SECTOR_LEADER), now=timezone.now())


TRIAGE = {"secretariat", "coordinator"}
CASES = {
    "endorsement_due": (
        stories.awaiting_endorsement, endorsed,
        {-3: {"sector_leader"}, 1: {"sector_leader"}, 4: {"sector_leader", *TRIAGE}, 10: {"sector_leader", *TRIAGE, "kommunedirektor"}},
    ),
    "returned_untouched": (
        returned, taken_back, {-5: {"employee"}, 1: {"employee"}, 5: {"employee", "leader", *TRIAGE}},
    ),
    "case_paper_due": (
        stories.under_preparation, written, {-5: {"coordinator"}, 1: {"coordinator"}, 5: {"coordinator", "secretariat"}},
    ),
    "hearing_due": (heard, answered, {-2: {"tillitsvalgt", "verneombud"}, 1: {"tillitsvalgt", "verneombud"}}),
    "decision_waiting": (
        waits_for_decision, None, {-2: {"kommunedirektor"}, 1: {"kommunedirektor"}, 5: {"kommunedirektor", *TRIAGE}},
    ),
    "papers_out": (planned, None, {-3: TRIAGE, 0: TRIAGE, 2: {*TRIAGE, "council_leader", "council_deputy"}}),
}  # fmt: skip


@pytest.mark.parametrize("key", CASES)
def test_remind__in_time_once_and_up_the_line(world, key):
    make, settle, steps = CASES[key]
    record = make(world.home)
    reminder = next(one for one in REMINDERS if one.key == key)
    due = reminder.due_on(record)
    first = min(steps)
    assert run(key, day=add_working_days(due, first) - timedelta(days=1)) == 0
    for after, roles in steps.items():
        day = add_working_days(due, after) if after else due
        Notice.objects.all().delete()
        given = run(key, day=day)
        assert told(key) == {f"{role}.heim" for role in roles}
        assert given == len(roles)
        assert run(key, day=day) == 0
        assert not Notice.objects.filter(url="").exists()
    if settle:
        settle(record, world.home)
        assert run(key, day=add_working_days(due, max(steps) + 20)) == 0


def test_declared_reminders__lead_somewhere(db):
    own_page = reminders.Reminder.__dataclass_fields__["url"].default
    declared = [reminder for reminder in reminders.declared() if reminder.url is own_page]
    kinds = {reminder.due(timezone.localdate()).model for reminder in declared}
    assert [kind for kind in kinds if not hasattr(kind, "get_absolute_url")] == []


def test_remind__one_that_fails_keeps_nobody_else_waiting(world):
    first, second = stories.awaiting_endorsement(world.home), stories.awaiting_endorsement(world.neighbor)
    due = next(one for one in REMINDERS if one.key == "endorsement_due")

    def title(obj, step):
        if obj == first:
            raise ValueError("broken")
        return due.title(obj, step)

    def nothing_works(_day):
        raise LookupError("broken")

    broken = replace(due, title=title)
    day = second.due_on
    now = timezone.make_aware(datetime.combine(day, time(7)))
    with pytest.raises(reminders.RemindersFailed, match="case_paper_due, endorsement_due"):
        reminders.run(day=day, now=now, only=[replace(due, key="case_paper_due", due=nothing_works), broken])
    assert told("endorsement_due") == {"sector_leader.granne"}
    assert reminders.run(day=day, now=now, only=[due]) == 1
    assert told("endorsement_due") == {"sector_leader.granne", "sector_leader.heim"}
