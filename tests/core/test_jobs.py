"""Background jobs are tried again, and administrators see how they go."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from config.celery import app
from core import jobs, reminders
from core.models import JobRun
from core.tasks import give_reminders
from organization.roles import Role

NAME = "core.give_reminders"


def status_of(task):
    return next(line for line in jobs.statuses() if line.label == task.label)


def test_scheduled_jobs__are_jobs_of_the_house_with_a_name_people_understand():
    app.loader.import_default_modules()
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        task = app.tasks[entry["task"]]
        assert isinstance(task, jobs.Job)
        assert task.label


def test_run_job__that_fails_is_tried_again_and_told(db, monkeypatch):
    tries = []

    def broken(**_values):
        tries.append(1)
        raise reminders.RemindersFailed("Kari Nordmann")

    monkeypatch.setattr(reminders, "run", broken)
    assert give_reminders.apply(throw=False).failed()
    assert len(tries) == 1 + jobs.Job.max_retries
    row = JobRun.objects.get(name=NAME)
    assert (row.failures, row.error, row.done_at) == (len(tries), "RemindersFailed", None)
    told = status_of(give_reminders)
    assert told.tone == "danger"
    assert "4 ganger" in told.status

    monkeypatch.undo()
    assert give_reminders.apply().successful()
    row.refresh_from_db()
    assert (row.failures, row.error) == (0, "")
    assert row.done_at > row.failed_at
    assert status_of(give_reminders).tone == "success"


def test_next_try__comes_before_the_queue_gives_the_job_to_somebody_else():
    assert jobs.Job.retry_backoff_max < settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]


def test_tell_status__late_and_not_yet(db):
    assert status_of(give_reminders).tone == "neutral"
    run = JobRun.objects.create(name="core.deliver_mail", done_at=timezone.now() - timedelta(minutes=5))
    mail = app.tasks["core.deliver_mail"]
    assert status_of(mail).tone == "success"
    run.done_at = timezone.now() - timedelta(minutes=40)
    run.save()
    assert status_of(mail).tone == "warning"
    JobRun.objects.create(name="core.sweep", done_at=timezone.now() - timedelta(days=3))
    assert status_of(app.tasks["core.sweep"]).status == "Er forsinket"


def test_show_jobs__those_that_need_somebody_first(as_role):
    JobRun.objects.create(name=NAME, failed_at=timezone.now(), failures=2, error="OperationalError")
    client = as_role(Role.ADMINISTRATOR)
    address = reverse("organization:job_list")
    assert address in client.get(reverse("organization:settings")).content.decode()
    page = client.get(address).content.decode()
    assert "Feilet 2 ganger på rad (OperationalError)" in page
    assert page.index("Påminnelser") < page.index("Dagens e-post")
    assert "Ingen jobb har kjørt" in page
    JobRun.objects.create(name="core.sweep", done_at=timezone.now())
    assert "Ingen jobb har kjørt" not in client.get(address).content.decode()
    assert as_role(Role.LEADER).get(address).status_code == 403
