"""The organisation tree."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node

from core import constraints
from core.history import Tracked, tracked
from organization.feed import in_feed
from organization.queries import UnitManager


@in_feed(kind="unit", resource="units", municipality="coalesce({row}.municipality_id, {row}.id)")
@tracked()
class Unit(Tracked, MP_Node):
    """A node of the tree: region → municipality → sector → unit → department.

    ``municipality`` is the legal entity the node belongs to: itself for a municipality and
    for a region, else the nearest one above.  ``region`` is the region above, if any.
    """

    class Kind(models.TextChoices):
        REGION = "region", _("Region")
        MUNICIPALITY = "municipality", _("Kommune")
        SECTOR = "sector", _("Sektor")
        UNIT = "unit", _("Enhet")
        DEPARTMENT = "department", _("Avdeling")

    name = models.CharField(_("navn"), max_length=160)
    short_name = models.CharField(_("kortnavn"), max_length=40, blank=True)
    kind = models.CharField(_("nivå"), max_length=20, choices=Kind.choices)
    code = models.CharField(
        _("organisasjonskode"),
        max_length=40,
        help_text=_("Koden i lønns- eller økonomisystemet. Entydig i kommunen."),
    )
    orgnr = models.CharField(_("organisasjonsnummer"), max_length=9, blank=True)
    municipality = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", editable=False)
    region = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", editable=False)
    closed_on = models.DateField(_("nedlagt fra"), null=True, blank=True)

    steplen = 4
    node_order_by: ClassVar[list[str]] = []

    objects = UnitManager()

    class Meta:
        verbose_name = _("enhet")
        verbose_name_plural = _("enheter")
        constraints = [
            constraints.check(
                "unit_kind",
                Q(kind__in=["region", "municipality", "sector", "unit", "department"]),
                _("Ukjent nivå."),
            ),
            constraints.unique(
                "unit_code_in_municipality",
                "municipality",
                "code",
                message=_("Organisasjonskoden er alt i bruk i kommunen. Velg en annen."),
            ),
            constraints.check(
                "unit_orgnr",
                Q(orgnr="") | Q(orgnr__regex=r"^[0-9]{9}$"),
                _("Organisasjonsnummeret har ni sifre."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_legal_entity(self) -> bool:
        return self.kind in {self.Kind.REGION, self.Kind.MUNICIPALITY}

    @property
    def line_paths(self) -> list[str]:
        """The paths of this unit and every unit above it."""
        return [self.path[: i + self.steplen] for i in range(0, len(self.path), self.steplen)]
