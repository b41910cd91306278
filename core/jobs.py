"""Background jobs: tried again when they fail, and how they go is told to those who administer.

Every task of the house is a ``Job``.  One that fails is tried again some seconds later, three
times; those with a schedule come again by it as well, and each takes up what it did not get done.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from celery import Task, current_app
from celery.schedules import maybe_schedule
from django.conf import settings
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from core.models import JobRun

if TYPE_CHECKING:
    from datetime import datetime

    from django_stubs_ext import StrOrPromise

GRACE = timedelta(minutes=15)
"""How long after its time a job is not yet called late."""
_WORST_FIRST = ("danger", "warning", "neutral", "success")


class Job(Task):
    """A task that is tried again, and that leaves a row of how it went."""

    autoretry_for = (Exception,)
    max_retries = 3
    retry_backoff = 20
    retry_backoff_max = 300
    label: StrOrPromise = ""
    """What the job is called on the page of jobs."""

    def on_success(self, _retval: Any, _task_id: str, _args: Any, _kwargs: Any) -> None:
        JobRun.objects.update_or_create(
            name=self.name, defaults={"done_at": timezone.now(), "failures": 0, "error": ""}
        )

    def on_retry(self, exc: Exception, _task_id: str, _args: Any, _kwargs: Any, _info: Any) -> None:
        self._failed(exc)

    def on_failure(self, exc: Exception, _task_id: str, _args: Any, _kwargs: Any, _info: Any) -> None:
        self._failed(exc)

    def _failed(self, error: Exception) -> None:
        JobRun.objects.get_or_create(name=self.name)
        JobRun.objects.filter(name=self.name).update(
            failed_at=timezone.now(), failures=F("failures") + 1, error=type(error).__name__
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class JobStatus:
    """A line of the page of jobs."""

    label: StrOrPromise
    done_at: datetime | None
    status: str
    tone: str
    remedy: str = ""


def statuses() -> list[JobStatus]:
    """Return how each job that has a schedule goes, those that need somebody first; one query."""
    current_app.loader.import_default_modules()  # a web server has not met the tasks yet
    rows = {row.name: row for row in JobRun.objects.all()}
    lines = [
        _status(current_app.tasks[entry["task"]], rows.get(entry["task"]), entry["schedule"])
        for entry in settings.CELERY_BEAT_SCHEDULE.values()
    ]
    return sorted(lines, key=lambda line: (_WORST_FIRST.index(line.tone), str(line.label)))


def _status(job: Job, row: JobRun | None, schedule: Any) -> JobStatus:
    label, done_at = job.label or job.name, row.done_at if row else None
    if row and row.failures:
        return JobStatus(
            label=label, done_at=done_at, tone="danger",
            status=_("Feilet %(count)d ganger på rad (%(error)s)") % {"count": row.failures, "error": row.error},
            remedy=_("Den prøves igjen av seg selv. Fortsetter det, står feilen i loggen til worker."),
        )  # fmt: skip
    if row is None or done_at is None:
        return JobStatus(label=label, done_at=None, tone="neutral", status=_("Har ikke kjørt ennå"))
    if maybe_schedule(schedule, app=current_app).remaining_estimate(done_at) < -GRACE:
        return JobStatus(
            label=label, done_at=done_at, tone="warning", status=_("Er forsinket"),
            remedy=_("Se etter at worker og beat går."),
        )  # fmt: skip
    return JobStatus(label=label, done_at=done_at, tone="success", status=_("Går som den skal"))
