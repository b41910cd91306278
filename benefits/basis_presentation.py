"""The versions of what a municipality computes with, each with who registered and corrected it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benefits.basis import is_open
from benefits.models import CalculationBasis
from core.history import label_of
from organization.models import Person

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from organization.actors import PersonActor

MOST = 50


def versions_for(actor: PersonActor, today: date) -> list[dict[str, Any]]:
    """Return the versions of the actor's municipalities, the latest first, in three queries."""
    rows = CalculationBasis.objects.visible_to(actor).select_related("municipality")
    found = list(rows.order_by("municipality__name", "-valid_from")[:MOST])
    told = _told(found)
    counting: dict[int, int] = {}
    for row in reversed(found):
        if row.valid_from <= today:
            counting[row.municipality_id] = row.pk
    return [
        {
            "basis": row, "counts": counting.get(row.municipality_id) == row.pk, "comes": row.valid_from > today,
            "is_open": is_open(row, today), "told": told.get(row.pk, []),
        }
        for row in found
    ]  # fmt: skip


def _told(found: Iterable[CalculationBasis]) -> dict[int, list[dict[str, Any]]]:
    events = CalculationBasis.pgh_event_model.objects.filter(pgh_obj_id__in=[row.pk for row in found])
    rows = list(events.select_related("pgh_context").order_by("pgh_id"))
    contexts = [row.pgh_context.metadata if row.pgh_context else {} for row in rows]
    names = Person.objects.in_bulk({pk for context in contexts if (pk := context.get("actor"))})
    told: dict[int, list[dict[str, Any]]] = {}
    for row, context in zip(rows, contexts, strict=True):
        who = names.get(context.get("actor"))
        line = {"label": label_of(str(context.get("action", ""))), "at": row.changed_at, "who": who}
        told.setdefault(row.pgh_obj_id, []).append(line)
    return told
