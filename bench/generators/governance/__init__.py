"""Initiatives with everything that belongs to them: costs, hearings, papers, meetings, decisions, history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench import sql
from bench.generators.governance import cases, council, history, papers
from governance.models import AgendaItem, Initiative, Meeting

if TYPE_CHECKING:
    from bench.plan import Plan

ORDER = 20


def generate(plan: Plan) -> None:
    cases.case_table(plan)
    with sql.without_triggers():
        cases.write_initiatives(plan)
        papers.write_children(plan)
        council.write_meetings(plan)
        history.write_history(plan)
    sql.run("update governance_decision set card = ''")  # the triggers that slept fill it
    cases.write_number_series()
    sql.follow_sequence(Initiative, Meeting, AgendaItem)
