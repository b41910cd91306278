"""Put messages to sak/arkiv in the outbox, in the transaction of what they tell about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from archive.models import ArchiveMessage, ArchiveRules, MessageStatus
from archive.policies import may_handle, may_set_rules
from archive.workflow import message_workflow
from core.errors import StaleVersion
from core.history import record
from core.seeing import lock
from core.workflow import TransitionBlocked, TransitionDenied

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from archive.filing import Draft
    from core.actors import Actor


def enqueue(draft: Draft, *, now: datetime) -> ArchiveMessage:
    """Write the outbox row of a draft, once; a repeat of its key returns the row that stands.

    The first message of a folder makes it.  Two that come at the same time may both: the archive knows the folder by
    its key, and answers the second that it exists.
    """
    key = next_key(draft.key) if draft.is_numbered else draft.key
    row = unsaved(draft, key=key, happened_at=now, now=now)
    row.opens_folder = row.may_open_folder and not in_folder(row).exclude(key=key).exists()
    names = [field.attname for field in row._meta.concrete_fields if field.attname not in {"id", "key"}]
    found, _created = ArchiveMessage.objects.get_or_create(
        key=key, defaults={name: getattr(row, name) for name in names}
    )
    return found


def unsaved(draft: Draft, *, key: str, happened_at: datetime, now: datetime) -> ArchiveMessage:
    """Return the outbox row of a draft; ``created_at`` is when it happened, and tells it from others of its kind."""
    filing = draft.filing
    return ArchiveMessage(
        key=key, kind=draft.kind, title=draft.title[:300], municipality_id=draft.municipality_id,
        content_type=ContentType.objects.get_for_model(draft.about), object_id=draft.about.pk, payload=dict(draft.payload),
        content=filing.frozen() if filing else {}, folder_key=filing.folder.key if filing else "", status_since=now,
        created_at=happened_at, changed_at=now,
    )  # fmt: skip


def in_folder(row: ArchiveMessage) -> QuerySet[ArchiveMessage]:
    return ArchiveMessage.objects.filter(municipality_id=row.municipality_id, folder_key=row.folder_key)


def next_key(prefix: str) -> str:
    """Return ``prefix`` with the next number: what is filed anew each time it is changed."""
    return f"{prefix}{ArchiveMessage.objects.filter(key__startswith=prefix).count() + 1}"


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
    if row.status == MessageStatus.RECEIPTED:
        raise TransitionBlocked([_("Arkivet har kvittert med et saksnummer. Det kan ikke endres her.")])
    with record("register_case_number", actor=by):
        row = message_workflow.perform(
            "file_by_hand", row, by=by, now=now, vouched=True, data={"archive_reference": archive_reference}
        )
    tell_receivers(row, by=by, now=now)
    return row


def tell_receivers(row: ArchiveMessage, *, by: Actor, now: datetime) -> None:
    """Let the apps that messages come from know the case number of one."""
    for path in getattr(settings, "ARCHIVE_NUMBER_RECEIVERS", ()):
        import_string(path)(row, by=by, now=now)


def rules_of(municipality_id: int) -> ArchiveRules:
    """Return how the municipality files, the defaults where nothing is set."""
    found: ArchiveRules | None = ArchiveRules.objects.filter(municipality_id=municipality_id).first()
    return found or ArchiveRules(municipality_id=municipality_id)


@transaction.atomic
def set_rules(form: Any, *, by: Actor, now: datetime) -> ArchiveRules:
    """Save how the municipality files.

    :raises TransitionDenied: ``by`` is neither its archivist nor its administrator.
    """
    rules: ArchiveRules = form.instance
    if not may_set_rules(by, rules.municipality_id):
        raise TransitionDenied
    with record("set_archive_rules", actor=by):
        rules = form.save(commit=False)
        rules.stamp(now)
        rules.save()
    return rules
