"""Photos of a report: each is kept or refused by itself, and none says who took it when nobody shall know."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from django.db import transaction
from django.utils.translation import gettext as _

from core import attachments
from core.filetypes import UnacceptableFile, shown_name, sniff
from deviations.models import Anonymity, Deviation
from deviations.operations.reporting import ANONYMOUS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.core.files.uploadedfile import UploadedFile

    from core.actors import Actor

LARGEST = 25 * 1024 * 1024
MOST = 10


def keep_once(
    deviation: Deviation, uploads: Sequence[UploadedFile[Any]], *, by: Actor, now: datetime
) -> list[str]:
    """Keep the photos of a report unless it has them, and return why some were refused.

    A report that is sent again brings its photos again: all are kept together, so either
    they are there or none is.
    """
    if not uploads:
        return []
    with transaction.atomic():
        Deviation.objects.select_for_update().get(pk=deviation.pk)
        if attachments.attachments_of(deviation):
            return []
        return keep(deviation, uploads, by=by, now=now)


def keep(
    deviation: Deviation, uploads: Sequence[UploadedFile[Any]], *, by: Actor, now: datetime
) -> list[str]:
    """Add photos to a report, and return why some were refused; the others are kept.

    Of a reporter whose name is not shown the name of the file is not kept either.
    """
    named = deviation.anonymity == Anonymity.OPEN
    refused: list[str] = []
    for number, upload in enumerate(uploads[:MOST], 1):
        try:
            upload.name = _checked(upload, "" if named else _("bilde-%(number)d") % {"number": number})
            _attach(deviation, upload, by=by if named else ANONYMOUS, now=now)
        except UnacceptableFile as unacceptable:
            refused.append(unacceptable.reason)
    if len(uploads) > MOST:
        refused.append(_("Du kan legge ved høyst %(most)d bilder om gangen.") % {"most": MOST})
    return list(dict.fromkeys(refused))


def _attach(deviation: Deviation, upload: UploadedFile[Any], *, by: Actor, now: datetime) -> None:
    """Keep a photo, unless the report has the very same one: a page that is sent again brings it again."""
    with transaction.atomic():
        kept = attachments.attach(deviation, upload, by=by, now=now)
        if any(
            file.sha256 == kept.sha256 and file.pk != kept.pk
            for file in attachments.attachments_of(deviation)
        ):
            kept.file.delete(save=False)
            kept.delete()


def _checked(upload: UploadedFile[Any], name: str) -> str:
    """Return what to call the photo, with the ending its content has.

    :raises UnacceptableFile: it is too large, or no photo.
    """
    given = PurePath(upload.name or "").name or _("bilde")
    words = {"name": shown_name(given), "limit": LARGEST // 1024 // 1024}
    if (upload.size or 0) > LARGEST:
        raise UnacceptableFile(
            _("«%(name)s» er større enn %(limit)s MB. Ta et nytt bilde, eller gjør det mindre.") % words
        )
    found = sniff(cast("BinaryIO", upload.file), _with_ending(given, upload))
    if found.mime not in _PHOTOS:
        raise UnacceptableFile(
            _("«%(name)s» er ikke et bilde. Legg ved et bilde (JPEG, PNG eller WebP).") % words
        )
    return f"{name or PurePath(given).stem}{found.extension}"


_PHOTOS = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})
_ENDINGS = ((b"\xff\xd8\xff", ".jpg"), (b"\x89PNG", ".png"), (b"RIFF", ".webp"), (b"GIF8", ".gif"))


def _with_ending(name: str, upload: UploadedFile[Any]) -> str:
    """Return the name as the content would have it: cameras and message apps often name photos wrongly."""
    upload.seek(0)
    head = upload.read(8)
    upload.seek(0)
    ending = next((ending for start, ending in _ENDINGS if head.startswith(start)), None)
    return f"{PurePath(name).stem}{ending}" if ending else name
