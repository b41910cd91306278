"""The plan of benefits: what each gives year by year, when it was approved, and what it is computed with."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from benefits.arithmetic import Rates, RateStep, ThreePoint
from benefits.models.benefit import Benefit
from benefits.models.codes import Measure
from benefits.models.kept import marking
from benefits.queries import OfBenefit, PlanApprovalQuerySet
from core import constraints
from core.formats import number
from core.history import Tracked, tracked
from governance.models import Initiative
from organization.models import Unit
from organization.queries import InMunicipality

_HUNDRED = Decimal(100)
_NEAR, _MIDDLE = 40, 75


@tracked()
class YearEstimate(Tracked):
    """What a benefit gives in one year, at the lowest, as likely and at the highest."""

    benefit = models.ForeignKey(Benefit, models.CASCADE, related_name="estimates")
    year = models.PositiveSmallIntegerField(_("år"))
    measure = models.CharField(_("regnes i"), max_length=10, choices=Measure.choices)
    low = models.DecimalField(_("minst"), max_digits=14, decimal_places=2)
    likely = models.DecimalField(_("sannsynlig"), max_digits=14, decimal_places=2)
    high = models.DecimalField(_("mest"), max_digits=14, decimal_places=2)

    objects = OfBenefit.as_manager()

    class Meta:
        verbose_name = _("anslag for et år")
        verbose_name_plural = _("anslag per år")
        ordering = ["year"]
        constraints = [
            constraints.known("estimate_measure", "measure", Measure),
            constraints.unique("estimate_year", "benefit", "measure", "year", message=_("Året er alt ført.")),
            constraints.check(
                "estimate_order", Q(low__lte=F("likely"), likely__lte=F("high")),
                _("Minst, sannsynlig og mest står ikke i rekkefølge."),
            ),
        ]  # fmt: skip
        triggers = marking("select {row}.benefit_id")

    def __str__(self) -> str:
        return f"{self.year}: {self.likely}"

    @property
    def in_words(self) -> str:
        return f"{number(self.low)} – {number(self.likely)} – {number(self.high)}"

    @property
    def three_point(self) -> ThreePoint:
        return ThreePoint(self.low, self.likely, self.high)

    @property
    def expected(self) -> Decimal:
        return self.three_point.mean


class PlanApproval(models.Model):
    """A version of an initiative's plan: who approved it, when, how it all stood, and what it was computed with."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="plan_approvals")
    number = models.PositiveSmallIntegerField(_("versjon"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("godkjent av")
    )
    approved_at = models.DateTimeField(_("godkjent"))
    remark = models.TextField(_("merknad"), max_length=2000, blank=True)
    lines = models.JSONField(_("innhold"), encoder=DjangoJSONEncoder, default=list)
    # None: approved before versions kept what the plan is computed with.
    basis = models.JSONField(_("beregningsgrunnlag"), encoder=DjangoJSONEncoder, null=True)
    # None: approved before versions kept the change work.
    work = models.JSONField(_("endringsarbeid"), encoder=DjangoJSONEncoder, null=True)

    objects = PlanApprovalQuerySet.as_manager()

    class Meta:
        verbose_name = _("versjon av gevinstplanen")
        verbose_name_plural = _("versjoner av gevinstplanen")
        ordering = ["-number"]
        constraints = [
            constraints.unique("plan_version", "initiative", "number", message=_("Versjonen finnes alt."))
        ]

    def __str__(self) -> str:
        return f"{self.initiative_id}: {self.number}"


@tracked()
class CalculationBasis(Tracked):
    """What a municipality computes with, from a day and a source: rates, hours of a work-year, cost of tax.

    Each is a version of its own; one that has begun to count stays as it is, and the next one follows it.  The defaults are those of domain/benefits 3.5.  R-109 binds the state; to a municipality it is advice.
    """

    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    valid_from = models.DateField(_("gjelder fra"))
    source = models.CharField(_("kilde"), max_length=300, default="Finansdepartementets rundskriv R-109/21")
    price_year = models.PositiveSmallIntegerField(_("prisår"), null=True, blank=True)
    rate_near = models.DecimalField(
        _("rente til og med år 40"), max_digits=5, decimal_places=2, default=Decimal(4)
    )
    rate_middle = models.DecimalField(
        _("rente år 41 til 75"), max_digits=5, decimal_places=2, default=Decimal(3)
    )
    rate_far = models.DecimalField(_("rente fra år 76"), max_digits=5, decimal_places=2, default=Decimal(2))
    hours_per_work_year = models.DecimalField(
        _("timer per årsverk"), max_digits=6, decimal_places=1, default=Decimal(1700)
    )
    tax_cost = models.DecimalField(
        _("skattefinansieringskostnad i øre per krone"), max_digits=5, decimal_places=2, default=Decimal(20)
    )
    years = models.PositiveSmallIntegerField(_("antall år det regnes over"), default=10)

    objects = InMunicipality.as_manager()

    class Meta:
        verbose_name = _("beregningsgrunnlag")
        verbose_name_plural = _("beregningsgrunnlag")
        constraints = [
            constraints.unique("basis_day", "municipality", "valid_from", message=_("Det gjelder alt et grunnlag fra denne dagen.")),
            constraints.check(
                "basis_positive", Q(rate_near__gte=0, rate_middle__gte=0, rate_far__gte=0, hours_per_work_year__gt=0, tax_cost__gte=0),
                _("Renter, timer og kostnad kan ikke være negative."),
            ),
            constraints.check("basis_years", Q(years__gte=1, years__lte=100), _("Det regnes over 1 til 100 år.")),
            constraints.check("basis_source", ~Q(source=""), _("Grunnlaget må ha en kilde.")),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.municipality_id}: {self.valid_from}"

    @property
    def rates(self) -> Rates:
        """The discount rate with its steps."""
        near, middle, far = (rate / _HUNDRED for rate in (self.rate_near, self.rate_middle, self.rate_far))
        steps = (RateStep(near, _NEAR), RateStep(middle, _MIDDLE), RateStep(far))
        return Rates(steps, self.valid_from, self.source)

    @property
    def tax_share(self) -> Decimal:
        return self.tax_cost / _HUNDRED
