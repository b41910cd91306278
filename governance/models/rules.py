"""What a municipality decides about its own governance: settings as data, never constants."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.history import Tracked, tracked
from governance.gates import Point
from governance.models.mandate import default_submitting_roles
from organization.models import Unit
from organization.queries import InMunicipality

__all__ = [
    "GovernanceRules",
    "default_submitting_roles",
]  # the roles stood here once: the first migration asks for them


def default_requirements() -> list[str]:
    return [
        "strategic_goal",
        "responsible_person",
        "null_alternative",
        "overview_of_benefits",
        "cost_benefit",
    ]


def default_gates() -> list[str]:
    return ["approved_plan", "measured_baseline", "baton_is_passed", "benefits_are_judged"]


def default_paper_sections() -> list[str]:
    return [
        "summary", "background", "facts", "benefits", "alternatives", "statements", "risk", "assessment",
        "communication", "follow_up",
    ]  # fmt: skip


def default_required_sections() -> list[str]:
    return ["summary", "background", "alternatives", "assessment"]


@tracked()
class GovernanceRules(Tracked):
    """One row per municipality or region.  Deadlines are counted in Norwegian working days."""

    municipality = models.OneToOneField(Unit, models.CASCADE, related_name="governance_rules")
    requirements = ArrayField(
        models.CharField(max_length=60),
        default=default_requirements,
        blank=True,
        verbose_name=_("krav til forarbeid"),
    )
    gates = ArrayField(
        models.CharField(max_length=60),
        default=default_gates,
        blank=True,
        verbose_name=_("krav før et prosjekt går videre"),
    )
    council_points = ArrayField(
        models.CharField(max_length=3, choices=Point.choices),
        default=list,
        blank=True,
        verbose_name=_("beslutningspunkter som rådet avgjør"),
    )
    paper_sections = ArrayField(
        models.CharField(max_length=60),
        default=default_paper_sections,
        blank=True,
        verbose_name=_("deler i saksframlegget"),
    )
    required_sections = ArrayField(
        models.CharField(max_length=60),
        default=default_required_sections,
        blank=True,
        verbose_name=_("deler som må være skrevet"),
    )
    completion_days = models.PositiveSmallIntegerField(_("frist for komplettering"), default=15)
    preparation_days = models.PositiveSmallIntegerField(_("frist for utredning"), default=30)
    decision_days = models.PositiveSmallIntegerField(_("frist for kommunedirektørens avgjørelse"), default=10)

    objects = InMunicipality.as_manager()

    class Meta:
        verbose_name = _("regler for styringen")
        verbose_name_plural = _("regler for styringen")

    def __str__(self) -> str:
        return str(self.municipality)
