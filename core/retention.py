"""One door for forgetting.

``forget`` redacts named columns of a record in the row itself, in its history, in what was
told about it and in the mail that carried it, and leaves a tombstone.  It is the only code
that may suspend the append-only triggers.  Apps that copy what a record says (the archive's outbox)
are named in ``RETENTION_FOLLOWERS`` and redact their copies in the same transaction.  Deleting what is archive-worthy needs a
registered decision (kassasjonsvedtak); the caller gives its reference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pghistory.models
import pgtrigger
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils.module_loading import import_string

from core.history import record
from core.models import Attachment, Mail, Notice, Tombstone

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import QuerySet

    from core.actors import Actor

REDACTED = "[fjernet]"


def forget(
    subject: models.Model,
    *,
    columns: Iterable[str],
    legal_basis: str,
    by: Actor,
    now: datetime,
    decision: str = "",
) -> Tombstone:
    """Redact ``columns`` of ``subject`` everywhere they are kept, in one transaction, and return the tombstone.

    Running it again changes nothing but adds a tombstone for the new reason.

    :raises ValueError: no legal basis is given, or a column is not one that can be redacted.
    """
    names = sorted(set(columns))
    if not legal_basis.strip():
        raise ValueError("forgetting needs a legal basis")
    values = {name: _blank(subject._meta.get_field(name)) for name in names}
    with transaction.atomic(), record("forget", actor=by):
        _redact_row(subject, values, now)
        _redact_history(subject, values)
        _redact_notices(subject)
        for path in settings.RETENTION_FOLLOWERS:
            import_string(path)(subject)
        return Tombstone.objects.create(
            kind=subject._meta.label_lower, object_id=subject.pk, unit_label=str(getattr(subject, "unit", ""))[:200],
            columns=names, legal_basis=legal_basis, decision=decision, forgotten_at=now, by_id=by.person_id,
            by_label=by.label[:100],
        )  # fmt: skip


def forget_file(
    attachment: Attachment, *, legal_basis: str, by: Actor, now: datetime, decision: str = ""
) -> Tombstone:
    """Remove the bytes and the name of an attachment, and return the tombstone.

    The checksum stays, so that somebody who still has the file can be told that it was this one.
    """
    if not legal_basis.strip():
        raise ValueError("forgetting needs a legal basis")
    with transaction.atomic(), record("forget", actor=by):
        path = str(attachment.file.name)
        Attachment.objects.filter(pk=attachment.pk).update(
            name=REDACTED, title="", file="", removed_at=attachment.removed_at or now
        )
        transaction.on_commit(lambda: attachment.file.storage.delete(path))
        return Tombstone.objects.create(
            kind=attachment._meta.label_lower, object_id=attachment.pk, columns=["file", "name", "title"],
            legal_basis=legal_basis, decision=decision, forgotten_at=now, by_id=by.person_id, by_label=by.label[:100],
        )  # fmt: skip


def _blank(field: models.Field[Any, Any] | Any) -> Any:
    """Return what stands in a redacted column: nothing where nothing is allowed, else a mark."""
    if isinstance(field, models.TextField | models.CharField) and not field.choices:
        return REDACTED if field.max_length is None or field.max_length >= len(REDACTED) else ""
    if isinstance(field, models.JSONField):
        return field.get_default()
    if getattr(field, "null", False):
        return None
    raise ValueError(f"{field.name} cannot be redacted")


def _redact_row(subject: models.Model, values: dict[str, Any], now: datetime) -> None:
    columns = {**values, "changed_at": now} if hasattr(subject, "changed_at") else values
    type(subject)._base_manager.filter(pk=subject.pk).update(**columns)
    for name, value in columns.items():
        setattr(subject, name, value)


def _redact_history(subject: models.Model, values: dict[str, Any]) -> None:
    event_model = getattr(subject, "pgh_event_model", None)
    if event_model is None:
        return
    events = redact_events(event_model, [subject.pk], values)
    contexts = pghistory.models.Context.objects.filter(pk__in=events.values("pgh_context_id"))
    for context in contexts.filter(metadata__has_key="reason").exclude(metadata__reason=""):
        context.metadata["reason"] = REDACTED
        context.save(update_fields=["metadata"])


def redact_events(
    event_model: type[models.Model], ids: Iterable[int], values: dict[str, Any]
) -> QuerySet[Any]:
    """Overwrite columns in the append-only events of some rows: for this module and its followers only."""
    kept = {field.name for field in event_model._meta.get_fields()}
    events = event_model._default_manager.filter(pgh_obj_id__in=list(ids))
    with pgtrigger.ignore(f"{event_model._meta.label}:append_only"):
        events.update(**{name: value for name, value in values.items() if name in kept})
    return events


def _redact_notices(subject: models.Model) -> None:
    kind = ContentType.objects.get_for_model(subject)
    notices = Notice.objects.filter(content_type=kind, object_id=subject.pk)
    Mail.objects.filter(pk__in=notices.exclude(mail=None).values("mail_id")).update(
        subject=REDACTED, body=REDACTED
    )
    notices.update(title=REDACTED, body="")
