"""What is to be done with a large file of older cases, outside of any request: ordered, under way, and how it ended."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import constraints
from deviations.models.importing import DeviationImport
from deviations.queries import ImportJobQuerySet
from organization.models import Unit

if TYPE_CHECKING:
    from datetime import datetime

MOST_TRIES = 3
_SILENT_AFTER = timedelta(minutes=2)


class JobKind(models.TextChoices):
    CHECK = "check", _("Kontroll")
    BRING = "bring", _("Innlesing")
    UNDO = "undo", _("Angring")


class JobStatus(models.TextChoices):
    WAITING = "waiting", _("Venter")
    RUNNING = "running", _("Pågår")
    DONE = "done", _("Ferdig")
    FAILED = "failed", _("Mislyktes")
    STOPPED = "stopped", _("Stoppet")


class ImportJob(models.Model):
    """A file to check or to read in, or an import to undo.  One is open in a municipality at a time.

    ``content`` is the file, for as long as the job may need it.  ``found`` is what a check found, or the
    errors that a file was refused for.
    """

    municipality = models.ForeignKey(Unit, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=JobKind.choices)
    status = models.CharField(max_length=10, choices=JobStatus.choices, default=JobStatus.WAITING)
    system = models.CharField(_("system"), max_length=60)
    file_name = models.CharField(_("fil"), max_length=200)
    ordered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField(_("bestilt"))
    content = models.JSONField(null=True)
    seen = models.CharField(max_length=64, blank=True)
    brought = models.ForeignKey(DeviationImport, models.CASCADE, null=True, related_name="jobs")
    total = models.PositiveIntegerField(_("rader"))
    done = models.PositiveIntegerField(_("gjort"), default=0)
    is_writing = models.BooleanField(default=False)
    tries = models.PositiveSmallIntegerField(_("forsøk"), default=0)
    heard_at = models.DateTimeField(_("sist hørt fra"))
    ended_at = models.DateTimeField(_("ferdig"), null=True)
    reasons = models.JSONField(_("hvorfor den mislyktes"), default=list)
    found = models.JSONField(null=True)
    has_file: bool
    """Whether the file is still there; only on rows of ``without_file``."""

    objects = ImportJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("jobb for import")
        verbose_name_plural = _("jobber for import")
        indexes = [models.Index(fields=["municipality", "-ordered_at"], name="import_job_latest")]
        constraints = [
            constraints.known("import_job_kind", "kind", JobKind),
            constraints.known("import_job_status", "status", JobStatus),
            constraints.unique(
                "import_job_one_open", "municipality", condition=Q(status__in=["waiting", "running"]),
                message=_("Kommunen har en import i gang."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.system}: {self.file_name}"

    def get_absolute_url(self) -> str:
        return reverse("deviations:import_job", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.status in {JobStatus.WAITING, JobStatus.RUNNING}

    @property
    def is_running(self) -> bool:
        return self.status == JobStatus.RUNNING

    @property
    def is_done(self) -> bool:
        return self.status == JobStatus.DONE

    @property
    def has_failed(self) -> bool:
        return self.status == JobStatus.FAILED

    @property
    def is_check(self) -> bool:
        return self.kind == JobKind.CHECK

    @property
    def is_undo(self) -> bool:
        return self.kind == JobKind.UNDO

    @property
    def may_go_on(self) -> bool:
        """Whether it can be tried again: its file is still there, or it needs none."""
        return self.has_failed and (self.is_undo or self.has_file)

    def is_silent(self, now: datetime) -> bool:
        """Tell whether nobody has worked on it for so long that something must be wrong."""
        return self.is_open and now - self.heard_at > _SILENT_AFTER
