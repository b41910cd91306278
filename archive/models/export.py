"""An export of what happened before: what was asked for, how far it has come, and the files that came of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from archive.queries import OfArchive, OfExport
from core import constraints
from organization.models import Unit

if TYPE_CHECKING:
    from datetime import datetime

_SILENT_AFTER = timedelta(minutes=5)


class Purpose(models.TextChoices):
    SEND = "send", _("Send det som mangler")
    PACKAGES = "packages", _("Lag filpakker av alt")


class ExportStatus(models.TextChoices):
    RUNNING = "running", _("Pågår")
    STOPPED = "stopped", _("Stoppet")
    DONE = "done", _("Ferdig")


EXPORT_TONES = {ExportStatus.RUNNING: "info", ExportStatus.STOPPED: "warning", ExportStatus.DONE: "success"}


class ArchiveExport(models.Model):
    """One is under way in a municipality at a time.

    ``position`` is where it goes on: ``step`` counts the kinds of records that are walked through, ``after`` is the last
    one that is done.  ``totals`` is how many there were of each kind when it was started.
    """

    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    purpose = models.CharField(_("hva"), max_length=10, choices=Purpose.choices)
    kinds = models.JSONField(_("slag"), default=list)
    since = models.DateField(_("fra og med"), null=True)
    until = models.DateField(_("til og med"), null=True)
    status = models.CharField(
        _("status"), max_length=10, choices=ExportStatus.choices, default=ExportStatus.RUNNING
    )
    totals = models.JSONField(default=dict)
    position = models.JSONField(default=dict)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    started_at = models.DateTimeField(_("startet"))
    heard_at = models.DateTimeField(_("sist hørt fra"))
    ended_at = models.DateTimeField(_("ferdig"), null=True)

    objects = OfArchive.as_manager()

    class Meta:
        verbose_name = _("arkiveksport")
        verbose_name_plural = _("arkiveksporter")
        indexes = [models.Index(fields=["municipality", "-id"], name="archive_export_latest")]
        constraints = [
            constraints.known("archive_export_purpose", "purpose", Purpose),
            constraints.known("archive_export_status", "status", ExportStatus),
            constraints.unique(
                "archive_export_one_running", "municipality", condition=Q(status="running"),
                message=_("Kommunen har en eksport i gang."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.get_purpose_display())

    def get_absolute_url(self) -> str:
        return reverse("archive:export_detail", args=[self.pk])

    @property
    def tone(self) -> str:
        return EXPORT_TONES[ExportStatus(self.status)]

    @property
    def is_running(self) -> bool:
        return self.status == ExportStatus.RUNNING

    @property
    def is_stopped(self) -> bool:
        return self.status == ExportStatus.STOPPED

    @property
    def makes_packages(self) -> bool:
        return self.purpose == Purpose.PACKAGES

    @property
    def total(self) -> int:
        return sum(self.totals.values())

    def is_silent(self, now: datetime) -> bool:
        """Tell whether nobody has worked on it for so long that something must be wrong."""
        return self.is_running and now - self.heard_at > _SILENT_AFTER


class ExportFile(models.Model):
    """A ZIP file with packages of an export: messages ``first`` to ``last``, ``counts`` of each kind."""

    export = models.ForeignKey(ArchiveExport, models.CASCADE, related_name="files")
    number = models.PositiveIntegerField(_("del"))
    file = models.FileField(max_length=200, blank=True)
    size = models.PositiveBigIntegerField(_("størrelse"))
    sha256 = models.CharField(max_length=64)
    counts = models.JSONField(default=dict)
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    made_at = models.DateTimeField(_("laget"))

    objects = OfExport.as_manager()

    class Meta:
        verbose_name = _("fil av en arkiveksport")
        verbose_name_plural = _("filer av arkiveksporter")
        ordering = ["number"]
        constraints = [constraints.unique("export_file_once", "export", "number", message=_("Delen finnes."))]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"arkiveksport-{self.export_id}-del-{self.number:04d}.zip"

    @property
    def count(self) -> int:
        return sum(self.counts.values())


class ExportGap(models.Model):
    """What an export left out: ``told`` says why, and what to do."""

    export = models.ForeignKey(ArchiveExport, models.CASCADE, related_name="gaps")
    kind = models.CharField(_("hva"), max_length=40)
    key = models.CharField(_("nøkkel"), max_length=120)
    told = models.TextField(_("hvorfor"))

    objects = OfExport.as_manager()

    class Meta:
        verbose_name = _("utelatt av en arkiveksport")
        verbose_name_plural = _("utelatt av arkiveksporter")
        ordering = ["pk"]
        constraints = [constraints.unique("export_gap_once", "export", "key", message=_("Det er alt nevnt."))]

    def __str__(self) -> str:
        return self.key
