"""Where each project stands now, kept by the database itself, so that a board sums thousands of them in no time.

The budget lines and the published status reports are the truth; triggers on their tables write this.
What was the case earlier is told from their history (``portfolio.reporting``), never from here.
"""

from __future__ import annotations

from decimal import Decimal

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from portfolio.models.project import Project
from portfolio.queries import OfProject

AREAS = ("progress", "economy", "quality", "risk", "resources", "benefits")
_SUMMED = ("budget", "spent", "forecast")
_TABLE = "portfolio_projectstanding"


def _sum() -> models.DecimalField:
    return models.DecimalField(max_digits=18, decimal_places=2, default=Decimal(0))


class ProjectStanding(models.Model):
    """The sums of a project's budget lines for all years, and whether its latest published report asks for help."""

    project = models.OneToOneField(Project, models.CASCADE, primary_key=True, related_name="standing")
    budget, spent, forecast = _sum(), _sum(), _sum()
    needs_help = models.BooleanField(default=False)
    reported_at = models.DateTimeField(null=True)

    objects = OfProject.as_manager()

    class Meta:
        verbose_name = _("prosjektets stilling")
        verbose_name_plural = _("prosjektenes stilling")

    def __str__(self) -> str:
        return str(self.project)

    @property
    def expected(self) -> Decimal:
        """What it will cost as far as is known: the forecast, or what is spent where that is more already."""
        return max(self.forecast, self.spent)

    @property
    def is_over(self) -> bool:
        return self.expected > self.budget


_ADD = f"""
    insert into {_TABLE} (project_id, budget, spent, forecast, needs_help)
    values (new.project_id, new.budget, new.spent, new.forecast, false)
    on conflict (project_id) do update set {", ".join(f"{name} = {_TABLE}.{name} + excluded.{name}" for name in _SUMMED)};
    return null;
"""  # noqa: S608 - own names
_CHANGE = f"""
    update {_TABLE} set {", ".join(f"{name} = {name} + new.{name} - old.{name}" for name in _SUMMED)}
    where project_id = new.project_id;
    return null;
"""  # noqa: S608 - own names
_TAKE = f"""
    update {_TABLE} set {", ".join(f"{name} = {name} - old.{name}" for name in _SUMMED)} where project_id = old.project_id;
    return null;
"""  # noqa: S608 - own names
_TELL = f"""
    insert into {_TABLE} (project_id, budget, spent, forecast, needs_help, reported_at)
    values (new.project_id, 0, 0, 0, 'bad' in ({", ".join(f"new.{area}" for area in AREAS)}), new.published_at)
    on conflict (project_id) do update set needs_help = excluded.needs_help, reported_at = excluded.reported_at
    where {_TABLE}.reported_at is null or {_TABLE}.reported_at <= excluded.reported_at;
    return null;
"""  # noqa: S608 - own names
OF_LINES = [
    pgtrigger.Trigger(name="sum_new", when=pgtrigger.After, operation=pgtrigger.Insert, func=_ADD),
    pgtrigger.Trigger(
        name="sum_change", when=pgtrigger.After, operation=pgtrigger.UpdateOf(*_SUMMED), func=_CHANGE,
        condition=pgtrigger.AnyChange(*_SUMMED),
    ),
    pgtrigger.Trigger(name="sum_gone", when=pgtrigger.After, operation=pgtrigger.Delete, func=_TAKE),
]  # fmt: skip
"""On the table of budget lines."""
OF_REPORTS = [
    pgtrigger.Trigger(
        name="tell_published", when=pgtrigger.After, operation=pgtrigger.Insert | pgtrigger.UpdateOf("status"), func=_TELL,
        condition=pgtrigger.Q(new__status="published"),
    ),
]  # fmt: skip
"""On the table of status reports."""
