"""What a municipality decides about its own handling of deviations."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import constraints
from core.history import Tracked, tracked
from core.statements import Slot, prepare_records
from deviations.models.status import Category, Severity
from deviations.queries import CatalogueQuerySet
from organization.models import Unit
from organization.roles import Role

if TYPE_CHECKING:
    from typing import Self

    from core.statements import Records

_HANDLING_DAYS = {Severity.LOW: 30, Severity.MEDIUM: 21, Severity.HIGH: 14, Severity.CRITICAL: 3}


def default_handling_days() -> dict[str, int]:
    """Return calendar days from receipt to a handled case, by severity (catalogue, *frister_forslag*)."""
    return {str(severity.value): days for severity, days in _HANDLING_DAYS.items()}


def default_channels() -> dict[str, dict[str, str]]:
    return {
        "whistleblowing": {
            "title": "Varsling om kritikkverdige forhold",
            "text": "Dette skal varsles i kommunens egen varslingskanal, ikke meldes som avvik.",
            "url": "",
        },
        "school_environment": {
            "title": "Elevmiljø (opplæringslova § 12-4)",
            "text": "Si fra til rektor med en gang. Saken følges opp i skolens eget system, ikke her.",
            "url": "",
        },
    }


@tracked()
class DeviationRules(Tracked):
    """One row per municipality."""

    class Matrix(models.IntegerChoices):
        THREE = 3, _("3 × 3")
        FIVE = 5, _("5 × 5")

    municipality = models.OneToOneField(Unit, models.CASCADE, related_name="deviation_rules")
    receive_days = models.PositiveSmallIntegerField(_("virkedager til en sak skal være mottatt"), default=3)
    handling_days = models.JSONField(_("dager til en sak skal være behandlet"), default=default_handling_days)
    answer_days = models.PositiveSmallIntegerField(_("virkedager melder har til å svare"), default=5)
    reopening_days = models.PositiveSmallIntegerField(_("dager melder kan gjenåpne i"), default=30)
    matrix = models.PositiveSmallIntegerField(_("risikomatrise"), choices=Matrix.choices, default=Matrix.FIVE)
    yellow_from = models.PositiveSmallIntegerField(_("gult fra"), default=5)
    red_from = models.PositiveSmallIntegerField(_("rødt fra"), default=10)
    small_unit = models.PositiveSmallIntegerField(
        _("liten enhet"), default=5,
        help_text=_("Enheter med færre ansatte enn dette får en advarsel om at melder kan gjettes."),
    )  # fmt: skip
    channels = models.JSONField(_("andre kanaler"), default=default_channels)

    objects = CatalogueQuerySet.as_manager()

    class Meta:
        verbose_name = _("regler for avvik")
        verbose_name_plural = _("regler for avvik")
        constraints = [
            constraints.check(
                "deviation_rules_matrix",
                Q(yellow_from__lt=models.F("red_from")),
                _("Gult begynner på et lavere tall enn rødt."),
            )
        ]

    def __str__(self) -> str:
        return str(_("Regler for avvik"))

    @classmethod
    def of(cls, municipality: Unit) -> Self:
        """Return the rules of ``municipality``, or the defaults when it has set none."""
        return getattr(municipality, "deviation_rules", None) or cls(municipality=municipality)

    @classmethod
    def of_id(cls, municipality_id: int) -> DeviationRules:
        """Return the same as ``of``, where the municipality itself is not loaded."""
        found = _rules_of().load(municipality=municipality_id)
        return found[0] if found else cls(municipality_id=municipality_id)

    def days_for(self, severity: int | None) -> int:
        """Return the calendar days a case of ``severity`` has; medium when it is not yet judged."""
        return int(self.handling_days.get(str(severity or Severity.MEDIUM.value), 30))

    def color_of(self, score: int) -> str:
        """Return green, yellow or red for consequence times probability."""
        return "red" if score >= self.red_from else "yellow" if score >= self.yellow_from else "green"


@cache
def _rules_of() -> Records[DeviationRules]:
    return prepare_records(
        DeviationRules.objects.filter(municipality_id=Slot("municipality", models.BigIntegerField()))
    )


@tracked()
class RoutingRule(Tracked):
    """Who receives, instead of the nearest leader: for a category or a type, on a unit and below.

    The most particular rule wins: type before category, the nearest unit before one above.
    """

    municipality = models.ForeignKey(Unit, models.CASCADE, related_name="+")
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+", verbose_name=_("enhet"))
    category = models.CharField(_("kategori"), max_length=30, choices=Category.choices, blank=True)
    type = models.ForeignKey(
        "deviations.DeviationType",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("type"),
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("person"),
    )
    role = models.CharField(_("rolle"), max_length=30, choices=Role.choices, blank=True)

    objects = CatalogueQuerySet.as_manager()

    class Meta:
        verbose_name = _("regel for hvem som mottar")
        verbose_name_plural = _("regler for hvem som mottar")
        constraints = [
            constraints.check(
                "routing_rule_receiver",
                Q(person__isnull=False, role="") | (Q(person=None) & ~Q(role="")),
                _("Velg enten en person eller en rolle."),
            ),
            constraints.check(
                "routing_rule_matter",
                ~Q(category="") | Q(type__isnull=False),
                _("Velg en kategori eller en type."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.type or self.get_category_display()} · {self.unit}"
