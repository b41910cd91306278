"""Files that go with an answer: given with it, read by whoever reads the answer, and filed with it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.http import Http404
from django.utils.text import capfirst

from core import attachments
from core.presentation import file_lines
from governance.attachments import attach_all
from governance.filing import file_hearing
from governance.guards import answer_is_own
from governance.hearings.duties import names_of
from governance.hearings.operations import answer_hearing, lock_open
from governance.models import Hearing
from governance.operations import refuse_when, touching

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable
    from datetime import datetime

    from django.core.files.uploadedfile import UploadedFile

    from core.actors import Actor
    from core.models import Attachment
    from core.presentation import FileLine
    from governance.models import Initiative

MOST_FILES = 10


def answer_with_files(
    hearing: Hearing, uploads: Iterable[UploadedFile[Any]], *, by: Actor, now: datetime, **answer: Any
) -> tuple[Hearing, list[str]]:
    """Record an answer with its files, and return it with why some files were refused; the others are kept.

    :param answer: as for ``answer_hearing``, which also says what is raised.
    """
    with transaction.atomic():
        locked = lock_open(hearing)  # the case first, as everybody locks
        refuse_when(answer_is_own(locked, by))
        _kept, refused = attach_all(locked, uploads, is_shielded=False, by=by, now=now, most=MOST_FILES)
        return answer_hearing(hearing, **answer, by=by, now=now), refused


def remove_file(hearing: Hearing, key: uuid.UUID, *, by: Actor, now: datetime) -> Attachment:
    """Take a file away from one's own answer, which is filed anew without it.

    :raises Http404: the answer has no such file.
    :raises TransitionDenied: the answer is not for ``by`` to give.
    :raises TransitionBlocked: the hearing is over, or the answer is somebody else's.
    """
    who = capfirst(names_of(hearing.initiative, [hearing]))
    with transaction.atomic():
        locked = lock_open(hearing)
        refuse_when(answer_is_own(locked, by))
        found = next((one for one in attachments.attachments_of(locked) if one.key == key), None)
        if found is None:
            raise Http404
        attachments.remove(found, by=by, now=now)
        with touching(locked.initiative, "remove_answer_file", by=by, now=now, reason=who):
            locked.answered_at = now
            locked.stamp(now)
            locked.save(update_fields=["answered_at", "changed_at"])
            file_hearing(locked, now=now)
    return found


def load_files(hearings: Iterable[Hearing], *, at: datetime | None = None) -> None:
    """Load the files of all the answers at once, those of a point in time where that is given."""
    rows = list(hearings)
    found: dict[int, list[Attachment]] = defaultdict(list)
    answered = [hearing.pk for hearing in rows if hearing.is_answered]
    if answered:
        for file in attachments.there(attachments.files_of(Hearing, answered), at):
            found[file.object_id].append(file)
    for hearing in rows:
        hearing.files = found[hearing.pk]
        hearing.file_lines = file_lines(hearing.files)


def lines_of_answers(initiative: Initiative) -> list[FileLine]:
    """Return the files of all answers to a case as lines that say whose answer it is; the hearings have theirs loaded."""
    return [
        replace(line, note=f"{line.note}, {names_of(initiative, [hearing])}")
        for hearing in initiative.hearings.all()
        for line in hearing.file_lines
    ]
