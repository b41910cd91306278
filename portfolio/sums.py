"""How many projects a filter finds, what they cost in all, and the latest of them.

One statement, which reads an index and what is kept per project.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, Count, Func, Q, Sum
from django.utils.translation import gettext as _

from core.conditions import is_one_of
from core.finding import AnyOf
from core.formats import kroner, kroner_short, number
from governance.models import Initiative
from organization.models import Unit
from portfolio.models import Phase

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from organization.actors import PersonActor
    from portfolio.queries import ProjectQuerySet

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Total:
    """How many there are, and their budget and forecast for all years; what is shielded is counted, and not summed."""

    count: int = 0
    budget: Decimal = _ZERO
    forecast: Decimal = _ZERO
    latest: Sequence[int] = ()
    """The ids of those that changed last, as many as were asked for."""

    @property
    def number(self) -> str:
        return number(self.count)

    @property
    def words(self) -> str:
        """The budget in words, and the forecast where it differs; nothing where there is no money."""
        return in_words(self.budget, self.forecast)


def in_words(budget: Decimal, forecast: Decimal) -> str:
    if not budget and not forecast:
        return ""
    if budget == forecast:
        return _("Budsjett %(amount)s") % {"amount": kroner_short(budget)}
    is_close = kroner_short(budget) == kroner_short(forecast)
    planned, expected = (kroner(one) if is_close else kroner_short(one) for one in (budget, forecast))
    return _("Budsjett %(budget)s, prognose %(forecast)s") % {"budget": planned, "forecast": expected}


def totals_of(rows: ProjectQuerySet | AnyOf, actor: PersonActor, *, latest: int = 0) -> dict[Phase, Total]:
    """Return the totals of each phase of what ``actor`` sees, with so many of the latest in each."""
    found: Any = rows.every if isinstance(rows, AnyOf) else rows
    shielded = Q(initiative_id__in=Initiative.objects.exclude(shield_basis="").values("pk"))
    groups = found.filter(_around(actor)).order_by().values("phase")
    sums: dict[str, Any] = {
        name: Sum(f"standing__{name}", filter=~shielded, default=_ZERO) for name in ("budget", "forecast")
    }
    if latest:
        sums["latest"] = _First(ArrayAgg("pk", order_by=("-changed_at", "-pk")), most=latest)
    told = {row.pop("phase"): Total(**row) for row in groups.annotate(count=Count("pk"), **sums)}
    return {phase: told.get(phase.value, Total()) for phase in Phase}


class _First(Func):
    """The first ``most`` of an array."""

    template = "(%(expressions)s)[1:%(most)s]"
    output_field = ArrayField(BigIntegerField())


def _around(actor: PersonActor) -> Q:
    """Return the condition that a project is of an own municipality or its region, so that no other is looked at."""
    own = sorted(actor.municipality_ids)
    regions = Unit.objects.filter(pk__in=own, region__isnull=False).values("region")
    return Q(municipality_id__in=own) | is_one_of("municipality_id", regions)


def in_all(totals: Mapping[Phase, Total]) -> Total:
    parts = list(totals.values())
    return Total(
        sum(part.count for part in parts), sum((part.budget for part in parts), _ZERO),
        sum((part.forecast for part in parts), _ZERO),
    )  # fmt: skip
