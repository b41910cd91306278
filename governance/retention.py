"""What the agenda forgets when an initiative, or its case paper, is forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pgtrigger

from archive.retention import redact_messages
from core.retention import REDACTED, cleared, redact_copies
from governance.models import AgendaItem, CasePaper, Initiative, Matter, Meeting
from governance.models.locks import LOCKED

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime

    from django.db.models import Model


def past_the_lock() -> AbstractContextManager[None]:
    """Let what must be forgotten leave also the agenda of a meeting whose minutes are locked."""
    ignored: AbstractContextManager[None] = pgtrigger.ignore(f"governance.AgendaItem:{LOCKED}")
    return ignored


def redact_agenda(model: type[Model], ids: Sequence[int], *, columns: frozenset[str], now: datetime) -> None:
    """Redact the copies that the agenda keeps: the title of a case, and the recommendation that went out with it.

    Summons and minutes that are kept for the archive list every case by its title, and go whole.
    """
    if model is Initiative and "title" in columns:
        items = AgendaItem.objects.filter(initiative_id__in=ids)
        meetings = list(items.values_list("meeting_id", flat=True).distinct())
        redact_messages(Meeting, meetings, columns=columns, now=now)
        with past_the_lock():
            redact_copies(items, {"title": REDACTED, **cleared(AgendaItem, ["recommendation"])}, now=now)
        matters = Matter.objects.filter(initiative_id__in=ids)
        redact_copies(matters, {"title": REDACTED, **cleared(Matter, ["recommendation"])}, now=now)
    elif model is CasePaper and "recommendation" in columns:
        of_papers = CasePaper.objects.filter(pk__in=ids).values("initiative_id")
        items = AgendaItem.objects.filter(initiative_id__in=of_papers)
        with past_the_lock():
            redact_copies(items, cleared(AgendaItem, ["recommendation"]), now=now)
