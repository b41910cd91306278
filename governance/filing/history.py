"""What governance has filed, or would have: found in its tables and their history (``archive.history.sources``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, F, OuterRef, Q, Subquery

from archive.history.sources import Source, key_of
from core.asof import as_it_was, of_event
from core.retention import REDACTED
from governance.council.papers import addenda_of
from governance.filing import case, meeting
from governance.models import (
    AgendaItem,
    Attendance,
    CasePaper,
    Endorsement,
    Hearing,
    Initiative,
    Meeting,
    MinutesAddendum,
    MunicipalDecision,
    Status,
)
from governance.models.status import FINAL
from governance.standing import standing_of

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import Model, QuerySet

    from archive.filing import Draft
    from archive.history.sources import Memo


def as_then(pk: int, at: datetime, memo: Memo) -> Initiative:
    """Return an initiative as it was."""
    if (pk, at) not in memo:
        memo[pk, at] = as_it_was(Initiative, [pk], at=at)[pk]
    found: Initiative = memo[pk, at]
    return found


# --- What happened -------------------------------------------------------------------------------
def about(rows: QuerySet[Any], path: str, at: str, **columns: Any) -> QuerySet[Any]:
    """Name what happened to an initiative: ``path`` leads to it, ``at`` is the column that says when."""
    to = f"{path}__" if path else ""
    standing = rows.exclude(**{f"{to}number": ""}).exclude(**{f"{to}title": REDACTED})
    named = {"subject_pk": F(f"{to}pk"), "about_pk": F(f"{to}pk"), "happened_at": F(at)}
    return standing.annotate(**named | columns)


def each_time(model: Any, column: str) -> QuerySet[Any]:
    """Return the first event of each time that a column was given."""
    rows = model.pgh_event_model.objects.filter(**{f"{column}__isnull": False, "pgh_obj__isnull": False})
    return rows.order_by("pgh_obj_id", column, "pgh_id").distinct("pgh_obj_id", column)


def _entries(municipality_id: int, *states: str) -> QuerySet[Any]:
    """Return the events by which initiatives came into a state, with the one that they came from."""
    events = Initiative.pgh_event_model.objects
    before = events.filter(pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__lt=OuterRef("pgh_id")).order_by(
        "-pgh_id"
    )
    rows = events.filter(pgh_obj__municipality_id=municipality_id, status__in=states)
    came = rows.annotate(came_from=Subquery(before.values("status")[:1]))
    return about(came.filter(~Q(came_from=F("status"))), "pgh_obj", "status_since")


def _submissions(municipality_id: int) -> QuerySet[Any]:
    """Return the cases that were sent in; a local plan of a regional one came into being in the line."""
    events = Initiative.pgh_event_model.objects.filter(pgh_obj_id=OuterRef("pk"), status=Status.SUBMITTED)
    rows = Initiative.objects.filter(
        Exists(events), municipality_id=municipality_id, submitted_at__isnull=False
    )
    return about(rows, "", "submitted_at", message_key=key_of("initiative/", F("pk"), "/submission"))


def _resubmissions(municipality_id: int) -> QuerySet[Any]:
    return _entries(municipality_id, Status.SUBMITTED).filter(came_from=Status.RETURNED)


def _endorsements(municipality_id: int) -> QuerySet[Any]:
    return about(Endorsement.objects.filter(initiative__municipality_id=municipality_id), "initiative", "at")


def _hearings(municipality_id: int) -> QuerySet[Any]:
    rows = each_time(Hearing, "answered_at").filter(initiative__municipality_id=municipality_id)
    return about(rows, "initiative", "answered_at")


def _case_papers(municipality_id: int) -> QuerySet[Any]:
    rows = each_time(CasePaper, "published_at").filter(initiative__municipality_id=municipality_id)
    return about(rows, "initiative", "published_at")


def _answers(municipality_id: int) -> QuerySet[Any]:
    rows = each_time(MunicipalDecision, "decided_at").filter(initiative__municipality_id=municipality_id)
    return about(rows, "initiative", "decided_at")


def _answers_at_home(municipality_id: int) -> QuerySet[Any]:
    rows = each_time(MunicipalDecision, "decided_at").filter(municipality_id=municipality_id)
    regional = rows.exclude(initiative__municipality_id=municipality_id)
    return about(regional, "initiative", "decided_at", about_pk=F("pgh_obj_id"))


def _decisions(municipality_id: int) -> QuerySet[Any]:
    return _entries(municipality_id, Status.ADOPTED, Status.REJECTED)


def _closings(municipality_id: int) -> QuerySet[Any]:
    rows = Initiative.objects.filter(municipality_id=municipality_id, status__in=sorted(FINAL))
    return about(rows, "", "status_since", message_key=key_of("initiative/", F("pk"), "/closed"))


# --- As it was -----------------------------------------------------------------------------------
def _draft_submission(row: Any, memo: Memo) -> Draft:
    return case.draft_submission(as_then(row.pk, row.happened_at, memo), now=row.happened_at)


def _draft_resubmission(row: Any, memo: Memo) -> Draft:
    return case.draft_submission(of_event(Initiative, row), now=row.happened_at, again=True)


def _draft_endorsement(row: Any, memo: Memo) -> Draft:
    initiative = as_then(row.initiative_id, row.happened_at, memo)
    return case.draft_endorsement(initiative, row, now=row.happened_at)


def _draft_hearing(row: Any, memo: Memo) -> Draft:
    initiative = as_then(row.initiative_id, row.happened_at, memo)
    return case.draft_hearing(of_event(Hearing, row), initiative, now=row.happened_at)


def _draft_case_paper(row: Any, memo: Memo) -> Draft:
    paper = of_event(CasePaper, row).as_published()
    return case.draft_case_paper(
        as_then(row.initiative_id, row.happened_at, memo), paper, now=row.happened_at
    )


def _draft_answer(row: Any, memo: Memo) -> Draft:
    initiative = as_then(row.initiative_id, row.happened_at, memo)
    return case.draft_municipal_decision(of_event(MunicipalDecision, row), initiative, now=row.happened_at)


def _draft_at_home(row: Any, memo: Memo) -> Draft:
    initiative = as_then(row.initiative_id, row.happened_at, memo)
    return case.draft_at_home(of_event(MunicipalDecision, row), initiative, now=row.happened_at)


def _draft_decision(row: Any, memo: Memo) -> Draft:
    told = row.pgh_context.metadata if row.pgh_context else {}
    return case.draft_decision(
        of_event(Initiative, row), reason=str(told.get("reason", "")), now=row.happened_at
    )


def _draft_closing(row: Any, memo: Memo) -> Draft:
    return case.draft_closing(as_then(row.pk, row.happened_at, memo), now=row.happened_at)


# --- Meetings ------------------------------------------------------------------------------------
def _of_meeting(rows: QuerySet[Any], path: str, at: str, name: str, *parts: Any) -> QuerySet[Any]:
    to = f"{path}__" if path else ""
    held = F(f"{to}pk")
    return rows.filter(**{f"{to}{at}__isnull": False}).annotate(
        subject_pk=held, about_pk=held, happened_at=F(f"{to}{at}"), message_key=key_of("meeting/", held, name, *parts)
    )  # fmt: skip


def _summonses(municipality_id: int) -> QuerySet[Any]:
    return _of_meeting(Meeting.objects.filter(municipality_id=municipality_id), "", "summoned_at", "/summons")


def _treated(municipality_id: int) -> QuerySet[Any]:
    rows = AgendaItem.objects.on_agenda().filter(meeting__municipality_id=municipality_id)
    numbered = rows.filter(case_number__regex=meeting.NUMBERED)
    return _of_meeting(numbered, "meeting", "approved_at", "/case/", F("pk"))


def _minutes(municipality_id: int) -> QuerySet[Any]:
    return _of_meeting(Meeting.objects.filter(municipality_id=municipality_id), "", "approved_at", "/minutes")


def _addenda(municipality_id: int) -> QuerySet[Any]:
    rows = MinutesAddendum.objects.filter(meeting__municipality_id=municipality_id)
    held = F("meeting_id")
    return rows.annotate(
        subject_pk=held, about_pk=held, happened_at=F("written_at"), message_key=key_of("meeting/", held, "/addendum/", F("number"))
    )  # fmt: skip


def table_then(pk: int, at: datetime, memo: Memo) -> meeting.Table:
    """Return a meeting as it was, with the cases that were on it and the people around the table."""
    if ("table", pk, at) not in memo:
        memo["table", pk, at] = _read_table(as_it_was(Meeting, [pk], at=at)[pk], at)
    found: meeting.Table = memo["table", pk, at]
    return found


def _read_table(gathering: Meeting, at: datetime) -> meeting.Table:
    then = _rows_then(AgendaItem, gathering, at)
    items = sorted((one for one in then if one.removed_at is None), key=lambda one: (one.position, one.pk))
    initiatives = as_it_was(Initiative, [one.initiative_id for one in items if one.initiative_id], at=at)
    for item in items:
        item.meeting = gathering
        if item.initiative_id:
            item.initiative = initiatives[item.initiative_id]
    meeting.load_parts(items)
    seats = sorted(
        (one for one in _rows_then(Attendance, gathering, at) if one.gone_at is None), key=lambda one: one.pk
    )
    standing = standing_of(gathering, meeting.ARCHIVE, now=at)
    return meeting.Table(gathering, items, seats, addenda_of(gathering, at), standing)


def _rows_then(model: Any, gathering: Meeting, at: datetime) -> list[Any]:
    ids = model.objects.filter(meeting_id=gathering.pk).values_list("pk", flat=True)
    return list(as_it_was(model, ids, at=at).values())


def _draft_summons(row: Any, memo: Memo) -> Draft:
    return meeting.draft_summons(table_then(row.pk, row.happened_at, memo), now=row.happened_at)


def _draft_treated(row: Any, memo: Memo) -> Draft | None:
    table = table_then(row.meeting_id, row.happened_at, memo)
    item = next((one for one in table.items if one.pk == row.pk), None)
    return None if item is None else meeting.draft_treated(item, table, now=row.happened_at)


def _draft_minutes(row: Any, memo: Memo) -> Draft:
    return meeting.draft_minutes(table_then(row.pk, row.happened_at, memo), now=row.happened_at)


def _draft_addendum(row: Any, memo: Memo) -> Draft:
    table = table_then(row.meeting_id, row.happened_at, memo)
    return meeting.draft_addendum(table, row, now=row.happened_at)


# --- The sources ---------------------------------------------------------------------------------
def of_initiative(
    kind: str, happened: Any, draft: Any, *, about: type[Model] = Initiative, fixed: bool = False
) -> Source:
    return Source(
        kind=kind, subject=Initiative, about=about, happened=happened, draft=draft, has_fixed_key=fixed
    )


CASES = (
    of_initiative("submission", _submissions, _draft_submission, fixed=True),
    of_initiative("resubmission", _resubmissions, _draft_resubmission),
    of_initiative("endorsement", _endorsements, _draft_endorsement),
    of_initiative("hearing", _hearings, _draft_hearing),
    of_initiative("case_paper", _case_papers, _draft_case_paper),
    of_initiative("municipal_decision", _answers, _draft_answer),
    of_initiative("municipal_decision", _answers_at_home, _draft_at_home, about=MunicipalDecision),
    of_initiative("decision", _decisions, _draft_decision),
)
CLOSINGS = (of_initiative("case_closed", _closings, _draft_closing, fixed=True),)
MEETINGS = tuple(
    Source(kind=kind, subject=Meeting, about=Meeting, happened=happened, draft=draft, has_fixed_key=True)
    for kind, happened, draft in (
        ("summons", _summonses, _draft_summons),
        ("meeting_case", _treated, _draft_treated),
        ("minutes", _minutes, _draft_minutes),
        ("minutes", _addenda, _draft_addendum),
    )
)
