"""What governance reminds people of, where nothing else would."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils import timezone

from core import reminders
from core.models import Notice
from core.workdays import add_working_days
from governance.models import Status
from governance.reminders import REMINDERS
from organization.models import RoleAssignment
from organization.roles import Role
from tests import stories


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
