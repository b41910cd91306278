"""Projects, and what follows from them where the plan asks for years of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.generators.portfolio.following import follow
from bench.generators.portfolio.projects import write_projects

if TYPE_CHECKING:
    from bench.plan import Plan

ORDER = 40


def generate(plan: Plan) -> None:
    write_projects(plan)
    if plan.years:
        follow(plan)
