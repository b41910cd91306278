"""A benefit that an initiative is expected to give."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from benefits.queries import BenefitQuerySet
from core import constraints
from core.history import Tracked, tracked
from governance.models import Initiative


@tracked()
class Benefit(Tracked):
    """One expected benefit: what, for whom, of which kind, how much, and who owns it.

    The overview in the intake *is* the first version of the benefit plan; nothing is copied
    later.  Types and forms follow domain/benefits 3.4.
    """

    class Beneficiary(models.TextChoices):
        OWN_ORGANIZATION = "own_organization", _("Egen virksomhet")
        OTHER_PUBLIC = "other_public", _("Andre offentlige virksomheter")
        CITIZENS = "citizens", _("Innbyggere")
        BUSINESS = "business", _("Næringsliv")
        VOLUNTARY = "voluntary", _("Frivillighet")

    class Kind(models.TextChoices):
        SAVED_TIME = "saved_time", _("Spart tid")
        AVOIDED_COST = "avoided_cost", _("Unngåtte kostnader")
        QUALITY = "quality", _("Økt kvalitet")
        INCOME = "income", _("Økte inntekter")

    class Form(models.TextChoices):
        BUDGET = "budget", _("Budsjettmessig (kan tas ut)")
        ALTERNATIVE_USE = "alternative_use", _("Alternativ anvendelse (frigjort tid)")
        ELSEWHERE = "elsewhere", _("I annen offentlig virksomhet")
        NOT_PRICED = "not_priced", _("Ikke prissatt")

    class Status(models.TextChoices):
        IDENTIFIED = "identified", _("Identifisert")
        PLANNED = "planned", _("Planlagt")
        BASELINE_MEASURED = "baseline_measured", _("Nullpunkt målt")
        REALIZING = "realizing", _("Under realisering")
        REALIZED = "realized", _("Realisert")
        PARTLY_REALIZED = "partly_realized", _("Delvis realisert")
        NOT_REALIZED = "not_realized", _("Ikke realisert")
        DROPPED = "dropped", _("Utgått")

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="benefits")
    title = models.CharField(_("gevinst"), max_length=200)
    how = models.TextField(_("for hvem og hvordan"), max_length=2000, blank=True)
    beneficiary = models.CharField(_("hvem får gevinsten"), max_length=20, choices=Beneficiary.choices)
    kind = models.CharField(_("type"), max_length=20, choices=Kind.choices)
    form = models.CharField(_("form"), max_length=20, choices=Form.choices)
    kroner_per_year = models.DecimalField(
        _("kroner per år"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    hours_per_year = models.DecimalField(
        _("timer per år"), max_digits=10, decimal_places=1, null=True, blank=True
    )
    full_effect_from = models.PositiveSmallIntegerField(_("full virkning fra år"), null=True, blank=True)
    prerequisites = models.TextField(_("forutsetninger"), max_length=2000, blank=True)
    losers = models.TextField(_("ulemper og hvem som taper"), max_length=2000, blank=True)
    service_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="benefits",
        verbose_name=_("tjenesteeier"),
    )  # fmt: skip
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.IDENTIFIED)
    created_at = models.DateTimeField()

    objects = BenefitQuerySet.as_manager()

    class Meta:
        verbose_name = _("gevinst")
        verbose_name_plural = _("gevinster")
        ordering = ["pk"]
        indexes = [models.Index(fields=["service_owner", "status"], name="benefit_of_owner")]
        constraints = [
            constraints.check(
                "benefit_status",
                Q(
                    status__in=[
                        "identified",
                        "planned",
                        "baseline_measured",
                        "realizing",
                        "realized",
                        "partly_realized",
                        "not_realized",
                        "dropped",
                    ]
                ),
                _("Ukjent status."),
            ),
            constraints.not_negative(
                "benefit_kroner", "kroner_per_year", _("Beløpet kan ikke være negativt.")
            ),
            constraints.not_negative("benefit_hours", "hours_per_year", _("Timene kan ikke være negative.")),
            constraints.check(
                "benefit_not_priced",
                ~Q(form="not_priced") | Q(kroner_per_year=None),
                _("En gevinst som ikke er prissatt, har ikke et beløp."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_priced(self) -> bool:
        return self.form != self.Form.NOT_PRICED
