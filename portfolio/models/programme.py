"""Projects that reach a goal together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import constraints
from core.history import Tracked, tracked
from organization.models import Unit
from portfolio.programme.queries import ProgrammeQuerySet

if TYPE_CHECKING:
    from portfolio.programme.sums import Sums


@tracked()
class Programme(Tracked):
    """A programme of a municipality, or of a region for all who take part in it.

    A project says itself which programme it belongs to; a programme ends when nothing in it runs.
    """

    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    name = models.CharField(_("navn"), max_length=200)
    purpose = models.TextField(_("hva programmet skal oppnå"), max_length=4000)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="owned_programmes",
        verbose_name=_("programeier"),
    )
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="managed_programmes", verbose_name=_("programleder")
    )  # fmt: skip
    starts_on = models.DateField(_("oppstart"), null=True, blank=True)
    ends_on = models.DateField(_("slutt"), null=True, blank=True)
    closed_at = models.DateTimeField(_("avsluttet"), null=True, editable=False)
    outcome = models.TextField(_("hva det førte til"), max_length=4000, blank=True)
    created_at = models.DateTimeField()

    sums: Sums | None = None
    """What its projects are and cost in all, where a page has asked."""

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("program")
        verbose_name_plural = _("programmer")
        constraints = [
            constraints.unique("programme_name", "municipality", "name", message=_("Det finnes alt et program med det navnet.")),
            constraints.check(
                "programme_period", Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")),
                _("Programmet kan ikke slutte før det begynner."),
            ),
            constraints.check(
                "programme_outcome", Q(closed_at=None) | ~Q(outcome=""), _("Skriv hva programmet førte til når det avsluttes."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("portfolio:programme_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.closed_at is None
