"""Take records away altogether: the rows, what hangs on them, their history and their files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pghistory.models
import pgtrigger
from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models, router, transaction
from django.db.models.deletion import Collector
from django.utils.module_loading import import_string

from core.history import record
from core.models import Attachment, Notice, ReminderEntry, Tombstone
from core.retention.files import remove_bytes
from core.retention.messages import redact_messages
from core.retention.order import Order, leave_tombstones

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_Gone = dict[type[models.Model], list[int]]


class _EveryRow(Collector):
    """A collector that knows every row it will delete, since each may have a history to go with it.

    It deletes a model's rows in one statement, where Django's own takes a hundred at a time.
    """

    def can_fast_delete(self, objs: Any, from_field: Any = None) -> bool:
        del objs, from_field
        return False

    def delete(self) -> tuple[int, dict[str, int]]:
        self.sort()
        for (field, value), groups in self.field_updates.items():
            cleared = {row.pk for rows in cast("list[Iterable[models.Model]]", groups) for row in rows}
            field.model._base_manager.using(self.using).filter(pk__in=cleared).update(**{field.name: value})
        counts = {}
        for model, rows in self.data.items():
            ids = [row.pk for row in rows]
            counts[model._meta.label] = (
                model._base_manager.using(self.using).filter(pk__in=ids)._raw_delete(self.using)
            )
        return sum(counts.values()), counts


def erase(subjects: Sequence[models.Model], order: Order) -> list[Tombstone]:
    """Delete records of one kind with what hangs on them, their history and their files, in one transaction.

    What is left is a tombstone of each.  The caller holds a lock on them.

    :raises ProtectedError: something else still stands on one of them.
    """
    if not subjects:
        return []
    with transaction.atomic(), record("forget", actor=order.by):
        collector = _EveryRow(using=router.db_for_write(type(subjects[0])), origin=subjects[0])
        collector.collect(list(subjects))
        gone: _Gone = {model: [row.pk for row in rows] for model, rows in collector.data.items()}
        stones = leave_tombstones(subjects, [], order)
        for model, ids in gone.items():
            _erase_messages(model, ids, order)
        collector.delete()
        _erase_history(gone)
    return stones


def _erase_messages(model: type[models.Model], ids: Sequence[int], order: Order) -> None:
    if model._meta.auto_created:
        return
    about = {"content_type": ContentType.objects.get_for_model(model), "object_id__in": ids}
    redact_messages(model, ids)
    Notice.objects.filter(**about).delete()
    ReminderEntry.objects.filter(**about).delete()
    files = Attachment.objects.filter(**about)
    remove_bytes(list(files.values_list("file", flat=True)))
    files.delete()
    columns = frozenset(column.name for column in model._meta.concrete_fields)
    for path in settings.RETENTION_FOLLOWERS:
        import_string(path)(model, ids, columns=columns, now=order.now)


def _erase_history(gone: _Gone) -> None:
    contexts: set[Any] = set()
    for model, ids in gone.items():
        event_model = getattr(model, "pgh_event_model", None)
        if event_model is None:
            continue
        gone_events = event_model._default_manager.filter(pgh_obj_id__in=ids)
        contexts |= set(gone_events.exclude(pgh_context=None).values_list("pgh_context_id", flat=True))
        with pgtrigger.ignore(f"{event_model._meta.label}:append_only"):
            gone_events.delete()
    for model in apps.get_models():
        if contexts and issubclass(model, pghistory.models.Event):
            events: Any = model._default_manager
            kept = events.filter(pgh_context_id__in=contexts)
            contexts -= set(kept.values_list("pgh_context_id", flat=True))
    pghistory.models.Context.objects.filter(pk__in=contexts).delete()
