"""Status reports: six areas with a value, a text and a trend (domain/portfolio 1.2, *Prosjektstatus*)."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import constraints
from core.history import Tracked, tracked
from organization.feed import in_feed
from portfolio.models.project import Project
from portfolio.models.standing import OF_REPORTS
from portfolio.queries import StatusReportQuerySet


class ReportStatus(models.TextChoices):
    DRAFT = "draft", _("Kladd")
    PUBLISHED = "published", _("Publisert")


class Health(models.TextChoices):
    """How an area stands; what each colour means for an area is told beside it (``portfolio.health``)."""

    GOOD = "good", _("I rute")
    WATCH = "watch", _("Følg med")
    BAD = "bad", _("Trenger hjelp")
    UNKNOWN = "unknown", _("Vet ikke")


class Trend(models.TextChoices):
    BETTER = "better", _("Bedre enn sist")
    SAME = "same", _("Som sist")
    WORSE = "worse", _("Dårligere enn sist")
    FIRST = "first", _("Første rapport")


class Area(models.TextChoices):
    PROGRESS = "progress", _("Framdrift")
    ECONOMY = "economy", _("Økonomi")
    QUALITY = "quality", _("Kvalitet")
    RISK = "risk", _("Risiko og muligheter")
    RESOURCES = "resources", _("Ressurser")
    BENEFITS = "benefits", _("Gevinster")


HEALTH_TONES: dict[str, str] = {
    Health.GOOD: "success", Health.WATCH: "warning", Health.BAD: "danger", Health.UNKNOWN: "neutral",
}  # fmt: skip
R = ReportStatus


def _value() -> models.CharField:
    return models.CharField(max_length=10, choices=Health.choices, default=Health.UNKNOWN)


def _text() -> models.TextField:
    return models.TextField(max_length=2000, blank=True)


def _trend() -> models.CharField:
    return models.CharField(max_length=10, choices=Trend.choices, default=Trend.FIRST, editable=False)


def _money(label: Any) -> models.DecimalField:
    return models.DecimalField(label, max_digits=14, decimal_places=2, null=True, blank=True)


@in_feed(
    kind="status-report", resource="status-reports",
    municipality="(select municipality_id from portfolio_project where id = {row}.project_id)",
)  # fmt: skip
@tracked()
class StatusReport(Tracked):
    """How a project stood on a day.  One that is published never changes; there is one draft at a time."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="status_reports")
    status = models.CharField(max_length=10, choices=ReportStatus.choices, default=R.DRAFT)
    day = models.DateField(_("status per"))
    summary = models.TextField(_("kort fortalt"), max_length=2000, blank=True)
    progress, progress_text, progress_trend = _value(), _text(), _trend()
    economy, economy_text, economy_trend = _value(), _text(), _trend()
    quality, quality_text, quality_trend = _value(), _text(), _trend()
    risk, risk_text, risk_trend = _value(), _text(), _trend()
    resources, resources_text, resources_trend = _value(), _text(), _trend()
    benefits, benefits_text, benefits_trend = _value(), _text(), _trend()
    ends_on = models.DateField(_("planlagt slutt"), null=True, blank=True)
    forecast_ends_on = models.DateField(_("ventet slutt"), null=True, blank=True)
    budget = _money(_("budsjett"))
    spent = _money(_("påløpt"))
    forecast = _money(_("prognose"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    objects = StatusReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("statusrapport")
        verbose_name_plural = _("statusrapporter")
        indexes = [
            models.Index(
                fields=["project", "-published_at", "-id"],
                name="status_latest",
                condition=Q(status=R.PUBLISHED),
            ),
            models.Index(fields=["-changed_at", "-id"], name="status_changed"),
        ]
        constraints = [
            constraints.known("status_report_status", "status", ReportStatus),
            constraints.unique(
                "status_one_draft",
                "project",
                condition=Q(status=R.DRAFT),
                message=_("Prosjektet har alt en kladd."),
            ),
            constraints.check(
                "status_published",
                Q(status=R.DRAFT, published_at=None) | Q(status=R.PUBLISHED, published_at__isnull=False),
                _("En publisert rapport har et tidspunkt."),
            ),
            *(constraints.known(f"status_{area.value}", area.value, Health) for area in Area),
            *(
                constraints.not_negative(f"status_{name}", name, _("Beløpet kan ikke være negativt."))
                for name in ("budget", "spent", "forecast")
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="published_stays", operation=pgtrigger.Update | pgtrigger.Delete, condition=pgtrigger.Q(old__status="published")
            ),
            *OF_REPORTS,
        ]  # fmt: skip

    def __str__(self) -> str:
        return _("Status for %(project)s") % {"project": self.project}

    def get_absolute_url(self) -> str:
        return reverse("portfolio:status_detail", args=[self.pk])
