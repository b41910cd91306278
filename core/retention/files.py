"""The bytes of attachments: removed with a tombstone, and swept when no record knows them."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.core.files.storage import default_storage
from django.db import transaction

from core.history import record
from core.models import Attachment
from core.retention.order import REDACTED, Order, leave_tombstones

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from django.core.files.storage import Storage
    from django.db.models import QuerySet

    from core.actors import Actor
    from core.models import Tombstone

FOLDER = "attachments"
_GRACE = timedelta(days=1)
"""How old a file is before it counts as left behind: one that is being attached has no row yet."""


def forget_file(
    attachment: Attachment, *, legal_basis: str, by: Actor, now: datetime, decision: str = ""
) -> Tombstone:
    """Remove the bytes and the name of an attachment, and return the tombstone.

    The checksum stays, so that somebody who still has the file can be told that it was this one.
    """
    order = Order(legal_basis=legal_basis, by=by, now=now, decision=decision)
    with transaction.atomic(), record("forget", actor=by):
        forget_files(Attachment.objects.filter(pk=attachment.pk), now=now)
        (stone,) = leave_tombstones([attachment], ["file", "name", "title"], order)
    return stone


def forget_files(rows: QuerySet[Attachment], *, now: datetime) -> int:
    """Remove the bytes and names of some attachments, and return how many; the bytes go when the transaction is through."""
    found = list(rows.select_for_update().exclude(file=""))
    blank = {"name": REDACTED, "title": "", "file": "", "uploaded_by": None}
    same = Attachment.objects.filter(pk__in=[row.pk for row in found])
    same.filter(removed_at=None).update(removed_at=now)
    same.update(**blank)
    remove_bytes(row.file.name for row in found)
    return len(found)


def remove_bytes(names: Iterable[str | None]) -> None:
    """Delete files when the transaction is through.  One that a dying process leaves behind is swept."""
    for name in [name for name in names if name]:
        transaction.on_commit(partial(default_storage.delete, name))


def sweep_files(now: datetime, *, storage: Storage = default_storage) -> int:
    """Delete files that no attachment knows, as a process that died leaves them, and return how many."""
    swept = 0
    for folder in _leaves(storage, FOLDER):
        names = [f"{folder}/{name}" for name in storage.listdir(folder)[1]]
        known = (
            set(Attachment.objects.filter(file__in=names).values_list("file", flat=True)) if names else set()
        )
        for name in names:
            if name not in known and storage.get_modified_time(name) < now - _GRACE:
                storage.delete(name)
                swept += 1
    return swept


def _leaves(storage: Storage, folder: str) -> Iterator[str]:
    """Return the folder and those below it, the deepest first, so that no list of all files is held."""
    if not storage.exists(folder):
        return
    for name in storage.listdir(folder)[0]:
        yield from _leaves(storage, f"{folder}/{name}")
    yield folder
