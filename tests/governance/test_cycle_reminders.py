"""What the annual cycle reminds of: drafts before the deadline, and meetings that nobody has set up."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils import timezone

from core import reminders
from core.models import Notice
from core.workdays import add_working_days
from governance.cycle.reminders import REMINDERS
from governance.models import CyclePeriod, Initiative, Status
from governance.reminders import REMINDERS as OF_CASES
from organization.roles import Role
from tests import stories


def run(day):
    return reminders.run(day=day, now=timezone.make_aware(datetime.combine(day, time(7))), only=REMINDERS)


def told(event):
    rows = Notice.objects.filter(event=event)
    return sorted(rows.values_list("recipient__username", flat=True))


def test_remind_before_submission__who_has_a_draft_there_once_for_each_step(place, world):
    period = stories.period(place, submission=12)
    stories.period(world.stranger, submission=12)
    draft = stories.draft(place)
    draft.co_editors.add(place.person(Role.HR))
    stories.draft(place, title="Enda en kladd")
    stories.draft(world.neighbor)
    early = add_working_days(period.submission_on, -6)
    assert run(early) == 0
    assert run(add_working_days(early, 1)) == 2
    assert run(add_working_days(early, 2)) == 0
    people = [place.person(role).username for role in (Role.EMPLOYEE, Role.HR)]
    assert told("cycle_submission") == sorted(people)
    assert run(add_working_days(period.submission_on, -1)) == 2
    assert run(period.submission_on) == 0
    title = Notice.objects.filter(event="cycle_submission").first().title
    assert title.startswith("Innmeldingsfristen for rådsmøtet")
    assert draft.title not in title


def test_remind_before_submission__nobody_of_what_is_sent_in_forgotten_or_over(place):
    period = stories.period(place, submission=4)
    stories.awaiting_endorsement(place)
    old = stories.draft(place)
    Initiative.objects.filter(pk=old.pk).update(changed_at=timezone.now() - timedelta(days=90))
    assert run(timezone.localdate()) == 0
    stories.draft(place)
    assert run(period.submission_on + timedelta(days=1)) == 0
    assert Initiative.objects.filter(status=Status.DRAFT).count() == 2


def test_remind_of_meeting__that_is_not_set_up_and_not_beside_its_papers(place, secretary):
    period = stories.period(place, submission=5)
    day = add_working_days(period.papers_on, -10)
    arrangers = sorted(place.person(role).username for role in (Role.SECRETARIAT, Role.COORDINATOR))
    assert run(day) == 2
    assert told("cycle_meeting") == arrangers
    assert run(day) == 0
    notice = Notice.objects.filter(event="cycle_meeting").first()
    assert notice.url.endswith(f"?periode={period.pk}")
    at = stories.meeting(place, days=(period.meeting_on - timezone.localdate()).days)
    assert CyclePeriod.objects.get(pk=period.pk).meeting == at
    assert run(add_working_days(period.papers_on, -3)) == 0
    assert "cycle_meeting" not in {one.key for one in OF_CASES}


def test_remind_of_meeting__tells_who_leads_the_council_when_it_is_late(place):
    period = stories.period(place, submission=5)
    run(add_working_days(period.papers_on, -3))
    assert place.person(Role.COUNCIL_LEADER).username in told("cycle_meeting")
