"""How a target has been set over time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core.presentation import names_of
from leadership.figures.page import target_words
from leadership.models import Target

if TYPE_CHECKING:
    from datetime import datetime

    from leadership.figures.catalogue import Figure

MOST = 50


@dataclass(frozen=True, slots=True)
class Change:
    """One time the target was set: to what, why, by whom and when."""

    at: datetime
    words: str
    reason: str
    who: str


def changes_of(target: Target, figure: Figure) -> list[Change]:
    """Return how a target was set, the latest first; two statements."""
    events = Target.pgh_event_model.objects.filter(pgh_obj_id=target.pk).select_related("pgh_context")
    rows = list(events.order_by("-pgh_id")[:MOST])
    by = [row.pgh_context.metadata.get("actor") if row.pgh_context else None for row in rows]
    names = names_of(by)
    return [
        Change(
            row.changed_at,
            target_words(figure, row.value) if row.value is not None else _("Målet tatt bort"),
            row.reason,
            names.get(person, "") if person else "",
        )
        for row, person in zip(rows, by, strict=True)
    ]
