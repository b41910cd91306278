"""How many projects stand below a programme or a project, and what they cost in all.

A region reads the totals of what its municipalities have below its programmes and projects, and nothing
more of them (domain/visibility); everybody else reads the sum of the projects that they see.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, OuterRef, Q, Sum

from core.conditions import has_one
from organization.queries import municipalities_of
from portfolio.models.project import RUNNING, Project
from portfolio.sums import in_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.actors import Actor

_ZERO = Decimal(0)
_OPEN = Q(initiative__shield_basis="")


@dataclass(frozen=True, slots=True)
class Sums:
    """Amounts in kroner for all years; of what is shielded only the number counts."""

    number: int = 0
    seen: int = 0
    running: int = 0
    needing_help: int = 0
    budget: Decimal = _ZERO
    forecast: Decimal = _ZERO

    @property
    def unseen(self) -> int:
        """How many are other municipalities' own."""
        return self.number - self.seen

    @property
    def money(self) -> str:
        return in_words(self.budget, self.forecast)


def sums_of(column: str, ids: Iterable[int], actor: Actor) -> dict[int, Sums]:
    """Return the sums of the projects whose ``column`` («programme» or «parent») is one of ``ids``, in one query."""
    seen = _seen_by(actor)
    counted = seen | Q(**{f"{column}__municipality_id__in": municipalities_of(actor) or ()})
    rows = Project.objects.filter(**{f"{column}_id__in": list(ids)})
    if not actor.is_system:
        rows = rows.filter(counted)
    told = rows.order_by().values(f"{column}_id").annotate(
        number=Count("pk"), seen=Count("pk", filter=seen), running=Count("pk", filter=Q(status__in=RUNNING)),
        needing_help=Count("pk", filter=_OPEN & Q(standing__needs_help=True, status__in=RUNNING)),
        budget=Sum("standing__budget", filter=_OPEN, default=_ZERO),
        forecast=Sum("standing__forecast", filter=_OPEN, default=_ZERO),
    )  # fmt: skip
    return {row.pop(f"{column}_id"): Sums(**row) for row in told}


def _seen_by(actor: Actor) -> Q:
    if actor.is_system:
        return Q(pk__isnull=False)
    return Q(has_one(Project.objects.visible_to(actor).filter(pk=OuterRef("pk"))))


def sums_of_one(column: str, pk: int, actor: Actor) -> Sums:
    found: dict[int, Any] = sums_of(column, [pk], actor)
    return found.get(pk, Sums())
