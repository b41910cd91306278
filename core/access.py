"""Log reads of what is shielded or confidential."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType

from core.models import AccessLog

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import Model

    from core.actors import Actor


def log_read(subject: Model, *, what: str, by: Actor, now: datetime) -> None:
    """Record that ``by`` read a shielded part of ``subject``.  The system's own reads are not logged."""
    log_reads([subject], what=what, by=by, now=now)


def log_reads(subjects: Iterable[Model], *, what: str, by: Actor, now: datetime) -> None:
    """Record that ``by`` read the shielded parts of some records at once, in one statement."""
    if by.person_id is None:
        return
    AccessLog.objects.bulk_create(
        AccessLog(
            person_id=by.person_id, content_type=ContentType.objects.get_for_model(subject), object_id=subject.pk, what=what,
            at=now,
        )
        for subject in subjects
    )  # fmt: skip
