"""What comes back from the archive to the initiatives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance import operations
from governance.models import Initiative

if TYPE_CHECKING:
    from datetime import datetime

    from archive.models import ArchiveMessage
    from core.actors import Actor


def receive_case_number(message: ArchiveMessage, *, by: Actor, now: datetime) -> None:
    """Let the case number of a submission stand on its initiative (``ARCHIVE_NUMBER_RECEIVERS``)."""
    if message.kind != "submission" or not isinstance(message.subject, Initiative):
        return
    if message.subject.archive_reference != message.archive_reference:
        operations.set_archive_reference(
            message.subject, archive_reference=message.archive_reference, by=by, now=now
        )
