"""Put messages to sak/arkiv in the outbox, in the transaction of what they tell about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from archive.models import ArchiveMessage, MessageStatus
from archive.policies import may_handle
from core.errors import StaleVersion
from core.history import record
from core.seeing import lock
from core.workflow import TransitionDenied

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import Model

    from core.actors import Actor


def enqueue(  # noqa: PLR0913 - the fields of one row, keyword-only
    *,
    kind: str,
    key: str,
    title: str,
    about: Model,
    municipality_id: int,
    now: datetime,
    payload: dict[str, Any],
) -> ArchiveMessage:
    """Write the outbox row called ``key``, once; a repeat returns the row that stands."""
    row, _created = ArchiveMessage.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "title": title[:300],
            "municipality_id": municipality_id,
            "content_type": ContentType.objects.get_for_model(about),
            "object_id": about.pk,
            "payload": payload,
            "status_since": now,
            "created_at": now,
            "changed_at": now,
        },
    )
    return row


@transaction.atomic
def register_case_number(
    message: ArchiveMessage, *, archive_reference: str, by: Actor, now: datetime, expected: str | None = None
) -> ArchiveMessage:
    """Record the case number that an archivist filed the message under by hand.

    The apps that the message came from are told in the same transaction: the setting
    ``ARCHIVE_NUMBER_RECEIVERS`` lists functions (dotted paths) that take the message, ``by``
    and ``now``.  ``expected`` is the number that stood there when the form was opened.

    :raises Http404: ``by`` cannot see the message.
    :raises TransitionDenied: ``by`` is not the municipality's archivist.
    :raises StaleVersion: another number was recorded in the meantime.
    """
    row = lock(message, by)
    if not may_handle(by, row):
        raise TransitionDenied
    if expected is not None and row.archive_reference != expected:
        label = str(_("Saksnummer i arkivet"))
        raise StaleVersion(mine={label: archive_reference}, theirs={label: row.archive_reference})
    row.archive_reference = archive_reference
    row.status, row.status_since = MessageStatus.MANUAL, now
    row.handled_by_id = by.person_id
    row.stamp(now)
    with record("register_case_number", actor=by):
        row.save()
    for path in getattr(settings, "ARCHIVE_NUMBER_RECEIVERS", ()):
        import_string(path)(row, by=by, now=now)
    return row
