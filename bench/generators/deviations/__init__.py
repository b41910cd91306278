"""Deviations with all that hangs on them: answers, duties, actions, talk, injuries, files and history.

Types are skewed as in a big municipality (half of all is one type), months vary by a factor of two
and dip in July, and what is open at once is the same whatever the size: a leader's own pages show as much.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench import sql
from bench.generators.deviations import cases, children, history
from deviations.models import Deviation
from deviations.models.counted import FILL

if TYPE_CHECKING:
    from bench.plan import Plan

ORDER = 70


def generate(plan: Plan) -> None:
    """Write nothing unless deviations are asked for."""
    if not plan.deviations:
        return
    cases.case_table(plan)
    with sql.without_triggers(), sql.without_search_indexes(Deviation):
        cases.write_deviations(plan)
        children.write_children(plan)
        history.write_history(plan)
        sql.run(FILL)
    cases.write_number_series()
    sql.follow_sequence(Deviation)
