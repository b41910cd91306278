"""Indicators that are computed: from which source, and what each measurement was computed from."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from benefits.arithmetic import Rate, SilenceLimits
from benefits.models.indicator import Indicator, Measurement
from benefits.queries import ComputationQuerySet, MeasurementBasisQuerySet
from core import constraints
from core.history import Tracked, tracked
from organization.models import Unit
from organization.queries import InMunicipality

_HUNDRED = Decimal(100)


class Lack(models.TextChoices):
    """Why a point could not be computed: it is missing, and never zero."""

    DENOMINATOR = "denominator", _("Nevneren mangler for en eller flere måneder.")
    NOT_IN_USE = "not_in_use", _("Ingen kunne melde avvik her i hele perioden.")
    FEW_PEOPLE = "few_people", _("Så få arbeider i enhetene at tallet kunne peke på noen.")
    OVERLAP = "overlap", _("Perioden overlapper nullpunktets periode.")
    UNITS = "units", _("Enhetene finnes ikke lenger.")


@tracked()
class Computation(Tracked):
    """From which source an indicator is computed, what of it is counted, and how many months at a time.

    ``choice`` is what the source itself asks for (``benefits.sources``), checked by it when it is chosen.
    """

    class Months(models.IntegerChoices):
        ONE = 1, _("Måneden før")
        THREE = 3, _("De tre månedene før")
        SIX = 6, _("De seks månedene før")
        TWELVE = 12, _("De tolv månedene før")

    indicator = models.OneToOneField(Indicator, models.CASCADE, related_name="computation")
    source = models.CharField(_("kilde"), max_length=40)
    months = models.PositiveSmallIntegerField(_("hvor lenge det telles"), choices=Months.choices)
    choice = models.JSONField(_("hva som telles"), default=dict)

    objects = ComputationQuerySet.as_manager()

    class Meta:
        verbose_name = _("kilde til en indikator")
        verbose_name_plural = _("kilder til indikatorer")
        constraints = [
            constraints.check(
                "computation_months", Q(months__in=[1, 3, 6, 12]), _("Velg 1, 3, 6 eller 12 måneder.")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id}: {self.source}"


@tracked()
class MeasurementBasis(Tracked):
    """What a measurement was computed from, kept so that it can be checked: period, counts, denominator, source.

    ``total`` and ``severe`` are all reports of the same units in the same time: what is counted says little
    without them.
    """

    measurement = models.OneToOneField(Measurement, models.CASCADE, related_name="basis")
    source = models.CharField(_("kilde"), max_length=40)
    choice = models.JSONField(_("hva som telles"), default=dict)
    first_day = models.DateField(_("fra og med"))
    last_day = models.DateField(_("til og med"))
    count = models.PositiveIntegerField(_("teller"), null=True, blank=True)
    total = models.PositiveIntegerField(_("alle meldinger"), null=True, blank=True)
    severe = models.PositiveIntegerField(_("alvorlige meldinger"), null=True, blank=True)
    amount = models.DecimalField(_("nevner"), max_digits=16, decimal_places=4, null=True, blank=True)
    per = models.CharField(_("nevneren er"), max_length=20, blank=True)
    parts = models.JSONField(_("per enhet"), default=list)
    lack = models.CharField(_("mangler"), max_length=20, choices=Lack.choices, blank=True)
    computed_at = models.DateTimeField(_("regnet ut"))

    objects = MeasurementBasisQuerySet.as_manager()

    class Meta:
        verbose_name = _("grunnlag for en måling")
        verbose_name_plural = _("grunnlag for målinger")
        constraints = [
            constraints.check(
                "basis_lack", Q(lack__in=["", *Lack.values]), _("Ukjent grunn til at tallet mangler.")
            ),
            constraints.check(
                "basis_counted", ~Q(lack="") | Q(count__isnull=False, total__isnull=False, severe__isnull=False),
                _("Et tall som er regnet ut, har teller og alle meldinger."),
            ),
            constraints.check(
                "basis_within", Q(count=None) | Q(count__lte=models.F("total"), severe__lte=models.F("total")),
                _("Det som telles, er en del av alle meldinger."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.measurement_id}: {self.first_day}–{self.last_day}"

    @property
    def days(self) -> int:
        return (self.last_day - self.first_day).days + 1

    @property
    def exposure(self) -> Decimal:
        """What counts are divided by when two times are compared: the denominator, else the days."""
        return self.amount if self.amount is not None else Decimal(self.days)

    @property
    def counted(self) -> Rate:
        """What is counted; only where nothing lacks."""
        return Rate(self.count or 0, self.exposure)

    @property
    def reported(self) -> Rate:
        """All that is reported; only where nothing lacks."""
        return Rate(self.total or 0, self.exposure)

    @property
    def lacks(self) -> str:
        """Why the number is missing, in words."""
        return str(Lack(self.lack).label) if self.lack else ""


@tracked()
class SilenceRules(Tracked):
    """When a municipality takes fewer reports for silence; one row each, the defaults are the house's proposal."""

    municipality = models.OneToOneField(Unit, models.CASCADE, related_name="silence_rules")
    fall_percent = models.PositiveSmallIntegerField(_("fall i prosent"), default=50)
    level_percent = models.PositiveSmallIntegerField(_("signifikansnivå i prosent"), default=5)
    fewest = models.PositiveSmallIntegerField(_("færrest andre meldinger"), default=5)
    reason = models.TextField(_("begrunnelse"), max_length=2000)

    objects = InMunicipality.as_manager()

    class Meta:
        verbose_name = _("grense for meldestillhet")
        verbose_name_plural = _("grenser for meldestillhet")
        constraints = [
            constraints.check(
                "silence_fall", Q(fall_percent__gte=10, fall_percent__lte=90),
                _("Fallet må være mellom 10 og 90 prosent."),
            ),
            constraints.check(
                "silence_level", Q(level_percent__gte=1, level_percent__lte=20),
                _("Signifikansnivået må være mellom 1 og 20 prosent."),
            ),
            constraints.check(
                "silence_fewest", Q(fewest__gte=1, fewest__lte=100), _("Antallet må være mellom 1 og 100.")
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.municipality_id}: {self.fall_percent} %"

    @property
    def limits(self) -> SilenceLimits:
        return SilenceLimits(self.fall_percent / _HUNDRED, self.level_percent / _HUNDRED, self.fewest)
