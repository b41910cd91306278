"""What the archive's outbox forgets when a record is forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType

from archive.models import ArchiveMessage
from core.retention import REDACTED, redact_events

if TYPE_CHECKING:
    from django.db.models import Model


def redact_messages(subject: Model) -> None:
    """Redact what the outbox says about ``subject``; what was filed is forgotten by the archive's own decision."""
    kind = ContentType.objects.get_for_model(subject)
    rows = ArchiveMessage.objects.filter(content_type=kind, object_id=subject.pk)
    values = {"title": REDACTED, "payload": {}}
    rows.update(**values)
    redact_events(ArchiveMessage.pgh_event_model, rows.values_list("pk", flat=True), values)
