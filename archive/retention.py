"""What the archive's outbox forgets when a record is forgotten."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Exists, OuterRef

from archive.models import Answer, ArchiveMessage, ExportFile, Shipment
from core.retention import REDACTED, redact_copies

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.db.models import Model, QuerySet


def redact_messages(
    model: type[Model], ids: Sequence[int], *, columns: frozenset[str], now: datetime
) -> None:
    """Redact what the outbox says about records; what was filed is forgotten by the archive's own decision."""
    del columns
    kind = ContentType.objects.get_for_model(model)
    rows = ArchiveMessage.objects.filter(content_type=kind, object_id__in=ids)
    redact_copies(rows, {"title": REDACTED, "payload": {}, "public_title": "", "problem": ""}, now=now)
    rows.update(content={})
    Answer.objects.filter(message__in=rows).update(told="")
    _forget_exports(rows)
    _forget_packages(Shipment.objects.filter(message__in=rows).exclude(file=""), now)


def _forget_exports(messages: QuerySet[ArchiveMessage]) -> None:
    """Delete the files of exports that hold packages of the messages; the others of the file are made anew by a new export."""
    held = messages.filter(
        municipality_id=OuterRef("export__municipality_id"),
        pk__gte=OuterRef("first"),
        pk__lte=OuterRef("last"),
    )
    files = ExportFile.objects.filter(Exists(held)).exclude(file="")
    for name in files.values_list("file", flat=True):
        transaction.on_commit(partial(default_storage.delete, name))
    files.update(file="")


def _forget_packages(rows: QuerySet[Shipment], now: datetime) -> None:
    """Delete the packages that are kept: when the transaction stands, since a file does not come back."""
    names = list(rows.values_list("file", flat=True))
    redact_copies(rows, {"file": ""}, now=now)
    for name in names:
        transaction.on_commit(partial(default_storage.delete, name))
