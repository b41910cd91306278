"""What goes to the archive of a consultation: what was heard, said and answered, when the answers are sent.

What was heard and said is kept by the database from when it closed, and the answers from when they are sent
(``organization.models.consultation_locks``): a message that an export makes later reads the same rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.filing import (
    INTERNAL,
    INTERNAL_SENDER,
    JOURNAL_ENTRY,
    Document,
    Draft,
    Entry,
    Filing,
    Folder,
    Party,
    creator_of,
    sheet,
)
from archive.history.sources import Source, key_of
from archive.models import ArchiveMessage
from archive.operations import enqueue, unsaved
from archive.retention import redact_messages
from core.actors import System
from core.asof import as_it_was
from core.formats import long_date
from governance.filing.parties import secretariat
from organization.consultation_summary import summary_of
from organization.models import Consultation, ConsultationComment, ConsultationStatus, Strategy

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.db.models import Model, QuerySet

    from archive.history.sources import Memo
    from organization.consultation_summary import PointLine, Said, Summary

READER = System("archive")


def file_answers(consultation: Consultation, *, now: datetime) -> None:
    """File what came of a consultation, in the transaction in which its answers are sent (``CONSULTATION_FOLLOWERS``)."""
    enqueue(draft_answers(consultation, consultation.strategy, now=now), now=now)


def draft_answers(consultation: Consultation, strategy: Strategy, *, now: datetime) -> Draft:
    """Return the summary of a consultation as a paper in the folder of its strategy."""
    home, what = consultation.municipality, _("Innspill til strategi, med svar")
    summary = summary_of(consultation, READER)
    title = f"{what}: {strategy}"
    paper = sheet(
        organization=home.name, kind=what, title=title, introduction=consultation.text, facts=_facts(consultation, summary),
        sections=[(str(line.point), _said(line)) for line in summary.lines],
    )  # fmt: skip
    folder = Folder(
        key=f"strategy/{strategy.pk}", title=_("Høring av strategi: %(strategy)s") % {"strategy": strategy},
        day=consultation.opens_on, subject="initiative", unit=home.name,
    )  # fmt: skip
    entry = Entry(
        kind=JOURNAL_ENTRY, title=title, day=timezone.localdate(now), journal_type=INTERNAL,
        parties=(Party(kind=INTERNAL_SENDER, name=_("De som ble hørt")), secretariat()),
        documents=(Document(title=title, kind="UTTALELSE", variants=(paper,)),),
    )  # fmt: skip
    return Draft(
        kind="consultation", key=f"consultation/{consultation.pk}/answers", title=title, about=consultation,
        municipality_id=home.pk, payload={"strategy": str(strategy)},
        filing=Filing(**creator_of(home), folder=folder, entry=entry, at=now),
    )  # fmt: skip


def _facts(consultation: Consultation, summary: Summary) -> list[tuple[str, str]]:
    days = {"first": long_date(consultation.opens_on), "last": long_date(consultation.closes_on)}
    counts = {"count": summary.count, "people": summary.authors}
    return [
        (_("På høring"), _("%(first)s til %(last)s") % days),
        (_("Ble hørt"), ", ".join(str(role.label) for role in consultation.asked_roles)),
        (_("Innspill"), _("%(count)s fra %(people)s") % counts),
        (_("Uten merknader"), ", ".join(one.author.name for one in summary.without_remarks)),
    ]


def _said(line: PointLine) -> str:
    goal = (
        [_("Måles ved: %(indicator)s") % {"indicator": line.point.indicator}] if line.point.indicator else []
    )
    said = [_comment(one) for one in line.said] or [_("Ingen innspill.")]
    return "\n\n".join([*goal, *said])


def _comment(said: Said) -> str:
    author = said.comment.author
    who = f"{author.name}, {author.title}" if author.title else author.name
    answer = said.answer
    told = _("Svar: %(outcome)s. %(text)s") % {"outcome": answer, "text": answer.text} if answer else ""
    return "\n".join(filter(None, [f"{who}: {said.comment.text}", told]))


def redact_consultations(
    model: type[Model], ids: Sequence[int], *, columns: frozenset[str], now: datetime
) -> None:
    """Write anew, without it, what the outbox says of consultations in which a comment is forgotten.

    What others said stands: the message is about all of it, and not about the comment.
    """
    if model is ConsultationComment and "text" in columns:
        of = Consultation.objects.filter(points__comments__in=ids).distinct()
        redact_messages(Consultation, [row.pk for row in of], columns=columns, now=now)
        for row in _answered(of):
            draft = _draft_answered(row, {})
            anew = unsaved(draft, key=draft.key, happened_at=row.happened_at, now=now)
            told = {name: getattr(anew, name) for name in ("title", "payload", "content")}
            ArchiveMessage.objects.filter(key=draft.key).update(**told)


def _answered_in(municipality_id: int) -> QuerySet[Any]:
    return _answered(Consultation.objects.filter(municipality_id=municipality_id))


def _answered(consultations: QuerySet[Any]) -> QuerySet[Any]:
    rows = consultations.filter(status=ConsultationStatus.ANSWERED)
    return rows.select_related("municipality").annotate(
        subject_pk=F("pk"), about_pk=F("pk"), happened_at=F("changed_at"),
        message_key=key_of("consultation/", F("pk"), "/answers"),
    )  # fmt: skip


def _draft_answered(row: Any, memo: Memo) -> Draft:
    del memo
    strategy = as_it_was(Strategy, [row.strategy_id], at=row.happened_at)[row.strategy_id]
    return draft_answers(row, strategy, now=row.happened_at)


SOURCES = (
    Source(
        kind="consultation", subject=Consultation, about=Consultation, happened=_answered_in, draft=_draft_answered,
        has_fixed_key=True,
    ),
)  # fmt: skip
