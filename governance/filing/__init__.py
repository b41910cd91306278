"""What goes to the archive from governance, as it was when it happened (domain/governance, shared/archive/guide.md 5.5).

``case`` and ``meeting`` say what is filed; here it is put in the outbox, in the transaction of what it tells about.
``history`` finds what happened before, for an export.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.operations import enqueue
from governance.filing import case, meeting

if TYPE_CHECKING:
    from datetime import datetime

    from governance.models import (
        CasePaper,
        Endorsement,
        Hearing,
        Initiative,
        Meeting,
        MinutesAddendum,
        MunicipalDecision,
    )


def file_submission(initiative: Initiative, *, now: datetime, again: bool = False) -> None:
    enqueue(case.draft_submission(initiative, now=now, again=again), now=now)


def file_endorsement(initiative: Initiative, endorsement: Endorsement, *, now: datetime) -> None:
    enqueue(case.draft_endorsement(initiative, endorsement, now=now), now=now)


def file_hearing(hearing: Hearing, *, now: datetime) -> None:
    enqueue(case.draft_hearing(hearing, hearing.initiative, now=now), now=now)


def file_case_paper(initiative: Initiative, paper: CasePaper, *, now: datetime) -> None:
    enqueue(case.draft_case_paper(initiative, paper, now=now), now=now)


def file_decision(initiative: Initiative, *, reason: str, now: datetime) -> None:
    """Tell what was decided: outgoing to the municipalities of a regional initiative, else internal to the submitter."""
    enqueue(case.draft_decision(initiative, reason=reason, now=now), now=now)


def file_municipal_decision(row: MunicipalDecision, initiative: Initiative, *, now: datetime) -> None:
    """File what a municipality decided: with the owner, and of a regional initiative in its own archive as well."""
    enqueue(case.draft_municipal_decision(row, initiative, now=now), now=now)
    if row.municipality_id != initiative.municipality_id:
        enqueue(case.draft_at_home(row, initiative, now=now), now=now)


def file_closing(initiative: Initiative, *, now: datetime) -> None:
    enqueue(case.draft_closing(initiative, now=now), now=now)


def file_summons(gathering: Meeting, *, now: datetime) -> None:
    """Make the folder of the meeting, with the notice and agenda that went out."""
    enqueue(meeting.draft_summons(meeting.table_of(gathering, now=now), now=now), now=now)


def file_minutes(gathering: Meeting, *, now: datetime) -> None:
    """File each case as it was treated, and then the approved minutes."""
    table = meeting.table_of(gathering, now=now)
    for item in table.items:
        if (draft := meeting.draft_treated(item, table, now=now)) is not None:
            enqueue(draft, now=now)
    enqueue(meeting.draft_minutes(table, now=now), now=now)


def file_addendum(gathering: Meeting, added: MinutesAddendum, *, now: datetime) -> None:
    """File the approved minutes anew with what was added."""
    enqueue(meeting.draft_addendum(meeting.table_of(gathering, now=now), added, now=now), now=now)
