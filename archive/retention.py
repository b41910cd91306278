"""What the archive's outbox forgets when a record is forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType

from archive.models import ArchiveMessage
from core.retention import REDACTED, redact_copies

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.db.models import Model


def redact_messages(
    model: type[Model], ids: Sequence[int], *, columns: frozenset[str], now: datetime
) -> None:
    """Redact what the outbox says about records; what was filed is forgotten by the archive's own decision."""
    del columns
    kind = ContentType.objects.get_for_model(model)
    rows = ArchiveMessage.objects.filter(content_type=kind, object_id__in=ids)
    redact_copies(rows, {"title": REDACTED, "payload": {}}, now=now)
