"""A pilot: an initiative that is tried out first, within limits that are set before it begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from benefits.models.kept import OF_INITIATIVE, marking
from benefits.queries import PilotQuerySet
from core import constraints
from core.history import Tracked, tracked
from governance.models import Initiative

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal


class PilotOutcome(models.TextChoices):
    STOPPED = "stopped", _("Stoppet")
    WENT_ON = "went_on", _("Gikk videre")


@tracked()
class Pilot(Tracked):
    """What is tried out and why, what it may cost, when it ends, and when it stops before that.

    It is concluded by a result and what was learned.  To stop is a result as good as to go on.
    """

    initiative = models.OneToOneField(Initiative, models.CASCADE, related_name="pilot")
    hypothesis = models.TextField(_("hva dere tror, og hvorfor"), max_length=2000)
    cap = models.DecimalField(_("hva den kan koste på det meste"), max_digits=14, decimal_places=2)
    ends_on = models.DateField(_("når den er ferdig"))
    stop_criterion = models.TextField(_("når dere stopper før tiden"), max_length=2000)
    outcome = models.CharField(_("resultat"), max_length=10, choices=PilotOutcome.choices, blank=True)
    learned = models.TextField(_("hva dere lærte"), max_length=4000, blank=True)
    spent = models.DecimalField(_("hva den kostet"), max_digits=14, decimal_places=2, null=True, blank=True)
    concluded_on = models.DateField(_("avgjort"), null=True, blank=True)
    concluded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("avgjort av")
    )  # fmt: skip
    created_at = models.DateTimeField()

    objects = PilotQuerySet.as_manager()

    class Meta:
        verbose_name = _("utprøving")
        verbose_name_plural = _("utprøvinger")
        constraints = [
            constraints.check("pilot_outcome", Q(outcome="") | Q(outcome__in=PilotOutcome.values), _("Velg et av resultatene.")),
            constraints.check(
                "pilot_described", ~Q(hypothesis="") & ~Q(stop_criterion=""),
                _("En utprøving har både en antakelse og noe som gjør at dere stopper."),
            ),
            constraints.not_negative("pilot_cap", "cap", _("Beløpet kan ikke være negativt.")),
            constraints.not_negative("pilot_spent", "spent", _("Beløpet kan ikke være negativt.")),
            constraints.check(
                "pilot_concluded",
                Q(outcome="", learned="", concluded_on=None, concluded_by=None, spent=None)
                | (~Q(outcome="") & ~Q(learned="") & Q(concluded_on__isnull=False)),
                _("Resultatet, dagen og det dere lærte, hører sammen."),
            ),
        ]  # fmt: skip
        triggers = marking(OF_INITIATIVE, "outcome")

    def __str__(self) -> str:
        return self.initiative.card_title

    def get_absolute_url(self) -> str:
        return reverse("benefits:pilot_conclude", args=[self.pk])

    @property
    def is_concluded(self) -> bool:
        return self.outcome != ""

    @property
    def is_stopped(self) -> bool:
        return self.outcome == PilotOutcome.STOPPED

    @property
    def above_cap(self) -> Decimal | None:
        """How much more than the cap it cost; ``None`` where it did not, or nobody has said what it cost."""
        over = None if self.spent is None else self.spent - self.cap
        return over if over is not None and over > 0 else None

    def is_over(self, today: date) -> bool:
        """Tell whether the last day has come and nobody has said how it went."""
        return not self.is_concluded and self.ends_on <= today
