"""Portfolio reports: computed as of a moment, and frozen when they are published."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import constraints
from core.history import Tracked, tracked
from organization.models import Unit
from portfolio.models.status import ReportStatus
from portfolio.queries import PortfolioReportQuerySet


@tracked(exclude=("figures",))
class PortfolioReport(Tracked):
    """A report of an area as it stood at a moment.  ``figures`` is what the pages show, as it was computed when published."""

    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    area = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("område"))
    title = models.CharField(_("tittel"), max_length=200)
    as_of = models.DateTimeField(_("slik det sto"))
    since = models.DateTimeField(_("vedtak og endringer siden"))
    summary = models.TextField(_("sammendrag"), max_length=5000, blank=True)
    advice = models.TextField(_("avvik og anbefalinger"), max_length=5000, blank=True)
    figures = models.JSONField(default=dict, editable=False)
    status = models.CharField(max_length=10, choices=ReportStatus.choices, default=ReportStatus.DRAFT)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    objects = PortfolioReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("porteføljerapport")
        verbose_name_plural = _("porteføljerapporter")
        indexes = [models.Index(fields=["municipality", "-as_of", "-id"], name="portfolio_report_latest")]
        constraints = [
            constraints.known("portfolio_report_status", "status", ReportStatus),
            constraints.check(
                "portfolio_report_published",
                Q(status=ReportStatus.DRAFT, published_at=None)
                | Q(status=ReportStatus.PUBLISHED, published_at__isnull=False),
                _("En publisert rapport har et tidspunkt."),
            ),
            constraints.ordered(
                "portfolio_report_period", "since", "as_of", _("Perioden må begynne før den slutter.")
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="published_stays", operation=pgtrigger.Update | pgtrigger.Delete, condition=pgtrigger.Q(old__status="published")
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("portfolio:report_detail", args=[self.pk])

    @property
    def is_published(self) -> bool:
        return self.status == ReportStatus.PUBLISHED
