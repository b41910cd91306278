"""The delegation matrix: what each organ may decide by itself, as a version of the mandate says it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import constraints
from core.history import Tracked, tracked
from governance.models.initiative import Initiative
from governance.models.mandate import CouncilMandate
from organization.queries import InMunicipality, held_on

if TYPE_CHECKING:
    from datetime import date
    from typing import Self


class Organ(models.TextChoices):
    SECRETARIAT = "secretariat", _("Sekretariatet")
    COUNCIL = "council", _("Digitaliseringsrådet")
    KOMMUNEDIREKTOR = "kommunedirektor", _("Kommunedirektøren")
    POLITICAL = "political", _("Formannskap og kommunestyre")


def every_category() -> list[str]:
    return list(Initiative.Category.values)


class DelegationQuerySet(InMunicipality):
    """Rows of the matrix, open to everybody as the mandate is."""

    municipality_path = "mandate__municipality_id"

    def in_force(self, municipality_id: int, day: date) -> Self:
        """Keep what is in force on ``day``, the mandate that began last first."""
        rows = self.filter(held_on(day, "mandate__"), mandate__municipality_id=municipality_id)
        return rows.select_related("mandate").order_by("-mandate__valid_from", "-mandate", "pk")


@tracked()
class Delegation(Tracked):
    """A row of the matrix.  An amount that is not set is no limit; of the secretariat both must be set."""

    mandate = models.ForeignKey(CouncilMandate, models.CASCADE, related_name="delegations")
    organ = models.CharField(_("organ"), max_length=20, choices=Organ.choices)
    amount = models.DecimalField(
        _("beløp per tiltak"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    yearly_frame = models.DecimalField(_("årsramme"), max_digits=14, decimal_places=2, null=True, blank=True)
    operation_limit = models.DecimalField(
        _("ny fast drift per år"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    categories = ArrayField(
        models.CharField(max_length=20, choices=Initiative.Category.choices),
        default=every_category,
        blank=True,
        verbose_name=_("kategorier"),
    )
    decides_principle = models.BooleanField(_("kan avgjøre prinsipielle saker"), default=False)
    conditions = models.TextField(_("vilkår"), max_length=1000, blank=True)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = _("fullmakt")
        verbose_name_plural = _("fullmakter")
        ordering = ["pk"]
        constraints = [
            constraints.unique(
                "delegation_organ", "mandate", "organ", message=_("Organet har alt en fullmakt i mandatet.")
            ),
            constraints.known("delegation_known", "organ", Organ),
            constraints.not_negative("delegation_amount", "amount", _("Beløpet kan ikke være negativt.")),
            constraints.not_negative(
                "delegation_frame", "yearly_frame", _("Årsrammen kan ikke være negativ.")
            ),
            constraints.not_negative(
                "delegation_operation", "operation_limit", _("Grensen for drift kan ikke være negativ.")
            ),
            constraints.check(
                "delegation_secretariat",
                ~models.Q(organ="secretariat") | models.Q(amount__isnull=False, yearly_frame__isnull=False),
                _("Sekretariatet må ha både en beløpsgrense og en årsramme."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_organ_display())

    @property
    def categories_words(self) -> str:
        """Return the categories as people say them."""
        if set(self.categories) >= set(Initiative.Category.values):
            return gettext("Alle")
        labels = dict(Initiative.Category.choices)
        return ", ".join(str(labels[one]) for one in self.categories if one in labels) or gettext("Ingen")


STANDARD: dict[Organ, dict[str, Any]] = {
    Organ.SECRETARIAT: {"amount": Decimal(150_000), "yearly_frame": Decimal(1_000_000)},
    Organ.COUNCIL: {"amount": Decimal(2_000_000), "decides_principle": True},
    Organ.KOMMUNEDIREKTOR: {"decides_principle": True},
    Organ.POLITICAL: {"decides_principle": True},
}
"""What a first mandate begins with."""


def standard_rows(mandate: CouncilMandate) -> list[Delegation]:
    """Return the rows a first mandate begins with, not yet saved."""
    return [
        Delegation(mandate=mandate, organ=organ, changed_at=mandate.changed_at, **values)
        for organ, values in STANDARD.items()
    ]
