"""Which roles follow from the groups that people are in where they log in."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import constraints
from core.history import Tracked, tracked
from organization.models.unit import Unit
from organization.queries import AdministeredQuerySet
from organization.roles import Role


@tracked()
class GroupRole(Tracked):
    """A role on a unit, for who is in a group at a provider of log-in.

    It is given and taken when people log in.  Nobody becomes administrator by a group: whoever keeps the groups would
    else rule who gets in here.
    """

    municipality = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", verbose_name=_("kommune eller region")
    )
    provider = models.CharField(_("innlogging"), max_length=40)
    group = models.CharField(_("gruppe"), max_length=200)
    role = models.CharField(_("rolle"), max_length=30, choices=Role.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("enhet"))

    objects = AdministeredQuerySet.as_manager()

    class Meta:
        verbose_name = _("rolle etter gruppe")
        verbose_name_plural = _("roller etter gruppe")
        constraints = [
            constraints.unique(
                "group_role_once", "unit", "provider", "group", "role",
                message=_("Gruppen gir alt denne rollen på enheten."),
            ),
            constraints.known("group_role_known", "role", Role),
            constraints.check(
                "group_role_no_administrator", ~Q(role=Role.ADMINISTRATOR),
                _("Rollen administrator gis for hånd, ikke av en gruppe."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.group}: {self.get_role_display()}"
