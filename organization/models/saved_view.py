"""A list as somebody likes to see it: a name for what stands in its address."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import constraints
from organization.models.unit import Unit
from organization.queries import SavedViewQuerySet, StartViewQuerySet
from organization.roles import Role


class SavedView(models.Model):
    """The filters of one list under a name, the owner's own or shared with a unit.

    ``list`` is the name of the list's address, ``query`` what stands after the question mark.
    It grants nothing: whoever opens it sees of the list what is theirs to see.  A view that was
    deleted stays a day, for the owner to take it back.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    list = models.CharField(_("liste"), max_length=60)
    name = models.CharField(_("navn"), max_length=60)
    query = models.CharField(_("filtre"), max_length=1000, blank=True)
    unit = models.ForeignKey(
        Unit, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("delt med")
    )
    role = models.CharField(_("bare for rollen"), max_length=30, choices=Role.choices, blank=True)
    removed_at = models.DateTimeField(null=True)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("lagret visning")
        verbose_name_plural = _("lagrede visninger")
        indexes = [models.Index(fields=["unit", "list"], name="saved_view_of_unit")]
        constraints = [
            constraints.unique(
                "saved_view_name", "owner", "list", "name", condition=Q(removed_at=None),
                message=_("Du har alt en visning med dette navnet. Velg et annet."),
            ),
            constraints.check(
                "saved_view_role", Q(role="") | Q(unit__isnull=False), _("En rolle gjelder bare for en visning som er delt.")
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class StartView(models.Model):
    """The saved view that a list opens with, for one person."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    list = models.CharField(max_length=60)
    view = models.ForeignKey(SavedView, models.CASCADE, related_name="starts")

    objects = StartViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("startvisning")
        verbose_name_plural = _("startvisninger")
        constraints = [
            constraints.unique(
                "start_view_of_person", "person", "list", message=_("Lista har alt en startvisning.")
            )
        ]

    def __str__(self) -> str:
        return str(self.view)
