"""Professional groups (faggrupper) across units and municipalities."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.history import Tracked, tracked
from organization.models.unit import Unit
from organization.queries import InMunicipality


@tracked()
class ProfessionalGroup(Tracked):
    """People of one profession, with a responsible person on whose behalf initiatives are raised."""

    municipality = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", verbose_name=_("kommune eller region")
    )
    name = models.CharField(_("faggruppe"), max_length=160)
    purpose = models.TextField(_("formål"), blank=True, max_length=2000)
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("ansvarlig")
    )
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="professional_groups", blank=True)

    objects = InMunicipality.as_manager()

    class Meta:
        verbose_name = _("faggruppe")
        verbose_name_plural = _("faggrupper")

    def __str__(self) -> str:
        return self.name

    def includes(self, person_id: int) -> bool:
        """Tell whether a person is of the group: its responsible, or a member."""
        return person_id == self.responsible_id or self.members.filter(pk=person_id).exists()
