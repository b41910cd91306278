"""Who holds which role on which unit, from when and until when."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import constraints
from core.history import Tracked, tracked
from organization.models.unit import Unit
from organization.queries import RoleAssignmentQuerySet
from organization.roles import Role


@tracked()
class RoleAssignment(Tracked):
    """A role on a unit for a period.

    ``valid_from`` is the first day it counts, ``valid_to`` the first day it no longer does:
    who is set to leave today has lost the access today.  Rows are ended, not deleted.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="roles", verbose_name=_("person")
    )
    role = models.CharField(_("rolle"), max_length=30, choices=Role.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="roles", verbose_name=_("enhet"))
    valid_from = models.DateField(_("gjelder fra"))
    valid_to = models.DateField(
        _("slutter"), null=True, blank=True, help_text=_("Den dagen rollen og tilgangen faller bort.")
    )
    is_main = models.BooleanField(_("hovedstilling"), default=False)
    is_leading = models.BooleanField(_("leder sekretariatet"), default=False)
    stand_in_for = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("vikar for"),
    )
    allocated_percentage = models.PositiveSmallIntegerField(_("avsatt tid i prosent"), null=True, blank=True)
    field = models.CharField(_("fagfelt"), max_length=120, blank=True)
    from_provider = models.CharField(max_length=40, blank=True, editable=False)
    """The provider of log-in by whose groups the role was given; empty where a person gave it."""
    competence = models.CharField(_("kompetanse"), max_length=300, blank=True)

    objects = RoleAssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("rolle")
        verbose_name_plural = _("roller")
        indexes = [
            models.Index(fields=["person", "valid_from"], name="role_of_person"),
            models.Index(fields=["unit", "role"], name="role_on_unit"),
        ]
        constraints = [
            constraints.known("role_known", "role", Role),
            constraints.check(
                "role_period",
                Q(valid_to=None) | Q(valid_to__gte=models.F("valid_from")),
                _("Rollen kan ikke slutte før den begynner."),
            ),
            constraints.check(
                "role_percentage",
                Q(allocated_percentage=None) | Q(allocated_percentage__lte=100),
                _("Avsatt tid er mellom 0 og 100 prosent."),
            ),
            constraints.check(
                "role_leading",
                Q(is_leading=False) | Q(role=Role.SECRETARIAT),
                _("Bare den som har rollen sekretariat, kan lede sekretariatet."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} · {self.unit_id}"
