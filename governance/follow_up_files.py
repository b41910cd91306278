"""The files that show how a decision is followed up: added and taken away while it is open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from core import attachments
from core.seeing import lock
from core.workflow import TransitionBlocked, TransitionDenied
from governance import policies
from governance.attachments import attach_all
from governance.following_up import touch
from governance.models import FollowUp

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from django.core.files.uploadedfile import UploadedFile

    from core.actors import Actor
    from core.models import Attachment


def add_files(
    row: FollowUp, uploads: Iterable[UploadedFile[Any]], *, by: Actor, now: datetime
) -> tuple[int, list[str]]:
    """Keep each file that can be kept, and return how many, with why the others were refused.

    :raises TransitionDenied: ``by`` does not carry out the follow-up.
    :raises TransitionBlocked: it is finished.
    """
    with transaction.atomic():
        locked = _held(row, by)
        kept, refused = attach_all(locked, uploads, is_shielded=False, by=by, now=now)
        if kept:
            touch(locked, now)
    return kept, refused


def remove_file(row: FollowUp, key: UUID, *, by: Actor, now: datetime) -> Attachment:
    """Take a file away from a follow-up, and return it.

    :raises Http404: it has no such file.
    :raises TransitionDenied: ``by`` does not carry out the follow-up.
    :raises TransitionBlocked: it is finished.
    """
    with transaction.atomic():
        locked = _held(row, by)
        file = (
            attachments.files_of(FollowUp, [locked.pk])
            .filter(key=key, removed_at=None)
            .select_for_update()
            .first()
        )
        if file is None:
            raise Http404
        attachments.remove(file, by=by, now=now)
        touch(locked, now)
    return file


def _held(row: FollowUp, by: Actor) -> FollowUp:
    locked = lock(row, by)
    if not policies.may_carry_out(by, locked):
        raise TransitionDenied
    if not locked.is_unfinished:
        raise TransitionBlocked([_("Oppfølgingen er avsluttet. Gjenåpne den før du endrer vedleggene.")])
    return locked
