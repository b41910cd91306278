"""Who opens and who changes the files of an initiative, of what was answered about it and of a follow-up: their layers decide (domain/visibility)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from core import attachments
from core.filetypes import UnacceptableFile
from core.seeing import sees
from governance import guards, policies
from governance.models import FollowUp, Hearing, Initiative
from governance.queries import shielded_condition

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.core.files.uploadedfile import UploadedFile
    from django.db.models import Model

    from core.actors import Actor
    from core.models import Attachment
    from governance.queries import InitiativeQuerySet


MOST_FILES = 30


def may_read(actor: Actor, initiative: Initiative, attachment: Attachment) -> bool:
    """The papers' readers open the files; what is shielded, only those who read shielded parts."""
    papers = Initiative.objects.readable_by(actor)
    if not _known(actor, initiative, "papers", papers):
        return False
    if actor.is_system or not (attachment.is_shielded or initiative.is_shielded):
        return True
    return _known(actor, initiative, "shielded", papers.filter(shielded_condition(actor)))  # type: ignore[arg-type]


def may_write(actor: Actor, initiative: Initiative) -> bool:
    """The authors while the form is theirs, the secretariat as long as it prepares the case."""
    if initiative.is_editable_by_submitter and policies.may_edit(actor, initiative):
        return True
    return not initiative.is_draft and not initiative.is_final and policies.may_prepare(actor, initiative)


def may_read_answer(actor: Actor, hearing: Hearing, attachment: Attachment) -> bool:
    """Whoever reads the answer: it is of the papers of its case, and shielded with it."""
    del attachment
    return reads_in_full(actor, hearing.initiative)


def may_write_answer(actor: Actor, hearing: Hearing) -> bool:
    """Who answers, as long as the answer can be changed."""
    closed = guards.hearing_is_open(hearing.initiative) or guards.answer_is_own(hearing, actor)
    return not closed and policies.may_answer_hearing(actor, hearing)


def attach_all(
    subject: Model, uploads: Iterable[UploadedFile[Any]], *, is_shielded: bool, by: Actor, now: datetime,
    most: int | None = None,
) -> tuple[int, list[str]]:  # fmt: skip
    """Keep each file that can be kept, and return how many, with why the others were refused.

    :raises TransitionDenied: ``by`` may not add files there.
    """
    refused: list[str] = []
    most = MOST_FILES if most is None else most
    held = len(attachments.attachments_of(subject))
    kept = 0
    for upload in uploads:
        if held + kept >= most:
            words = _("«%(name)s»: Det er plass til %(most)s filer. Fjern en først.")
            refused.append(words % {"name": upload.name, "most": most})
            continue
        try:
            attachments.attach(subject, upload, by=by, now=now, is_shielded=is_shielded)
            kept += 1
        except UnacceptableFile as problem:
            refused.append(problem.reason)
    return kept, refused


def reads_in_full(actor: Actor, initiative: Initiative) -> bool:
    """Tell whether the actor reads the papers of a case with what is shielded in them, asked once per page."""
    return _known(actor, initiative, "in full", Initiative.objects.read_in_full_by(actor))


def _known(actor: Actor, initiative: Initiative, layer: str, rows: InitiativeQuerySet) -> bool:
    """Tell whether ``rows`` hold the initiative, asked once per page however many files it has."""
    answers: dict[tuple[int | None, str], bool] = initiative.__dict__.setdefault("_attachment_layers", {})
    key = (actor.person_id, layer)
    if key not in answers:
        answers[key] = rows.filter(pk=initiative.pk).exists()
    return answers[key]


attachments.register(
    Initiative,
    reads=may_read,
    writes=may_write,
    resource="initiatives",
    logs=lambda initiative: initiative.is_shielded,
)
attachments.register(
    Hearing,
    reads=may_read_answer,
    writes=may_write_answer,
    resource="hearings",
    scope="initiatives:read",
    logs=lambda hearing: hearing.initiative.is_shielded,
)


# --- Follow-ups ----------------------------------------------------------------------------------
def may_read_evidence(actor: Actor, row: FollowUp, _file: Attachment) -> bool:
    """Whoever knows of the follow-up."""
    return sees(actor, row)


def may_add_evidence(actor: Actor, row: FollowUp) -> bool:
    """Who carries it out, until it is finished."""
    return row.is_unfinished and policies.may_carry_out(actor, row)


def _is_of_shielded_case(row: FollowUp) -> bool:
    initiative = row.decision.initiative
    return initiative is not None and initiative.is_shielded


attachments.register(
    FollowUp,
    reads=may_read_evidence,
    writes=may_add_evidence,
    resource="decisions",
    logs=_is_of_shielded_case,
)
