"""Risks and opportunities of a project, before and after what is done about them (domain/portfolio 1.2, *Usikkerhet*)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import constraints
from core.history import Tracked, tracked
from portfolio.models.project import Project
from portfolio.queries import ProjectRiskQuerySet

STEPS = 5


class RiskKind(models.TextChoices):
    RISK = "risk", _("Risiko")
    OPPORTUNITY = "opportunity", _("Mulighet")


class RiskStatus(models.TextChoices):
    OPEN = "open", _("Identifisert")
    HANDLED = "handled", _("Tiltak gjennomført")
    GONE = "gone", _("Ikke lenger aktuell")


def _step(label: Any, **how: Any) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(
        label, validators=[MinValueValidator(1), MaxValueValidator(STEPS)], **how
    )


@tracked()
class ProjectRisk(Tracked):
    """Something uncertain: how likely, and how much it would mean, from 1 to 5."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="risks")
    kind = models.CharField(_("type"), max_length=12, choices=RiskKind.choices, default=RiskKind.RISK)
    title = models.CharField(_("hva kan skje"), max_length=200)
    description = models.TextField(_("beskrivelse"), max_length=2000, blank=True)
    probability = _step(_("sannsynlighet"))
    impact = _step(_("konsekvens"))
    measure = models.TextField(_("hva vi gjør"), max_length=2000, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ansvarlig")
    )  # fmt: skip
    due_on = models.DateField(_("frist"), null=True, blank=True)
    probability_after = _step(_("sannsynlighet etter tiltak"), null=True, blank=True)
    impact_after = _step(_("konsekvens etter tiltak"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=RiskStatus.choices, default=RiskStatus.OPEN)
    score = models.GeneratedField(
        expression=F("probability") * F("impact"),
        output_field=models.PositiveSmallIntegerField(),
        db_persist=True,
    )
    created_at = models.DateTimeField()

    objects = ProjectRiskQuerySet.as_manager()

    class Meta:
        verbose_name = _("risiko eller mulighet")
        verbose_name_plural = _("risikoer og muligheter")
        indexes = [
            models.Index(fields=["-score", "id"], name="risk_worst", condition=Q(status=RiskStatus.OPEN)),
            models.Index(fields=["project", "-score", "id"], name="risk_of_project"),
            models.Index(
                fields=["owner", "due_on", "id"],
                name="risk_due",
                condition=Q(status=RiskStatus.OPEN, due_on__isnull=False),
            ),
        ]
        constraints = [
            constraints.known("risk_kind", "kind", RiskKind),
            constraints.known("risk_status", "status", RiskStatus),
            constraints.check(
                "risk_steps",
                Q(probability__gte=1, probability__lte=STEPS, impact__gte=1, impact__lte=STEPS)
                & (Q(probability_after=None) | Q(probability_after__gte=1, probability_after__lte=STEPS))
                & (Q(impact_after=None) | Q(impact_after__gte=1, impact_after__lte=STEPS)),
                _("Trinnene går fra 1 til 5."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"{reverse('portfolio:risk_list', args=[self.project_id])}#risiko-{self.pk}"
