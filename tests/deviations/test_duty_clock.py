"""Who hears when a duty stands open: once per duty, hour and person, and nobody who may not know of the case."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from core.inbox import Inbox
from core.models import Notice, ReminderEntry
from deviations import duty_clock, operations
from deviations.models import Deviation, Duty, DutyTemplate
from deviations.workflow import duty_workflow
from organization.roles import Role
from tests.core.test_reminders_killed import Scene
from tests.deviations import stories
from tests.deviations.test_duties import ACROSS

NOW = timezone.now()
CHIEFS = (Role.PRIVACY_OFFICER, Role.KOMMUNEDIREKTOR)


@pytest.fixture
def place(world):
    return world.home


def breach(place, **fields) -> Duty:
    values = {
        "code": "IS-FEILSENDT",
        "answers": {"personal_data": "yes"},
        "discovered_at": NOW - timedelta(hours=1),
        **fields,
    }
    return stories.report(place, **values).duties.get(code="GDPR_33")


def after(duty, hours) -> datetime:
    return duty_clock.hours_after(duty.deviation.discovered_at, hours)


def ledger(duty) -> Counter:
    rows = ReminderEntry.objects.filter(reminder=duty_clock.LEDGER, object_id=duty.pk)
    return Counter(rows.values_list("person__username", "period"))


def told(duty, place, role) -> list[str]:
    rows = Notice.objects.filter(
        event="duty_clock", recipient=place.person(role), object_id=duty.deviation_id
    )
    return list(rows.order_by("pk").values_list("title", flat=True))


def test_escalate__each_hour_to_the_roles_and_the_handler(place):
    duty = breach(place)
    leader = Role.LEADER
    assert duty_clock.run(now=after(duty, 47.9)) == 0
    for count, hour in enumerate((48, 66, 72), start=1):
        assert duty_clock.run(now=after(duty, hour)) == 3
        for role in (*CHIEFS, leader):
            assert len(told(duty, place, role)) == count
            assert f"etter {hour} timer" in told(duty, place, role)[-1]
    assert duty_clock.run(now=after(duty, 500)) == 0


def test_escalate__once_after_a_rerun(place):
    duty = breach(place)
    for _again in range(3):
        duty_clock.run(now=after(duty, 49))
    assert set(ledger(duty).values()) == {1}
    assert len(ledger(duty)) == 3


def test_escalate__hours_passed_while_nobody_ran_are_one_notice(place):
    duty = breach(place)
    assert duty_clock.run(now=after(duty, 80)) == 3
    assert len(ledger(duty)) == 9
    assert len(told(duty, place, Role.PRIVACY_OFFICER)) == 1
    assert "etter 72 timer" in told(duty, place, Role.PRIVACY_OFFICER)[0]


@pytest.mark.parametrize("season", ACROSS)
def test_escalate__at_absolute_hours(place, season):
    discovered, due = ACROSS[season]
    breach(place, discovered_at=discovered)
    before = due - timedelta(hours=24, seconds=1)
    assert duty_clock.run(now=before) == 0
    assert duty_clock.run(now=before + timedelta(seconds=1)) == 3


def test_escalate__to_the_handler_instead_of_the_receiver(place):
    duty = breach(place)
    case = Deviation.objects.get(pk=duty.deviation_id)
    data = {"handler": place.person(Role.SERVICE_OWNER)}
    stories.perform("start", case, by=place.actor(Role.LEADER), now=timezone.now(), data=data)
    duty_clock.run(now=after(duty, 48))
    assert told(duty, place, Role.SERVICE_OWNER)
    assert not told(duty, place, Role.LEADER)


def test_escalate__not_when_it_is_done_or_judged_or_has_no_template(place):
    leader = place.actor(Role.LEADER)
    done, judged, bare = breach(place), breach(place), breach(place)
    for stamp in done.stamps.all():
        operations.stamp_duty(stamp, proof="Sendt", at=timezone.now(), by=leader, now=timezone.now())
    duty_workflow.perform(
        "judge_not_notifiable", judged, by=leader, now=timezone.now(), data={"reason": "Nei"}
    )
    DutyTemplate.objects.filter(municipality=place.municipality, code="GDPR_33").update(code="GDPR_33_old")
    assert duty_clock.run(now=after(bare, 100)) == 0


def test_escalate__not_when_the_first_report_is_sent_though_more_remains(place):
    duty = breach(place)
    stamp = duty.stamps.get(code="forste_melding")
    by = {"by": place.actor(Role.LEADER), "now": timezone.now()}
    operations.stamp_duty(stamp, proof="AR1", at=by["now"], **by)
    assert duty_clock.run(now=after(duty, 100)) == 0
    operations.unstamp_duty(stamp, reason="Ikke sendt likevel", **by)
    assert duty_clock.run(now=after(duty, 100)) == 3


def test_inbox__asks_for_the_rest_without_a_deadline_once_that_is_met(place):
    def asked():
        [task] = [
            task for task in Inbox(place.actor(Role.LEADER)).tasks() if task.url == duty.get_absolute_url()
        ]
        return str(task.verb), task.due

    duty = breach(place)
    assert asked() == ("Oppfyll meldeplikten:", timezone.localdate(duty.due_at))
    by = {"by": place.actor(Role.LEADER), "now": timezone.now()}
    operations.stamp_duty(duty.stamps.get(code="forste_melding"), proof="AR1", at=by["now"], **by)
    assert asked() == ("Gjør ferdig meldeplikten:", None)


def test_inbox__has_what_the_clock_has_told_of_until_it_is_met(world, place):
    def waiting(where, role):
        return [
            str(task.verb) for task in Inbox(where.actor(role)).tasks() if task.url == duty.get_absolute_url()
        ]

    duty, other = breach(place), breach(world.neighbor)
    assert not any(waiting(place, role) for role in CHIEFS)
    duty_clock.run(now=after(duty, 48))
    for role in CHIEFS:
        assert waiting(place, role) == ["Følg opp meldeplikten:"]
        assert waiting(world.neighbor, role) == []
    assert waiting(place, Role.LEADER) == ["Oppfyll meldeplikten:"]
    assert waiting(place, Role.QUALITY_MANAGER) == waiting(place, Role.EMPLOYEE) == []
    urls = {task.url for task in Inbox(place.actor(Role.PRIVACY_OFFICER)).tasks()}
    assert other.get_absolute_url() not in urls
    stamp, now = duty.stamps.get(code="forste_melding"), timezone.now()
    operations.stamp_duty(stamp, proof="AR1", at=now, by=place.actor(Role.LEADER), now=now)
    assert not any(waiting(place, role) for role in CHIEFS)


def test_inbox__nothing_of_a_case_that_is_not_read(place):
    duty = breach(place, code="HMS-PSYK")
    assert duty.deviation.is_confidential
    duty_clock.run(now=after(duty, 48))
    for role in CHIEFS:
        assert not [task for task in Inbox(place.actor(role)).tasks() if task.url == duty.get_absolute_url()]


def test_escalate__what_has_no_point_for_its_deadline_until_all_is_done(place):
    duty = breach(place)
    duty.stamps.update(meets_deadline=False)
    assert duty_clock.run(now=after(duty, 100)) == 3


def test_escalate__by_the_hours_and_roles_the_municipality_has_set(place):
    duty = breach(place)
    rows = DutyTemplate.objects.filter(municipality=place.municipality, code="GDPR_33")
    rows.update(escalation_hours=[2], escalation_roles=[Role.PRIVACY_OFFICER])
    duty_clock.run(now=after(duty, 2))
    assert {name for name, _hour in ledger(duty)} == {"privacy_officer.heim", "leader.heim"}


def test_escalate__a_confidential_breach_to_the_roles_its_type_names(place):
    duty = breach(place, code="IS-SNOK")
    assert duty.deviation.is_confidential
    duty_clock.run(now=after(duty, 48))
    for role in CHIEFS:
        assert len(told(duty, place, role)) == 1


def test_escalate__a_confidential_case_without_words_to_the_kommunedirektor(place):
    case = stories.report(
        place, code="TJ-BRUKERVOLD", answers={"patient_harmed": "yes"}, discovered_at=NOW - timedelta(hours=5)
    )
    duty, chief = case.duties.get(), place.person(Role.KOMMUNEDIREKTOR)
    assert not Deviation.objects.visible_to(place.actor(Role.KOMMUNEDIREKTOR)).contains(case)
    for _again in range(2):
        duty_clock.run(now=NOW)
    notice = Notice.objects.get(event="duty_clock", recipient=chief)
    assert notice.object_id == place.municipality.pk
    said = f"{notice.title} {notice.body} {notice.url}"
    for secret in (
        case.number,
        case.type_name,
        duty.name,
        str(case.unit),
        str(case.responsible),
        str(case.pk),
    ):
        assert secret not in said
    assert told(duty, place, Role.LEADER)
    assert not told(duty, place, Role.KOMMUNEDIREKTOR)


def test_escalate__never_to_somebody_the_case_concerns(place):
    chief = place.person(Role.KOMMUNEDIREKTOR)
    for code in ("IS-SNOK", "TJ-BARNEVERN"):
        duty = breach(place, code=code, concerned=(chief,))
        duty_clock.run(now=after(duty, 80))
    assert not Notice.objects.filter(recipient=chief, event="duty_clock").exists()


def test_escalate__nobody_elsewhere(world):
    breach(world.home)
    duty_clock.run(now=NOW + timedelta(hours=80))
    people = set(Notice.objects.filter(event="duty_clock").values_list("recipient__username", flat=True))
    assert people == {"privacy_officer.heim", "kommunedirektor.heim", "leader.heim"}


def test_escalate__what_is_told_costs_no_query_per_duty(place, django_assert_max_num_queries):
    for _number in range(4):
        breach(place)
    duty_clock.run(now=NOW + timedelta(hours=80))
    with django_assert_max_num_queries(5):
        duty_clock.run(now=NOW + timedelta(hours=80))


def test_watch_duties__is_on_the_schedule():
    from deviations.tasks import watch_duties

    assert watch_duties.name in {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}


def test_notice__quotes_no_word_of_the_case(place):
    duty = breach(place, title="Kari leste journalen", description="Kari Nordmann leste journalen.")
    duty_clock.run(now=after(duty, 48))
    notice = Notice.objects.filter(event="duty_clock").first()
    assert "Kari" not in f"{notice.title} {notice.body}"
    assert duty.deviation.number in notice.title
    assert notice.url == duty.get_absolute_url()


CASES = 8
_RUN = (
    "import os; os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'config.settings'); import django; django.setup(); "
    "from deviations.tasks import watch_duties; watch_duties(); watch_duties()"
)


@pytest.fixture
def scene(world, tmp_path, django_db_blocker):
    with django_db_blocker.unblock():
        made = Scene("memory://", tmp_path / "mail")
    yield made
    made.close()


@pytest.mark.django_db(transaction=False)
def test_escalate__once_with_two_workers(scene):
    scene.run("-m", "tests.scenes.duties", str(CASES))
    workers = [subprocess.Popen([sys.executable, "-c", _RUN], env=scene.env) for _worker in range(2)]
    assert [worker.wait(timeout=120) for worker in workers] == [0, 0]
    entries = "select 1 from core_reminderentry where reminder = 'duty_clock'"
    notices = "select 1 from core_notice where event = 'duty_clock'"
    assert scene.count(entries) == CASES * 3 * 2  # three people, of 48 and of 66 hours
    assert scene.count(notices) == CASES * 3
