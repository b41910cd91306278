"""What a municipality decides about its own governance: settings as data, never constants."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import constraints
from core.history import Tracked, tracked
from governance.gates import Point
from organization.models import Unit
from organization.queries import InMunicipality
from organization.roles import Role

if TYPE_CHECKING:
    from datetime import date
    from typing import Self

    from django.utils.functional import _StrOrPromise as StrOrPromise


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


def default_submitting_roles() -> list[str]:
    return [Role.EMPLOYEE, Role.LEADER, Role.SECTOR_LEADER, Role.SERVICE_OWNER]


@tracked()
class GovernanceRules(Tracked):
    """One row per municipality or region.  Deadlines are counted in Norwegian working days."""

    municipality = models.OneToOneField(Unit, models.CASCADE, related_name="governance_rules")
    submitting_roles = ArrayField(
        models.CharField(max_length=30, choices=Role.choices),
        default=default_submitting_roles,
        verbose_name=_("hvem som kan melde inn tiltak"),
    )
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
    may_lift_without_endorsement = models.BooleanField(
        _("sekretariatet kan løfte saker uten tilråding"), default=True
    )
    endorsement_days = models.PositiveSmallIntegerField(_("frist for tilråding"), default=10)
    completion_days = models.PositiveSmallIntegerField(_("frist for komplettering"), default=15)
    preparation_days = models.PositiveSmallIntegerField(_("frist for utredning"), default=30)
    hearing_days = models.PositiveSmallIntegerField(_("frist for høring"), default=10)
    papers_days = models.PositiveSmallIntegerField(_("papirene sendes ut så lenge før møtet"), default=5)
    decision_days = models.PositiveSmallIntegerField(_("frist for kommunedirektørens avgjørelse"), default=10)
    counted_years = models.PositiveSmallIntegerField(_("år med drift som regnes med"), default=4)
    fast_track_amount = models.DecimalField(
        _("sekretariatets grense per tiltak"), max_digits=14, decimal_places=2, default=Decimal(150_000)
    )
    fast_track_frame = models.DecimalField(
        _("sekretariatets årsramme"), max_digits=14, decimal_places=2, default=Decimal(1_000_000)
    )
    council_amount = models.DecimalField(
        _("rådets grense per tiltak"), max_digits=14, decimal_places=2, default=Decimal(2_000_000)
    )

    objects = InMunicipality.as_manager()

    class Meta:
        verbose_name = _("regler for styringen")
        verbose_name_plural = _("regler for styringen")
        constraints = [
            constraints.not_negative(
                "rules_fast_track", "fast_track_amount", _("Beløpet kan ikke være negativt.")
            ),
            constraints.not_negative("rules_frame", "fast_track_frame", _("Beløpet kan ikke være negativt.")),
            constraints.not_negative("rules_council", "council_amount", _("Beløpet kan ikke være negativt.")),
        ]

    def __str__(self) -> str:
        return str(self.municipality)


class MandateQuerySet(InMunicipality):
    def in_force(self, municipality_id: int, day: date) -> Self:
        return self.filter(
            Q(valid_to=None) | Q(valid_to__gt=day), municipality_id=municipality_id, valid_from__lte=day
        ).order_by("-valid_from")


QUORUMS: dict[tuple[int, int], StrOrPromise] = {
    (1, 2): _("Minst halvparten"),
    (2, 3): _("Minst to tredeler"),
    (3, 4): _("Minst tre firedeler"),
    (1, 1): _("Alle"),
}
"""How many must be there, as people say it, by numerator and denominator."""


@tracked()
class CouncilMandate(Tracked):
    """The mandate of a digitalisation council, a version with dates.

    A council is administrative: quorum and voting follow its own mandate.  The defaults take
    the pattern of kommuneloven 2018 ch. 11 (half present, the leader's casting vote).
    """

    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="mandates")
    version = models.CharField(_("versjon"), max_length=20)
    adopted_by = models.CharField(_("vedtatt av"), max_length=200, blank=True)
    valid_from = models.DateField(_("gjelder fra"))
    valid_to = models.DateField(_("slutter"), null=True, blank=True)
    quorum_numerator = models.PositiveSmallIntegerField(_("minst til stede, teller"), default=1)
    quorum_denominator = models.PositiveSmallIntegerField(_("minst til stede, nevner"), default=2)
    has_casting_vote = models.BooleanField(_("møteleder har dobbeltstemme ved stemmelikhet"), default=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        verbose_name = _("mandat")
        verbose_name_plural = _("mandater")
        constraints = [
            constraints.unique(
                "mandate_version", "municipality", "version", message=_("Versjonen finnes alt.")
            ),
            constraints.ordered(
                "mandate_period", "valid_from", "valid_to", _("Mandatet slutter før det begynner.")
            ),
            constraints.check(
                "mandate_quorum",
                Q(quorum_denominator__gt=0, quorum_numerator__lte=F("quorum_denominator")),
                _("Kravet til frammøte må være en brøk mellom 0 og 1."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.municipality} {self.version}"

    def is_quorate(self, *, present: int, seats: int) -> bool:
        """Tell whether ``present`` of ``seats`` members are enough to decide."""
        return (
            seats > 0 and present > 0 and present * self.quorum_denominator >= seats * self.quorum_numerator
        )

    @property
    def quorum_words(self) -> str:
        """Return the quorum as people say it."""
        fraction = (self.quorum_numerator, self.quorum_denominator)
        return str(
            QUORUMS.get(fraction)
            or gettext("Minst %(part)d av %(whole)d") % {"part": fraction[0], "whole": fraction[1]}
        )

    def needed(self, seats: int) -> int:
        """Return how many must be present."""
        return max(1, -(-seats * self.quorum_numerator // self.quorum_denominator))
