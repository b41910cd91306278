"""What is forgotten of a case when its term is over, and what is kept so that figures stand.

Two terms of the type, counted from when the case ended.  At the first one everything goes in
which a name can stand: who reported, whom it concerns, every free text, the files, notices,
and whoever is named for having reported in the history.  Type, unit, dates, severity, causes, choices
and who handled it stay.  At the second one the case goes altogether, by the municipality's
registered decision (kassasjonsvedtak).

``FORGOTTEN`` names the columns that go; a test holds it against every column in which a name
could stand, so that a new one cannot be overlooked (``tests/deviations/test_retention.py``).
"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import F, OuterRef, Q, QuerySet

from core.conditions import has_one
from core.models import Attachment, Notice, ReminderEntry
from core.retention import Part, Scope, cleared
from deviations.models import (
    ActionLink,
    Answer,
    CorrectiveAction,
    Deviation,
    Duty,
    Follower,
    Message,
    Question,
    Routing,
    Stamp,
)
from deviations.models.action import ACTION_OPEN

if TYPE_CHECKING:
    from collections.abc import Sequence

_FREE = (Question.Form.TEXT, Question.Form.NUMBER)
_FREE_TEXTS: dict[type[Any], tuple[str, ...]] = {
    Deviation: (
        "place", "description", "immediate_action", "cause_note", "closing_note", "no_action_reason", "effect_note",
        "transferred_to",
    ),
    Answer: ("value",),
    Message: ("text",),
    Routing: ("reason",),
    Duty: ("judgement",),
    Stamp: ("proof",),
    CorrectiveAction: ("title", "description", "outcome"),
}  # fmt: skip
FORGOTTEN: dict[type[Any], frozenset[str]] = {
    **{model: frozenset(names) for model, names in _FREE_TEXTS.items()},
    Deviation: frozenset(
        {*_FREE_TEXTS[Deviation], "title", "compounds", "whys", "reporter", "follow_hash", "submission_key"}
    ),
    Message: frozenset({"text", "author"}),
    Duty: frozenset({"judgement", "details"}),
    Follower: frozenset({"person", "note"}),
}


def months_before(moment: datetime, months: int) -> datetime:
    """Return the same day and time so many months earlier, or the last day of a shorter month."""
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    if year < 1:
        return datetime.min.replace(tzinfo=UTC)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))


def identity_term(months: int, reopening_days: int, now: datetime) -> datetime:
    """Return before when a case must have ended; nobody loses the time in which a reporter may open it again."""
    return min(months_before(now, months), now - timedelta(days=reopening_days))


def scope_of(cases: Sequence[Deviation], now: datetime) -> Scope:
    """Return what is forgotten of some cases when their identity is dropped."""
    ids = [case.pk for case in cases]
    values = {
        **cleared(Deviation, _FREE_TEXTS[Deviation]),
        "title": "", "compounds": "", "whys": [], "reporter": None, "follow_hash": "", "submission_key": None,
    }  # fmt: skip
    return Scope(
        values=values, marks={"identity_dropped_at": now, "version": F("version") + 1}, person="reporter",
        parts=_parts(ids), taken=_taken(cases, ids),
    )  # fmt: skip


def _parts(ids: Sequence[int]) -> list[Part]:
    of = {"deviation_id__in": ids}
    rows: dict[type[Any], QuerySet[Any]] = {
        Answer: Answer.objects.filter(**of, question__form__in=_FREE),
        Message: Message.objects.filter(**of),
        Routing: Routing.objects.filter(**of),
        Duty: Duty.objects.filter(**of),
        Stamp: Stamp.objects.filter(duty__deviation_id__in=ids),
        CorrectiveAction: actions_of_only(ids, still=Q(deviation__identity_dropped_at=None)),
    }
    owners = {Duty: "deviation_id", Stamp: "duty__deviation_id"}
    parts = [
        Part(found, cleared(model, _FREE_TEXTS[model]), owners.get(model, ""))
        for model, found in rows.items()
    ]
    own = Message.objects.filter(**of, from_reporter=True)
    return [*parts, Part(own, {"author": None}), Part(rows[Duty], {"details": {}})]


def _taken(cases: Sequence[Deviation], ids: Sequence[int]) -> list[QuerySet[Any]]:
    """Return the rows that tie a person to a case: followers, those it concerns, and what they were told."""
    duties = Duty.objects.filter(deviation_id__in=ids).values("pk")
    told = _about(Deviation, ids) | _about(Duty, duties)
    taken = [
        Deviation.concerned.through.objects.filter(deviation_id__in=ids),
        Follower.objects.filter(deviation_id__in=ids),
        Notice.objects.filter(told), ReminderEntry.objects.filter(told),
    ]  # fmt: skip
    for case in cases:
        if case.merged_into_id and case.reporter_id:
            main = _about(Deviation, [case.merged_into_id]) & Q(recipient_id=case.reporter_id)
            follower = Follower.objects.filter(deviation_id=case.merged_into_id, person_id=case.reporter_id)
            taken += [follower, Notice.objects.filter(main)]
    return taken


def files_of(ids: Sequence[int]) -> QuerySet[Attachment]:
    return Attachment.objects.filter(_about(Deviation, ids))


def actions_of_only(ids: Sequence[int], *, still: Q | None = None) -> QuerySet[CorrectiveAction]:
    """Return the ended actions that serve some cases and no other case (that ``still`` keeps what it says).

    What solves a lifted problem stands with that: it was told and done without the case.
    """
    others = ActionLink.objects.filter(still or Q(), action_id=OuterRef("pk")).exclude(deviation_id__in=ids)
    linked = ActionLink.objects.filter(deviation_id__in=ids).values("action_id")
    rows = CorrectiveAction.objects.filter(pk__in=linked, lifts=None).exclude(status__in=ACTION_OPEN)
    return rows.exclude(has_one(others))


def _about(model: type[Any], ids: Any) -> Q:
    return Q(content_type=ContentType.objects.get_for_model(model), object_id__in=ids)
