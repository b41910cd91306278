"""Remind people of what is due, exactly once per step, and climb the line when nothing happens.

A reminder is a declared value.  ``run`` looks at what is due on a day; for each record,
person and step it writes one row in the ledger and, only when that row is new, one notice,
in the same transaction.  Re-runs, two workers and a killed one are therefore harmless.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import structlog
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.module_loading import import_string

from core import notices
from core.models import ReminderEntry
from core.workdays import add_working_days

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date, datetime

    from django.db.models import QuerySet

log = structlog.get_logger("stafett.reminders")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """When to remind, in working days after the due day (negative: before), and how far up the line."""

    after: int
    level: int = 0

    @property
    def key(self) -> str:
        return f"{self.after:+d}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """``due`` returns the records whose due day is known; the rest says when, to whom and what.

    ``url`` leads to where it is done, where that is not the record's own page.
    """

    key: str
    due: Callable[[date], QuerySet[Any]]
    due_on: Callable[[Any], date]
    steps: tuple[Step, ...]
    recipients: Callable[[Any, int], Iterable[Any]]
    title: Callable[[Any, Step], str]
    body: Callable[[Any, Step], str] = lambda _obj, _step: ""
    url: Callable[[Any], str] = lambda obj: str(obj.get_absolute_url())

    def step_on(self, obj: Any, day: date) -> Step | None:
        """Return the last step whose day has come."""
        due = self.due_on(obj)
        reached = [step for step in self.steps if shifted(due, step.after) <= day]
        return max(reached, key=lambda step: step.after, default=None)


def shifted(day: date, working_days: int) -> date:
    return add_working_days(day, working_days) if working_days else day


@cache
def declared() -> tuple[Reminder, ...]:
    """Return every reminder of the modules in ``REMINDERS``."""
    modules = [import_string(f"{path}.REMINDERS") for path in settings.REMINDERS]
    return tuple(reminder for module in modules for reminder in module)


class RemindersFailed(Exception):
    """Some reminders could not be given; every other one was.  The job is run again, and gives what is missing."""


def run(*, day: date, now: datetime, only: Iterable[Reminder] | None = None) -> int:
    """Give every reminder whose day has come, and return how many were new.

    One that fails keeps nobody else waiting.

    Raises:
        RemindersFailed: when all others are given, with the keys of those that failed.
    """
    given, failed = 0, dict[str, Exception]()
    for reminder in only if only is not None else declared():
        try:
            given += _run_one(reminder, day=day, now=now, failed=failed)
        except Exception as error:
            failed[reminder.key] = error
            log.exception("reminder failed", reminder=reminder.key)
    if given:
        log.info("reminders given", count=given)
    if failed:
        raise RemindersFailed(", ".join(sorted(failed))) from next(iter(failed.values()))
    return given


def _run_one(reminder: Reminder, *, day: date, now: datetime, failed: dict[str, Exception]) -> int:
    given = 0
    for obj in reminder.due(day).iterator(chunk_size=500):
        try:
            step = reminder.step_on(obj, day)
            given += give(reminder, obj, step, now=now) if step is not None else 0
        except Exception as error:
            failed[reminder.key] = error
            log.exception("reminder failed", reminder=reminder.key, record=obj.pk)
    return given


def give(reminder: Reminder, obj: Any, step: Step, *, now: datetime) -> int:
    """Remind each recipient of one record once, and return how many were new."""
    kind = ContentType.objects.get_for_model(obj)
    period = f"{reminder.due_on(obj):%Y-%m-%d}{step.key}"
    people = {person.pk: person for person in reminder.recipients(obj, step.level) if person is not None}
    new = 0
    with transaction.atomic():
        for person in people.values():
            _entry, created = ReminderEntry.objects.get_or_create(
                reminder=reminder.key, content_type=kind, object_id=obj.pk, person=person, period=period,
                defaults={"given_at": now},
            )  # fmt: skip
            if created:
                draft = notices.Draft(
                    person=person, event=f"{reminder.key}@{period}", title=reminder.title(obj, step),
                    body=reminder.body(obj, step), url=reminder.url(obj),
                )  # fmt: skip
                new += len(notices.post([draft], about=obj, now=now))
    return new
