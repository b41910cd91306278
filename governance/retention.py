"""What the agenda forgets when an initiative, or its case paper, is forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.retention import REDACTED, cleared, redact_copies
from governance.models import AgendaItem, CasePaper, Initiative

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.db.models import Model


def redact_agenda(model: type[Model], ids: Sequence[int], *, columns: frozenset[str], now: datetime) -> None:
    """Redact the copies that the agenda keeps: the title of a case, and the recommendation that went out with it."""
    if model is Initiative and "title" in columns:
        items = AgendaItem.objects.filter(initiative_id__in=ids)
        redact_copies(items, {"title": REDACTED, **cleared(AgendaItem, ["recommendation"])}, now=now)
    elif model is CasePaper and "recommendation" in columns:
        of_papers = CasePaper.objects.filter(pk__in=ids).values("initiative_id")
        items = AgendaItem.objects.filter(initiative_id__in=of_papers)
        redact_copies(items, cleared(AgendaItem, ["recommendation"]), now=now)
