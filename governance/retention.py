"""What the agenda, hearings, cards of nyttepoker, notes of groups and what went out of a case paper forget with an initiative or a section of its paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pgtrigger
from django.db.models import Case, F, Func, JSONField, Value, When

from archive.retention import redact_messages
from core.attachments import files_of
from core.retention import REDACTED, cleared, forget_files, redact_copies
from governance.models import (
    AgendaItem,
    Assessment,
    CasePaper,
    FollowUp,
    GroupNote,
    Hearing,
    Initiative,
    Matter,
    Meeting,
    PaperComment,
    PaperSection,
    PokerCard,
)
from governance.models.locks import FINISHED, LOCKED
from governance.models.poker_rules import CARDS
from governance.standing import meetings_told_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime

    from django.db.models import Model


def past_the_lock() -> AbstractContextManager[None]:
    """Let what must be forgotten leave also the agenda of a meeting whose minutes are locked."""
    ignored: AbstractContextManager[None] = pgtrigger.ignore(f"governance.AgendaItem:{LOCKED}")
    return ignored


def past_the_cards() -> AbstractContextManager[None]:
    """Let what must be forgotten leave also the cards of a round that is over; their points stand."""
    ignored: AbstractContextManager[None] = pgtrigger.ignore(f"governance.PokerCard:{CARDS}")
    return ignored


def redact_agenda(model: type[Model], ids: Sequence[int], *, columns: frozenset[str], now: datetime) -> None:
    """Redact the copies that the agenda keeps, and what players said of a case when they explained their cards.

    Of the agenda they are the title of a case, the recommendation that went out with it, and where it stood and why.

    Summons and minutes that are kept for the archive list every case by its title, and go whole.

    Of the notes that an initiative was made of, the text goes with its title or its need.  Not the other way: to
    forget a note does not touch the initiative, which people have written on and which is forgotten by itself.
    """
    if model is Initiative and columns & {"title", "need"}:
        became = GroupNote.objects.filter(outcome__initiative_id__in=ids)
        redact_copies(became, cleared(GroupNote, ["text"]), now=now)
    if model is Initiative and "title" in columns:
        _redact_title(ids, columns=columns, now=now)
    if model is Initiative and "late_reason" in columns:
        items = AgendaItem.objects.filter(initiative_id__in=ids).exclude(late_reason="")
        with past_the_lock():
            redact_copies(items, {"late_reason": REDACTED}, now=now)
    if model is Initiative and "statutory_basis" in columns:
        _redact_ranking(ids, columns=columns, now=now)
    if model is Assessment and "note" in columns:
        assessed = Assessment.objects.filter(pk__in=ids).values_list("initiative_id", flat=True)
        _redact_ranking(list(assessed.distinct()), columns=columns, now=now)
    if model is PokerCard and "explanation" in columns:
        cases = PokerCard.objects.filter(pk__in=ids, round__case__isnull=False)
        redact_parts(list(cases.values_list("round__case__initiative_id", flat=True).distinct()), now=now)
    elif model is PaperSection and "text" in columns:
        _redact_copies_of_sections(ids, columns=columns, now=now)


def _redact_title(ids: Sequence[int], *, columns: frozenset[str], now: datetime) -> None:
    """Redact what stands about some initiatives on agendas, in their papers and in what became of them."""
    items = AgendaItem.objects.filter(initiative_id__in=ids)
    meetings = list(items.values_list("meeting_id", flat=True).distinct())
    redact_messages(Meeting, meetings, columns=columns, now=now)
    with past_the_lock():
        gone = cleared(AgendaItem, ["recommendation", "ranking"])
        redact_copies(items, {"title": REDACTED, **gone}, now=now)
    matters = Matter.objects.filter(initiative_id__in=ids)
    redact_copies(matters, {"title": REDACTED, **cleared(Matter, ["recommendation"])}, now=now)
    explained = PokerCard.objects.filter(round__case__initiative_id__in=ids).exclude(explanation="")
    with past_the_cards():
        redact_copies(explained, cleared(PokerCard, ["explanation"]), now=now)
    redact_parts(ids, now=now)
    _redact_hearings(ids, now=now)
    said = PaperComment.objects.filter(initiative_id__in=ids)
    redact_copies(said, cleared(PaperComment, ["text"]), now=now)
    _redact_follow_ups(ids, columns=columns, now=now)


def _redact_hearings(ids: Sequence[int], *, now: datetime) -> None:
    """Redact what those who were heard said of some initiatives, what they were told, and the files they sent."""
    heard = Hearing.objects.filter(initiative_id__in=ids)
    forget_files(files_of(Hearing, heard.values("pk")), now=now)
    redact_copies(heard, cleared(Hearing, ["answer", "stand_in_reason"]), now=now)


def _redact_follow_ups(ids: Sequence[int], *, columns: frozenset[str], now: datetime) -> None:
    """Redact how the decisions of some initiatives were followed up, and the papers of meetings that were told of it."""
    followed = FollowUp.objects.filter(decision__initiative_id__in=ids)
    listed = [
        row.pk for row in followed.select_for_update(of=("self",)).order_by("pk")
    ]  # no file comes meanwhile
    forget_files(files_of(FollowUp, listed), now=now)
    told = list(meetings_told_of(listed).values_list("pk", flat=True))
    redact_messages(Meeting, told, columns=columns, now=now)
    with pgtrigger.ignore(f"governance.FollowUp:{FINISHED}"):
        redact_copies(followed, cleared(FollowUp, ["evidence", "evidence_url"]), now=now)


def redact_parts(initiative_ids: Sequence[int], *, now: datetime) -> None:
    """Redact what apps said in case papers that went out: who reads them then sees what the apps say today."""
    sent = CasePaper.objects.filter(initiative_id__in=initiative_ids, published_parts__isnull=False)
    redact_copies(sent, cleared(CasePaper, ["published_parts"]), now=now)


def _redact_ranking(initiative_ids: Sequence[int], *, columns: frozenset[str], now: datetime) -> None:
    """Redact where cases stood and why, on agendas that went out and in what the archive is sent of them."""
    items = AgendaItem.objects.filter(initiative_id__in=initiative_ids, ranking__isnull=False)
    meetings = list(items.values_list("meeting_id", flat=True).distinct())
    redact_messages(Meeting, meetings, columns=columns, now=now)
    with past_the_lock():
        redact_copies(items, cleared(AgendaItem, ["ranking"]), now=now)


def _redact_copies_of_sections(ids: Sequence[int], *, columns: frozenset[str], now: datetime) -> None:
    """Redact what went out of some sections: in their papers, on the agenda, and in what the archive is sent."""
    for row in PaperSection.objects.filter(pk__in=ids).select_related("paper"):
        of_paper = CasePaper.objects.filter(pk=row.paper_id)
        redact_copies(of_paper, {"published": _without(row.key)}, now=now)
        said = PaperComment.objects.filter(initiative_id=row.paper.initiative_id, key=row.key)
        redact_copies(said, cleared(PaperComment, ["text"]), now=now)
        redact_messages(Initiative, [row.paper.initiative_id], columns=columns, now=now)
        if row.key == "recommendation":
            items = AgendaItem.objects.filter(initiative_id=row.paper.initiative_id)
            with past_the_lock():
                redact_copies(items, cleared(AgendaItem, ["recommendation"]), now=now)


def _without(key: str) -> Case:
    """Return the texts that went out with one of them redacted; a paper that never went out has none."""
    mark = Value({key: REDACTED}, JSONField())
    redacted = Func(
        F("published"), mark, template="(%(expressions)s)", arg_joiner=" || ", output_field=JSONField()
    )
    return Case(When(published__has_key=key, then=redacted), default=F("published"))
