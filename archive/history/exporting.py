"""Exports of what happened before: ordered here, carried out by a worker, stopped, and continued where it was.

The export is a row, and Celery only brings somebody to look at it: now, and every minute after.  The messages of one
record are made in one transaction with the new position, with the export and the record locked, so that a worker
that dies leaves nothing half, two workers take turns, and whoever files about the record meanwhile waits.
"""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog
from celery import current_app
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from archive.history import packing
from archive.history.making import make_messages
from archive.history.sources import Period, Scope, count_missing, next_subjects, subjects
from archive.models import ArchiveExport, ArchiveRules, Channel, ExportStatus, Purpose
from archive.operations import rules_of
from archive.policies import may_follow_up
from core.errors import Refused
from core.workflow import TransitionDenied

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from django.db.models import Model

    from core.actors import Actor

log = structlog.get_logger("stafett.archive")
AT_ONCE, SECONDS = 100, 45


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What is asked for; the days are of the place, and the last is in it."""

    purpose: str = Purpose.SEND
    kinds: Collection[str] = ()
    since: dt.date | None = None
    until: dt.date | None = None

    def scope(self, municipality_id: int) -> Scope:
        return Scope(
            municipality_id, tuple(self.kinds), Period(_start(self.since), _start(self.until, days=1))
        )


def _start(day: dt.date | None, *, days: int = 0) -> datetime | None:
    if day is None:
        return None
    return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=days), dt.time.min))


def scope(export: ArchiveExport) -> Scope:
    return Choice(kinds=export.kinds, since=export.since, until=export.until).scope(export.municipality_id)


def count(municipality_id: int, choice: Choice) -> dict[str, int]:
    """Return how much an export would take, by kind."""
    wanted = choice.scope(municipality_id)
    return packing.count(wanted) if choice.purpose == Purpose.PACKAGES else count_missing(wanted)


# --- Ordering ------------------------------------------------------------------------------------
def start(municipality_id: int, choice: Choice, *, by: Actor, now: datetime) -> ArchiveExport:
    """Order an export.

    :raises TransitionDenied: ``by`` is not the municipality's archivist.
    :raises Refused: there is nothing to take, no way to the archive, or another export is under way.
    """
    if not may_follow_up(by, municipality_id) or by.person_id is None:
        raise TransitionDenied
    if reason := why_not(rules_of(municipality_id), choice.purpose):
        raise Refused(reason)
    totals = count(municipality_id, choice)
    if not totals:
        raise Refused(_("Det er ingenting å ta med. Velg flere slag eller en lengre periode."))
    try:
        with transaction.atomic():
            export = ArchiveExport.objects.create(
                municipality_id=municipality_id, purpose=choice.purpose, kinds=sorted(choice.kinds), since=choice.since,
                until=choice.until, totals=totals, position={"step": 0, "after": 0}, started_by_id=by.person_id, started_at=now,
                heard_at=now,
            )  # fmt: skip
    except IntegrityError as busy:
        raise Refused(_busy()) from busy
    transaction.on_commit(_call_worker)
    return export


def why_not(rules: ArchiveRules, purpose: str) -> str:
    """Return why such an export cannot be made, and what to do; empty where it can."""
    if purpose == Purpose.SEND and rules.channel == Channel.BY_HAND:
        return _(
            "Velg først hvordan meldingene når arkivet, i «Regler for arkivet». Uten det måtte hver av dem føres for hånd."
        )
    return ""


def _busy() -> str:
    return _("Kommunen har en eksport i gang. Vent til den er ferdig, eller stopp den først.")


def stop(export: ArchiveExport, *, by: Actor, now: datetime) -> None:
    """Let it rest where it is.

    :raises TransitionDenied: ``by`` is not the municipality's archivist.
    :raises Refused: it is not running.
    """
    if not may_follow_up(by, export.municipality_id):
        raise TransitionDenied
    running = ArchiveExport.objects.filter(pk=export.pk, status=ExportStatus.RUNNING)
    if not running.update(status=ExportStatus.STOPPED, heard_at=now):
        raise Refused(_("Eksporten går ikke nå. Last siden på nytt."))


def go_on(export: ArchiveExport, *, by: Actor, now: datetime) -> None:
    """Take it up where it was stopped.

    :raises TransitionDenied: ``by`` is not the municipality's archivist.
    :raises Refused: it is not stopped, or another one is under way.
    """
    if not may_follow_up(by, export.municipality_id):
        raise TransitionDenied
    if reason := why_not(rules_of(export.municipality_id), export.purpose):
        raise Refused(reason)
    stopped = ArchiveExport.objects.filter(pk=export.pk, status=ExportStatus.STOPPED)
    try:
        with transaction.atomic():
            if not stopped.update(status=ExportStatus.RUNNING, heard_at=now):
                raise Refused(_("Eksporten er ikke stoppet. Last siden på nytt."))
    except IntegrityError as busy:
        raise Refused(_busy()) from busy
    transaction.on_commit(_call_worker)


def _call_worker() -> None:
    """Ask for a worker; without a queue the schedule finds it within a minute."""
    try:
        current_app.send_task("archive.export", retry=False)
    except OperationalError:
        log.warning("the queue cannot be reached: the export waits for the schedule")


# --- Carrying out --------------------------------------------------------------------------------
def carry_out_all(*, now: datetime) -> int:
    """Take every running export a stretch further, and return how many came to their end."""
    ids = (
        ArchiveExport.objects.filter(status=ExportStatus.RUNNING).order_by("pk").values_list("pk", flat=True)
    )
    return sum(carry_out(pk, now=now) for pk in list(ids))


def carry_out(pk: int, *, now: datetime, seconds: float = SECONDS) -> bool:
    """Take an export further until the time is up, and tell whether it came to its end."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        export = ArchiveExport.objects.select_related("municipality").filter(pk=pk).first()
        if export is None or not export.is_running:
            return False
        if export.makes_packages:
            more = packing.next_file(export, scope(export), now=now)
        else:
            more = _next_records(export, until, now=now)
        if not more:
            return _finished(export, now)
    return False


def _finished(export: ArchiveExport, now: datetime) -> bool:
    ours = ArchiveExport.objects.filter(pk=export.pk, status=ExportStatus.RUNNING)
    packing.tidy(export)
    return bool(ours.update(status=ExportStatus.DONE, ended_at=now, heard_at=now))


def _next_records(export: ArchiveExport, until: float, *, now: datetime) -> bool:
    """Make the messages of the next records, one after the other; tell whether there may be more."""
    models, wanted = subjects(), scope(export)
    step, after = export.position["step"], export.position["after"]
    if step >= len(models):
        return False
    found = next_subjects(wanted, models[step], after=after, at_most=AT_ONCE)
    if not found:
        return _move(export.pk, {"step": step + 1, "after": 0}, now) is not None
    for pk in found:
        here = {"step": step, "after": pk}
        if time.monotonic() > until or not _record(export.pk, wanted, models[step], here, now=now):
            break
    return True


def _record(
    export_pk: int, wanted: Scope, model: type[Model], here: dict[str, int], *, now: datetime
) -> bool:
    """Make the messages of one record; tell whether the export is still ours to carry out."""
    with transaction.atomic():
        export = _move(export_pk, here, now)
        if export is None:
            return False
        rows: Any = model._default_manager
        if rows.select_for_update(of=("self",)).filter(pk=here["after"]).exists():
            make_messages(export, wanted, model, here["after"], now=now)
    return True


@transaction.atomic
def _move(pk: int, to: dict[str, int], now: datetime) -> ArchiveExport | None:
    """Lock the export and write where it goes on; nothing where it was stopped, or another worker is further on."""
    rows = ArchiveExport.objects.select_for_update(of=("self",))
    export = rows.filter(pk=pk, status=ExportStatus.RUNNING).first()
    if export is None or (export.position["step"], export.position["after"]) >= (to["step"], to["after"]):
        return None
    export.position, export.heard_at = to, now
    export.save(update_fields=["position", "heard_at"])
    return export
