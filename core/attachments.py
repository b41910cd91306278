"""Files on records: type by content, checksum, metadata stripped, and never served without a check.

A model that has attachments says who reads and who writes them with ``register``; the root's
own visibility decides, so there is no second rule.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _

from core.filetypes import UnacceptableFile, sniff
from core.history import record
from core.images import without_metadata
from core.models import Attachment
from core.workflow import TransitionDenied

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from django.core.files.uploadedfile import UploadedFile
    from django.db.models import Model, QuerySet

    from core.actors import Actor

_rules: dict[type[Model], Rules] = {}


@dataclass(frozen=True, slots=True)
class Rules:
    reads: Callable[[Actor, Any, Attachment], bool]
    writes: Callable[[Actor, Any], bool]
    logs: Callable[[Any], bool]
    resource: str
    scope: str


def register(
    model: type[Model],
    *,
    reads: Callable[..., bool],
    writes: Callable[..., bool],
    resource: str,
    scope: str = "",
    logs: Callable[[Any], bool] = lambda _subject: False,
) -> None:
    """Say who reads and who writes the attachments of ``model``'s rows, beyond seeing the row.

    :param resource: what the API calls the rows.
    :param scope: what a client needs to read the rows, where that is not ``resource`` with ``:read``.
    :param logs: whether every opening of a file of that row is logged, shielded by itself or not.
    """
    _rules[model] = Rules(reads, writes, logs, resource, scope or f"{resource}:read")


def resources() -> dict[str, type[Model]]:
    """Return the models that have files, by what the API calls them."""
    return {rules.resource: model for model, rules in _rules.items()}


def scope_of(model: type[Model]) -> str:
    """Return what a client needs to read the files of a kind of record."""
    return _rules[model].scope


def scope_of_file(attachment: Attachment) -> str:
    """Return what a client needs to read a file: what it needs for its record."""
    return scope_of(cast("type[Model]", attachment.content_type.model_class()))


def logs(subject: Model) -> bool:
    """Tell whether every reading of the record's files is logged."""
    return _rules[type(subject)].logs(subject)


def is_logged(attachment: Attachment) -> bool:
    """Tell whether somebody's opening of the file goes into the access log."""
    subject = attachment.subject
    return attachment.is_shielded or (subject is not None and _rules[type(subject)].logs(subject))


def attachments_of(subject: Model, *, at: datetime | None = None) -> list[Attachment]:
    """Return the files of a record, those it had at a point in time where that is given."""
    return there(files_of(type(subject), [subject.pk]), at)


def files_of(model: type[Model], ids: Iterable[int] | QuerySet[Any]) -> QuerySet[Attachment]:
    """Return the files of some records of one kind, also those that are taken away."""
    kind = ContentType.objects.get_for_model(model)
    return Attachment.objects.filter(content_type=kind, object_id__in=ids)


def there(rows: QuerySet[Attachment], at: datetime | None = None) -> list[Attachment]:
    """Return those of ``rows`` that stand, or stood at a point in time where that is given."""
    if at is None:
        return list(rows.filter(removed_at=None).order_by("pk"))
    stood = Q(removed_at=None) | Q(removed_at__gt=at)
    return list(rows.filter(stood, uploaded_at__lte=at).exclude(file="").order_by("pk"))


def readable_attachments(subject: Model, actor: Actor) -> list[Attachment]:
    """Return the files of ``subject`` that ``actor`` may open."""
    rules = _rules[type(subject)]
    return [a for a in attachments_of(subject) if rules.reads(actor, subject, a)]


def attach(
    subject: Model, upload: UploadedFile[Any], *, by: Actor, now: datetime, is_shielded: bool = False
) -> Attachment:
    """Keep an uploaded file with ``subject``.

    :raises TransitionDenied: ``by`` may not add files there.
    :raises UnacceptableFile: the file is too large, empty, or not what its name says; the
        text names the file and the remedy.
    """
    if not _rules[type(subject)].writes(by, subject):
        raise TransitionDenied
    name = PurePath(upload.name or "fil").name[:200]
    limit = settings.ATTACHMENT_MAX_BYTES
    if (upload.size or 0) > limit:
        raise UnacceptableFile(
            _("«%(name)s» er større enn %(limit)s MB. Del den opp eller gjør den mindre.")
            % {"name": name, "limit": limit // 1024 // 1024}
        )
    found = sniff(cast("BinaryIO", upload.file), name)
    content = _clean(upload, found.mime)
    digest, size = _digest(content)
    kind = ContentType.objects.get_for_model(subject)
    row = Attachment(
        key=uuid.uuid4(), content_type=kind, object_id=subject.pk, name=name, mime=found.mime, inline=found.inline,
        size=size, sha256=digest, is_shielded=is_shielded, uploaded_by_id=by.person_id, uploaded_at=now,
    )  # fmt: skip
    with transaction.atomic(), record("attach", actor=by, reason=name):
        row.file.save(name, content, save=False)
        row.save()
        _touch(subject, now)
    return row


def remove(attachment: Attachment, *, by: Actor, now: datetime) -> None:
    """Take a file away from its record.  ``core.retention.forget_file`` removes the bytes."""
    subject = attachment.subject
    if subject is None or not _rules[type(subject)].writes(by, subject):
        raise TransitionDenied
    with transaction.atomic(), record("remove_attachment", actor=by, reason=attachment.name):
        attachment.removed_at = now
        attachment.save(update_fields=["removed_at"])
        _touch(subject, now)


def open_for(key: uuid.UUID, actor: Actor) -> Attachment:
    """Return the attachment if ``actor`` sees its record and may read the file.

    :raises Http404: there is none, or it is not the actor's to know of.
    """
    attachment = Attachment.objects.filter(key=key, removed_at=None).select_related("content_type").first()
    model = attachment.content_type.model_class() if attachment else None
    if attachment is None or model is None or model not in _rules:
        raise Http404
    subject = model._default_manager.visible_to(actor).filter(pk=attachment.object_id).first()  # type: ignore[attr-defined]
    if subject is None or not _rules[model].reads(actor, subject, attachment):
        raise Http404
    return attachment


def _touch(subject: Model, now: datetime) -> None:
    if hasattr(subject, "changed_at"):
        type(subject)._default_manager.filter(pk=subject.pk).update(changed_at=now)


def _clean(upload: UploadedFile[Any], mime: str) -> File[Any]:
    upload.seek(0)
    if not mime.startswith("image/"):
        return File(upload.file)
    stripped: bytes | BinaryIO = without_metadata(cast("BinaryIO", upload.file), mime)
    return ContentFile(stripped if isinstance(stripped, bytes) else stripped.read())


def _digest(content: File[Any]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    content.seek(0)
    while chunk := content.read(1024 * 1024):
        digest.update(chunk)
        size += len(chunk)
    content.seek(0)
    return digest.hexdigest(), size
