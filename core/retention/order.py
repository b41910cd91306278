"""On what ground something is forgotten, by whom and when; and what is left to say so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.models import Tombstone

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from django.db import models

    from core.actors import Actor

REDACTED = "[fjernet]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Why something is forgotten, by whom and when.

    :raises ValueError: no legal basis is given.
    """

    legal_basis: str
    by: Actor
    now: datetime
    decision: str = ""

    def __post_init__(self) -> None:
        if not self.legal_basis.strip():
            raise ValueError("forgetting needs a legal basis")


def leave_tombstones(
    subjects: Iterable[models.Model], columns: Sequence[str], order: Order
) -> list[Tombstone]:
    """State of each record that it was redacted, or deleted when no column is named."""
    return Tombstone.objects.bulk_create(
        Tombstone(
            kind=subject._meta.label_lower, object_id=subject.pk, unit_label=str(getattr(subject, "unit", ""))[:200],
            columns=sorted(columns), legal_basis=order.legal_basis, decision=order.decision, forgotten_at=order.now,
            by_id=order.by.person_id, by_label=order.by.label[:100],
        )
        for subject in subjects
    )  # fmt: skip
