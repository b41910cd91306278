"""Large files are checked and read in, and large imports undone, by a worker: ordered here, carried out once, seen to its end.

The job is a row, and Celery only brings somebody to look at it: now, and every minute after.  What a job
does is one transaction, which its own last word (*done*) is part of: a worker that dies leaves nothing
half, and what it left undone is found and begun again.  How far it has come is written on a connection
of its own, so that others see it meanwhile.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from celery import current_app
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from core.aside import aside
from core.errors import Refused
from core.workflow import TransitionDenied
from deviations.importing.alone import alone
from deviations.importing.flow import (
    Moved,
    Way,
    forget,
    mapping_of,
    pack,
    read_in,
    read_through,
    remember,
    unpack,
)
from deviations.importing.found import Found
from deviations.importing.writing import may_undo, undo
from deviations.models import DeviationImport, ImportJob, JobKind, JobStatus
from deviations.models.import_job import MOST_TRIES
from organization.actors import person_actor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from core.actors import Actor
    from deviations.importing.flow import Waiting
    from deviations.importing.telling import Telling
    from organization.actors import PersonActor
    from organization.models import Unit

AT_ONCE = 500
"""Rows up to which a file is dealt with while one waits for the page."""
_FILE_KEPT = timedelta(days=1)
_TOLD = """
    update deviations_importjob set done = %s, is_writing = %s, heard_at = now()
    where id = %s and tries = %s and status = 'running'
"""
log = logging.getLogger("stafett.import")


class Busy(Refused):
    """The municipality has a job under way, or about to be."""

    def __init__(self, job: ImportJob) -> None:
        super().__init__(_("Kommunen har en import i gang. Vent til den er ferdig, og prøv igjen."))
        self.job = job


# --- Ordering ------------------------------------------------------------------------------------
def order_check(
    file: Waiting,
    columns: Mapping[str, str],
    values: Mapping[str, Mapping[str, str]],
    *,
    municipality: Unit,
    by: PersonActor,
    now: datetime,
) -> ImportJob:
    """Let a worker check a file, and remember how it is read.

    :raises TransitionDenied: ``by`` does not look after the municipality's catalogue.
    :raises Busy: another job is under way.
    """
    remember(file, columns, values, municipality=municipality, by=by)
    content = {**pack(file), "columns": dict(columns), "values": {key: dict(words) for key, words in values.items()}}  # fmt: skip
    return _order(
        JobKind.CHECK, municipality, by, now,
        system=file.system, file_name=file.table.name[:200], total=len(file.table.lines), content=content,
    )  # fmt: skip


def order_import(
    file: Waiting, seen: str, *, municipality: Unit, by: PersonActor, now: datetime
) -> ImportJob:
    """Let a worker bring in what was checked, as it was read last.

    :raises Refused: it was not checked.
    :raises Busy: another job is under way.
    """
    with transaction.atomic():
        mapping = mapping_of(file, municipality)
        content = {**pack(file), "columns": mapping.columns, "values": mapping.values}
        job = _order(
            JobKind.BRING, municipality, by, now,
            system=file.system, file_name=file.table.name[:200], total=len(file.table.lines), content=content, seen=seen[:64],
        )  # fmt: skip
    forget(by)
    return job


def order_undo(brought: DeviationImport, *, by: PersonActor, now: datetime) -> ImportJob:
    """Let a worker take an import away again.

    :raises TransitionDenied: ``by`` did not bring it in, or no longer looks after the catalogue.
    :raises Busy: another job is under way.
    """
    if not may_undo(by, brought):
        raise TransitionDenied
    return _order(
        JobKind.UNDO, brought.municipality, by, now,
        system=brought.system, file_name=brought.file_name, total=brought.count, brought=brought,
    )  # fmt: skip


def _order(kind: str, municipality: Unit, by: PersonActor, now: datetime, **given: Any) -> ImportJob:
    refuse_when_busy(municipality)
    try:
        with transaction.atomic():
            job = ImportJob.objects.create(
                municipality=municipality, kind=kind, ordered_by_id=by.person_id, ordered_at=now, heard_at=now, **given
            )  # fmt: skip
    except IntegrityError:
        refuse_when_busy(municipality)
        raise
    _call_worker()
    return job


def refuse_when_busy(municipality: Unit) -> None:
    """Let nobody begin while a job of the municipality is open.

    :raises Busy: one is.
    """
    if open_job := ImportJob.objects.open().without_file().filter(municipality=municipality).first():
        raise Busy(open_job)


def try_again(job: ImportJob, *, now: datetime) -> None:
    """Put a job that failed back in the queue.

    :raises Refused: it cannot be tried again.
    :raises Busy: another job is under way.
    """
    if not job.may_go_on:
        raise Refused(_("Denne kan ikke prøves på nytt. Last opp fila igjen."))
    refuse_when_busy(job.municipality)
    fresh = {"status": JobStatus.WAITING, "tries": 0, "done": 0, "is_writing": False, "reasons": [], "heard_at": now, "ended_at": None}  # fmt: skip
    ImportJob.objects.filter(pk=job.pk, status=JobStatus.FAILED).update(**fresh)
    _call_worker()


def stop(job: ImportJob, *, now: datetime) -> None:
    """Take back a job that nobody has begun on.

    :raises Refused: somebody has.
    """
    waiting = ImportJob.objects.filter(pk=job.pk, status=JobStatus.WAITING)
    if not waiting.update(status=JobStatus.STOPPED, content=None, ended_at=now):
        raise Refused(
            _("Den er alt i gang eller ferdig, og kan ikke stoppes. En innlesing kan angres etterpå.")
        )


def _call_worker() -> None:
    """Ask for a worker when the order stands; without a queue the schedule finds it within a minute."""
    transaction.on_commit(_send)


def _send() -> None:
    try:
        current_app.send_task("deviations.carry_out_imports", retry=False)
    except OperationalError:
        log.warning("the queue cannot be reached: the import waits for the schedule")


# --- Carrying out ----------------------------------------------------------------------------------
def carry_out_all() -> int:
    """Carry out what waits and what a worker that died has left, and return how many came to an end."""
    _drop_old_files(timezone.now())
    ids = ImportJob.objects.open().order_by("ordered_at", "pk").values_list("pk", flat=True)
    return sum(carry_out(pk) for pk in list(ids))


def carry_out(pk: int) -> bool:
    """Carry out one job, unless another process is at it, and tell whether it has come to an end."""
    municipality_id = ImportJob.objects.open().filter(pk=pk).values_list("municipality_id", flat=True).first()
    if municipality_id is None:
        return False
    with alone(municipality_id) as got:
        job = _begin(pk) if got else None
        return job is not None and _try(job)


def _begin(pk: int) -> ImportJob | None:
    """Take the job in hand, unless it has been begun on so often that it must be the job's own fault."""
    with transaction.atomic():
        job = ImportJob.objects.open().select_for_update(of=("self",)).select_related("municipality", "ordered_by", "brought").filter(pk=pk).first()  # fmt: skip
        if job is None:
            return None
        if job.tries >= MOST_TRIES:
            _end(job, JobStatus.FAILED, reasons=[_given_up()])
            return None
        job.status, job.tries, job.done, job.is_writing = JobStatus.RUNNING, job.tries + 1, 0, False
        job.heard_at = timezone.now()
        job.save(update_fields=["status", "tries", "done", "is_writing", "heard_at"])
    return job


def _try(job: ImportJob) -> bool:
    now = timezone.now()
    try:
        with _telling(job) as tell, transaction.atomic():
            _WORK[job.kind](job, person_actor(job.ordered_by, day=timezone.localdate(now)), now, tell)
    except Moved as moved:
        _end(job, JobStatus.FAILED, reasons=[_moved()], found=Found.of(moved.plan).as_kept(), content=None)
    except Refused as refused:
        _end(job, JobStatus.FAILED, reasons=[str(reason) for reason in refused.reasons])
    except TransitionDenied:
        _end(job, JobStatus.FAILED, reasons=[_denied()], content=None)
    except Exception:
        log.exception("import job %s failed, try %s", job.pk, job.tries)
        return _put_back(job)
    return True


def _put_back(job: ImportJob) -> bool:
    """Leave it to the next round, or give it up; tell whether it is given up."""
    if job.tries >= MOST_TRIES:
        _end(job, JobStatus.FAILED, reasons=[_given_up()])
        return True
    ImportJob.objects.filter(pk=job.pk, status=JobStatus.RUNNING).update(
        status=JobStatus.WAITING, done=0, is_writing=False, heard_at=timezone.now()
    )
    return False


def _check(job: ImportJob, by: Actor, now: datetime, tell: Telling) -> None:
    file, way = _file_of(job, tell)
    plan = read_through(file, way, municipality=job.municipality, by=by, now=now).found
    _end(job, JobStatus.DONE, found=Found.of(plan).as_kept(), content=None)


def _bring(job: ImportJob, by: Actor, now: datetime, tell: Telling) -> None:
    file, way = _file_of(job, tell)
    brought = read_in(file, way, job.seen, municipality=job.municipality, by=by, now=now)
    _end(job, JobStatus.DONE, brought=brought, content=None)


def _undo(job: ImportJob, by: Actor, now: datetime, tell: Telling) -> None:
    assert job.brought is not None
    undo(job.brought, by=by, now=now, tell=tell)
    _end(job, JobStatus.DONE)


_WORK: dict[str, Callable[..., None]] = {JobKind.CHECK: _check, JobKind.BRING: _bring, JobKind.UNDO: _undo}


def _file_of(job: ImportJob, tell: Telling) -> tuple[Waiting, Way]:
    content: Any = job.content
    return unpack(content), Way(content["columns"], content["values"], tell)


class _Overtaken(Exception):
    """Somebody else has the job: what was done here is not to stand."""


def _end(job: ImportJob, status: str, **results: Any) -> None:
    """Write how it ended, once: a try that was given up by others does not end anything."""
    now = timezone.now()
    if status == JobStatus.DONE:
        results["done"] = F("total")
    ours = ImportJob.objects.open().filter(pk=job.pk, tries=job.tries)
    if not ours.update(status=status, ended_at=now, heard_at=now, **results):
        raise _Overtaken


def _drop_old_files(now: datetime) -> None:
    """Let go of what stands of a file in jobs that ended and that nobody has come back to."""
    old = ImportJob.objects.filter(ended_at__lt=now - _FILE_KEPT)
    old.filter(Q(content__isnull=False) | Q(found__isnull=False)).update(content=None, found=None)


@contextmanager
def _telling(job: ImportJob) -> Iterator[Telling]:
    """Write how far the job has come, for others to see meanwhile."""
    with aside() as cursor:

        def tell(done: int, *, is_writing: bool = False) -> None:
            cursor.execute(_TOLD, [done, is_writing, job.pk, job.tries])

        yield tell


def _given_up() -> str:
    return _(
        "Det gikk galt %(tries)d ganger på rad. Ingenting er endret. Prøv igjen, og si fra til dem som drifter Stafett hvis det skjer på nytt."
    ) % {"tries": MOST_TRIES}


def _moved() -> str:
    return _(
        "Noe er endret siden fila ble kontrollert. Ingenting er lest inn. Last den opp og kontroller den på nytt."
    )


def _denied() -> str:
    return _("Den som bestilte dette, har ikke lenger ansvar for katalogen. Ingenting er endret.")
