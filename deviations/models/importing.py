"""Cases that came from an older system: which import brought them, and what they were called there."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core import constraints
from core.history import Tracked, tracked
from deviations.models.deviation import Deviation
from deviations.queries import CatalogueQuerySet, DeviationChildQuerySet
from organization.models import Unit

if TYPE_CHECKING:
    from datetime import datetime

UNDONE_WITHIN = timedelta(days=30)


class ImportMapping(models.Model):
    """How the files of an older system are read here: remembered, so that the next one asks for less.

    ``columns`` maps the key of a column to its heading; ``values`` maps words of the file to
    codes of the catalogue and of units: ``{"type": {"Fall pas.": "TJ-FALL"}, "unit": {…}}``.
    """

    municipality = models.ForeignKey(Unit, models.CASCADE, related_name="+")
    system = models.CharField(_("system"), max_length=60)
    columns = models.JSONField(default=dict)
    values = models.JSONField(default=dict)

    objects = CatalogueQuerySet.as_manager()

    class Meta:
        verbose_name = _("lesemåte for import")
        verbose_name_plural = _("lesemåter for import")
        constraints = [
            constraints.unique(
                "import_mapping_once", "municipality", "system", message=_("Systemet er alt satt opp.")
            )
        ]

    def __str__(self) -> str:
        return self.system


@tracked()
class DeviationImport(Tracked):
    """One file that was read in whole, and perhaps undone."""

    municipality = models.ForeignKey(Unit, models.CASCADE, related_name="+")
    system = models.CharField(_("system"), max_length=60)
    file_name = models.CharField(_("fil"), max_length=200)
    brought_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("lest inn av")
    )
    at = models.DateTimeField(_("lest inn"))
    count = models.PositiveIntegerField(_("saker"))
    skipped = models.PositiveIntegerField(_("fantes alt"), default=0)
    undone_at = models.DateTimeField(_("angret"), null=True)

    objects = CatalogueQuerySet.as_manager()

    class Meta:
        verbose_name = _("import av avvik")
        verbose_name_plural = _("importer av avvik")
        indexes = [models.Index(fields=["municipality", "-at", "-id"], name="deviation_import_latest")]
        constraints = [
            constraints.check(
                "deviation_import_undone", Q(undone_at=None) | Q(undone_at__gte=F("at")), _("En import angres etter at den er lest inn.")
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.system}: {self.file_name}"

    def is_fresh(self, now: datetime) -> bool:
        """Tell whether it is so new that it can be undone."""
        return self.undone_at is None and now <= self.at + UNDONE_WITHIN


class Origin(models.Model):
    """What a case was called in the system it came from: the pair is unique, so that nothing comes twice."""

    deviation = models.OneToOneField(Deviation, models.CASCADE, related_name="origin")
    brought = models.ForeignKey(DeviationImport, models.CASCADE, related_name="origins")
    municipality = models.ForeignKey(Unit, models.CASCADE, related_name="+")
    system = models.CharField(_("system"), max_length=60)
    external_number = models.CharField(_("nummer i systemet"), max_length=60)

    objects = DeviationChildQuerySet.as_manager()

    class Meta:
        verbose_name = _("opphav")
        verbose_name_plural = _("opphav")
        constraints = [
            constraints.unique(
                "origin_once",
                "municipality",
                "system",
                "external_number",
                message=_("Saken er alt lest inn."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.system} {self.external_number}"
