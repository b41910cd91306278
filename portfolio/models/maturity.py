"""How well the municipality is set up to manage its portfolio, as it judges itself."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import constraints
from core.history import Tracked, tracked
from organization.models import Unit
from portfolio.queries import MaturityQuerySet, OfMaturity

LEVELS = 5


class Prerequisite(models.TextChoices):
    """What must be in place; names and words are our own proposal (``portfolio.maturity.wording``)."""

    ANCHORING = "anchoring", _("Forankring i ledelsen")
    STRATEGY = "strategy", _("Mål og strategi")
    ROLES = "roles", _("Roller og fullmakter")
    OVERVIEW = "overview", _("En samlet oversikt")
    CRITERIA = "criteria", _("Felles kriterier")
    BUDGET = "budget", _("Kobling til budsjettet")
    CAPACITY = "capacity", _("Kapasitet og kompetanse")
    BENEFITS = "benefits", _("Uttak av gevinster")


@tracked()
class MaturityReview(Tracked):
    """One self-assessment of a municipality.  There is one draft at a time, and one that is locked never changes."""

    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    title = models.CharField(_("tittel"), max_length=120)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    locked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects = MaturityQuerySet.as_manager()

    class Meta:
        verbose_name = _("egenvurdering")
        verbose_name_plural = _("egenvurderinger")
        indexes = [models.Index(fields=["municipality", "-created_at", "-id"], name="maturity_latest")]
        constraints = [
            constraints.unique(
                "maturity_one_draft", "municipality", condition=Q(locked_at=None), message=_("Det finnes alt en kladd.")
            ),
            constraints.together("maturity_locked", "locked_by", "locked_at", _("En låst vurdering har både navn og tidspunkt.")),
        ]  # fmt: skip
        triggers = [
            pgtrigger.Protect(
                name="locked_stays", operation=pgtrigger.Update | pgtrigger.Delete, condition=pgtrigger.Q(old__locked_at__isnull=False)
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("portfolio:maturity_detail", args=[self.pk])

    @property
    def is_locked(self) -> bool:
        return self.locked_at is not None


@tracked()
class MaturityAnswer(Tracked):
    """One prerequisite of a self-assessment: the level, why, and what is done next by whom and when."""

    review = models.ForeignKey(MaturityReview, models.CASCADE, related_name="answers")
    prerequisite = models.CharField(max_length=12, choices=Prerequisite.choices)
    level = models.PositiveSmallIntegerField(
        _("nivå"), validators=[MinValueValidator(1), MaxValueValidator(LEVELS)]
    )
    grounds = models.TextField(_("begrunnelse"), max_length=2000)
    next_step = models.CharField(_("neste steg"), max_length=300, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ansvarlig")
    )  # fmt: skip
    due_on = models.DateField(_("frist"), null=True, blank=True)

    objects = OfMaturity.as_manager()

    class Meta:
        verbose_name = _("svar i en egenvurdering")
        verbose_name_plural = _("svar i egenvurderinger")
        constraints = [
            constraints.known("maturity_prerequisite", "prerequisite", Prerequisite),
            constraints.unique("maturity_answer_once", "review", "prerequisite", message=_("Forutsetningen er alt vurdert.")),
            constraints.check("maturity_level", Q(level__gte=1, level__lte=LEVELS), _("Nivåene går fra 1 til 5.")),
            constraints.check("maturity_grounds", ~Q(grounds=""), _("Skriv hvorfor nivået er slik.")),
            constraints.check(
                "maturity_next_step", Q(next_step="", owner=None, due_on=None) | (~Q(next_step="") & Q(owner__isnull=False, due_on__isnull=False)),
                _("Et neste steg har en ansvarlig og en frist."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.get_prerequisite_display()
