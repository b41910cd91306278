"""The money of a project: budget, committed, spent and forecast, per year and source."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import constraints
from core.history import Tracked, tracked
from portfolio.models.project import Project
from portfolio.models.standing import OF_LINES
from portfolio.queries import OfProject


class Source(models.TextChoices):
    """Where the money comes from."""

    OWN_FRAME = "own_frame", _("Egen ramme")
    ADOPTED = "adopted", _("Vedtatt bevilgning")
    PARTNERS = "partners", _("Andre kommuner")
    STATE = "state", _("Statlig tilskudd")
    OTHER = "other", _("Annet")


AMOUNTS = ("budget", "committed", "spent", "forecast")
FIRST_YEAR, LAST_YEAR = 2000, 2100


def _amount(label: Any) -> models.DecimalField:
    return models.DecimalField(label, max_digits=14, decimal_places=2, default=0)


@tracked()
class BudgetLine(Tracked):
    """What is planned, bound, spent and expected of one source in one year, in kroner."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="budget_lines")
    year = models.PositiveSmallIntegerField(_("år"))
    source = models.CharField(_("finansiering"), max_length=12, choices=Source.choices)
    budget = _amount(_("budsjett"))
    committed = _amount(_("bundet"))
    spent = _amount(_("påløpt"))
    forecast = _amount(_("prognose"))

    objects = OfProject.as_manager()

    class Meta:
        verbose_name = _("budsjettlinje")
        verbose_name_plural = _("budsjettlinjer")
        indexes = [models.Index(fields=["-changed_at", "-id"], name="budget_changed")]
        constraints = [
            constraints.known("budget_source", "source", Source),
            constraints.unique(
                "budget_line_once", "project", "year", "source",
                message=_("Året og finansieringen står der alt. Endre linjen som er der."),
            ),
            constraints.check(
                "budget_year", Q(year__gte=FIRST_YEAR) & Q(year__lte=LAST_YEAR), _("Skriv et årstall mellom 2000 og 2100.")
            ),
            *(constraints.not_negative(f"budget_{name}", name, _("Beløpet kan ikke være negativt.")) for name in AMOUNTS),
        ]  # fmt: skip
        triggers = OF_LINES

    def __str__(self) -> str:
        return f"{self.year} {self.get_source_display()}"
