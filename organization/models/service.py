"""Services of a municipality and those who own them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core import constraints
from core.history import Tracked, tracked
from organization.feed import in_feed
from organization.models.unit import Unit
from organization.queries import InMunicipality


@in_feed(kind="service", resource="services")
@tracked()
class Service(Tracked):
    """A service to citizens or within the organisation, with a named owner (tjenesteeier)."""

    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="services", verbose_name=_("enhet"))
    name = models.CharField(_("tjeneste"), max_length=160)
    description = models.TextField(_("beskrivelse"), blank=True, max_length=2000)
    service_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="services",
        verbose_name=_("tjenesteeier"),
    )

    objects = InMunicipality.as_manager()

    class Meta:
        verbose_name = _("tjeneste")
        verbose_name_plural = _("tjenester")
        constraints = [
            constraints.unique(
                "service_name",
                "municipality",
                "name",
                message=_("Kommunen har alt en tjeneste med dette navnet."),
            )
        ]

    def __str__(self) -> str:
        return self.name
