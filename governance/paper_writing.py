"""Writes to a case paper: one section at a time, so that people in different sections never meet.

Every save is a version.  What one person types within a sitting is one version in the list (``text_versions``); what
two people wrote of the same section is kept of both, whichever of them they choose.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, cast

from django.db import transaction
from django.http import Http404

from core.workflow import TransitionBlocked, TransitionDenied
from governance import policies
from governance.models import CasePaper, Initiative, PaperSection
from governance.operations import touching
from governance.text_versions import version_of
from governance.writing import Typed, put, put_back, put_before, refuse_stale, store_next

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from core.actors import Actor
    from governance.paper_sections import SectionKind


def standing(paper: CasePaper, kind: SectionKind) -> PaperSection:
    """Return the section as it stands; version 0, unsaved, where nothing is written."""
    rows = PaperSection.objects.select_related("written_by").filter(paper_id=paper.pk, key=kind.key)
    return rows.first() or PaperSection(paper=paper, key=kind.key, version=0)


def save_section(
    initiative: Initiative, kind: SectionKind, typed: Typed, *, by: Actor, now: datetime
) -> PaperSection:
    """Save what was typed as the next version of the section; the same text again is no version.

    :raises TransitionDenied: ``by`` does not prepare this initiative.
    :raises TransitionBlocked: it is past the time for writing.
    :raises StaleText: somebody else saved the section since ``typed.version``.
    """
    with _writing(initiative, by=by) as paper:
        row = standing(paper, kind)
        # What the intake already says stands in the form of a section nobody has saved: taking it out is a version.
        if typed.text == row.text and (row.version or not kind.begins(initiative)):
            return row
        refuse_stale(str(kind.label), typed, row)
        with touching(initiative, "write_case_paper", by=by, now=now):
            return put(row, typed, partial(_store, by=by, now=now))


def keep_standing(
    initiative: Initiative, kind: SectionKind, typed: Typed, *, by: Actor, now: datetime
) -> PaperSection:
    """Let the text that stands go on standing, and keep what was typed as a version before it.

    :raises TransitionDenied: ``by`` does not prepare this initiative.
    :raises TransitionBlocked: it is past the time for writing.
    :raises StaleText: the section was saved once more since the two texts were shown.
    """
    with _writing(initiative, by=by) as paper:
        row = standing(paper, kind)
        refuse_stale(str(kind.label), typed, row)
        if typed.text == row.text or not row.version:
            return row
        with touching(initiative, "write_case_paper", by=by, now=now):
            return put_before(row, typed, partial(_store, by=by, now=now))


def take_back(
    initiative: Initiative, kind: SectionKind, number: int, *, version: int, by: Actor, now: datetime
) -> PaperSection:
    """Let the text of an earlier version stand again, as a new version.

    :raises Http404: there is no such version.
    :raises TransitionDenied: ``by`` does not prepare this initiative.
    :raises TransitionBlocked: it is past the time for writing.
    :raises StaleText: somebody else saved the section since ``version``.
    """
    with _writing(initiative, by=by) as paper:
        row = standing(paper, kind)
        earlier = version_of(row, number)
        if earlier is None:
            raise Http404
        refuse_stale(str(kind.label), Typed(text=earlier.text, version=version), row)
        if earlier.text == row.text:
            return row
        with touching(initiative, "take_back_section", by=by, now=now):
            return put_back(row, earlier, partial(_store, by=by, now=now))


@contextmanager
def _writing(initiative: Initiative, *, by: Actor) -> Iterator[CasePaper]:
    """Yield the case paper while its initiative is locked, so that two first saves meet here and not in a constraint."""
    from governance.guards import case_paper_is_open

    if not policies.may_prepare(by, initiative):
        raise TransitionDenied
    with transaction.atomic():
        locked = Initiative.objects.select_for_update(of=("self",)).get(pk=initiative.pk)
        if reason := case_paper_is_open(locked):
            raise TransitionBlocked([reason])
        paper = CasePaper.objects.filter(initiative_id=initiative.pk).first()
        yield paper or CasePaper(initiative=initiative)


def _store(row: PaperSection, *, by: Actor, now: datetime) -> PaperSection:
    """Store the row as the next version, its paper with it."""
    paper = row.paper
    paper.written_by_id = cast("int", by.person_id)
    paper.stamp(now)
    paper.save()
    row.paper = paper
    return store_next(row, by=by, now=now)
