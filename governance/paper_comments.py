"""Comments on the sections of a case paper: write, change, settle and open again, until the papers go out."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import OuterRef
from django.http import Http404
from django.utils.translation import gettext as _

from core import notices
from core.workflow import TransitionBlocked, TransitionDenied
from governance import policies, telling
from governance.models import CasePaper, Initiative, PaperComment, PaperSection
from governance.operations import touching
from governance.paper_writing import standing
from organization.actors import as_person

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from core.actors import Actor
    from governance.paper_sections import SectionKind


def open_by_section(initiative: Initiative) -> Counter[str]:
    """Return how many comments are not settled, by the key of their section."""
    rows = initiative.paper_comments.filter(settled_at=None).order_by()
    return Counter(rows.values_list("key", flat=True))


def open_keys() -> ArraySubquery:
    """Return the keys of the sections that the comments not settled are of, for a statement that reads an initiative."""
    rows = PaperComment.objects.filter(initiative=OuterRef("pk"), settled_at=None)
    return ArraySubquery(rows.order_by().values("key"))


def keys_of(initiative: Initiative) -> set[str]:
    """Return the sections that have comments, also where nobody asks for them any more."""
    return set(initiative.paper_comments.order_by().values_list("key", flat=True))


def version_read(paper: CasePaper, kind: SectionKind, shown: CasePaper) -> int:
    """Return the version of a section that ``shown`` has: what stands, or what went out."""
    row = standing(paper, kind)
    if row.pk is None or not shown.is_as_sent:
        return row.version
    events = PaperSection.pgh_event_model.objects.filter(
        pgh_obj_id=row.pk, changed_at__lte=shown.published_at
    )
    return events.order_by("-pgh_id").values_list("version", flat=True).first() or 0


def write_comment(
    initiative: Initiative, kind: SectionKind, *, text: str, version: int, by: Actor, now: datetime
) -> PaperComment:
    """Comment on a section, and tell those it concerns; the same words again at once are the same comment.

    :param version: the version of the section that ``by`` read.
    :raises TransitionDenied: ``by`` neither prepares the case nor reads its paper before it goes out.
    :raises TransitionBlocked: the papers are out.
    """
    with _open_to_words(initiative, by):
        writer = cast("int", by.person_id)
        rows = PaperComment.objects.of_section(initiative.pk, kind.key)
        latest = rows.last()
        if latest is not None and (latest.written_by_id, latest.text, latest.settled_at) == (
            writer,
            text,
            None,
        ):
            return latest  # a form that was sent twice
        with touching(initiative, "comment_paper", by=by, now=now):
            known = standing(_paper_of(initiative), kind)
            comment = PaperComment.objects.create(
                initiative=initiative, key=kind.key, version=min(version, known.version), text=text,
                written_by_id=writer, written_at=now, changed_at=now,
            )  # fmt: skip
        people = {
            initiative.case_handler,
            *(row.written_by for row in rows),
            known.written_by if known.version else None,
        }
        told = [person for person in people if person is not None and person.pk != writer]
        drafts = telling.paper_is_commented(
            comment, initiative, sorted(told, key=lambda one: one.pk), kind.label
        )
        notices.post(drafts, about=initiative, now=now)
        return comment


def change_comment(comment: PaperComment, *, text: str, by: Actor, now: datetime) -> PaperComment:
    """Write one's own comment anew; what it said before stays in the history.

    :raises Http404: it is somebody else's.
    :raises TransitionDenied: as for ``write_comment``; TransitionBlocked: the papers are out, or it is settled.
    """
    with _locked(comment, by) as row:
        if row.written_by_id != as_person(by).person_id:
            raise Http404
        if row.is_settled:
            raise TransitionBlocked([_("Kommentaren er løst. Åpne den igjen før du endrer den.")])
        if row.text != text:
            with touching(row.initiative, "change_comment", by=by, now=now):
                row.text = text
                _save(row, "text", now=now)
        return row


def settle_comment(comment: PaperComment, *, by: Actor, now: datetime) -> PaperComment:
    """Say that a comment is dealt with; one that is, stays so.

    :raises TransitionDenied: as for ``write_comment``; TransitionBlocked: the papers are out.
    """
    with _locked(comment, by) as row:
        if not row.is_settled:
            with touching(row.initiative, "settle_comment", by=by, now=now):
                row.settled_at, row.settled_by = now, as_person(by).person
                _save(row, "settled_at", "settled_by", now=now)
        return row


def reopen_comment(comment: PaperComment, *, by: Actor, now: datetime) -> PaperComment:
    """Open a comment that was settled.

    :raises TransitionDenied: as for ``write_comment``; TransitionBlocked: the papers are out.
    """
    with _locked(comment, by) as row:
        if row.is_settled:
            with touching(row.initiative, "reopen_comment", by=by, now=now):
                row.settled_at = row.settled_by = None
                _save(row, "settled_at", "settled_by", now=now)
        return row


@contextmanager
def _open_to_words(initiative: Initiative, by: Actor) -> Iterator[None]:
    from governance.guards import case_paper_is_open

    if not policies.may_comment_paper(by, initiative):
        raise TransitionDenied
    with transaction.atomic():
        locked = Initiative.objects.select_for_update(of=("self",)).get(pk=initiative.pk)
        if reason := case_paper_is_open(locked):
            raise TransitionBlocked([reason])
        yield


@contextmanager
def _locked(comment: PaperComment, by: Actor) -> Iterator[PaperComment]:
    with _open_to_words(comment.initiative, by):
        row = PaperComment.objects.select_for_update(of=("self",)).get(pk=comment.pk)
        row.initiative = comment.initiative
        yield row


def _paper_of(initiative: Initiative) -> CasePaper:
    return CasePaper.objects.filter(initiative_id=initiative.pk).first() or CasePaper(initiative=initiative)


def _save(row: PaperComment, *columns: str, now: datetime) -> None:
    row.stamp(now)
    row.save(update_fields=[*columns, "changed_at"])
