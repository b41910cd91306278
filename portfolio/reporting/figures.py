"""The figures of a report: every section, as plain values that are frozen when the report is published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from governance.models import Initiative
from portfolio.models import Area, Phase
from portfolio.reporting import sections

if TYPE_CHECKING:
    from collections.abc import Mapping

    from portfolio.reporting.scope import Scope
    from portfolio.reporting.sections import Rows

Figures = dict[str, Any]
AS_NOW = ("goals", "unlinked")
"""What has no history, and is read as it is when the report is made: which project serves which goal."""
_INSIDE = (
    *(name for area in Area for name in (area.value, f"{area.value}_trend")), "budget", "spent", "forecast", "reported_on",
    "forecast_ends_on",
)  # fmt: skip
"""What a row about something shielded keeps to itself."""


def figures_of(scope: Scope) -> Figures:
    """Return what everybody in the municipality may know of the area as it stood."""
    cases = sections.case_rows(scope)
    titles = {row["initiative"]: row["public_title"] for row in cases if row["part"] == "shielded"}
    phases = [phase.value for phase in Phase]
    values = {**scope.values, "shielded": sorted(titles), "phases": phases}
    found: Figures = {part: _part(cases, part) for part in ("submitted", "queue", "ended", "adopted")}
    found |= {
        "waiting": sections.waiting_rows(scope, values),
        "projects": sections.project_rows(scope, values),
        "money": sections.money_rows(scope, values),
        "benefits": sections.benefit_rows(scope, values),
        "risks": sections.risk_rows(scope, values),
        "decisions": sections.decision_rows(scope, values),
        "goals": sections.goal_rows(scope, values),
        "unlinked": sections.unlinked_rows(scope, values),
    }
    return masked(found, titles)


def _part(cases: Rows, part: str) -> Rows:
    hidden = {"part", "public_title", "shielded"}
    return [
        {name: value for name, value in row.items() if name not in hidden}
        for row in cases
        if row["part"] == part
    ]


def masked(figures: Figures, titles: Mapping[int, str]) -> Figures:
    """Return the figures with the public titles of what is shielded, and nothing of what it contains."""
    return {
        name: [_masked(row, titles) for row in rows if "risk" not in row or row["initiative"] not in titles]
        for name, rows in figures.items()
    }


def _masked(row: dict[str, Any], titles: Mapping[int, str]) -> dict[str, Any]:
    title = titles.get(row.get("initiative", 0))
    if title is None:
        return row
    return {**row, **{name: None for name in _INSIDE if name in row}, "title": title, "is_shielded": True}


def shown(figures: Figures) -> Figures:
    """Return the figures without what has been shielded since."""
    ids = {row["initiative"] for rows in figures.values() for row in rows if row.get("initiative")}
    shielded = Initiative.objects.filter(pk__in=ids).exclude(shield_basis="")
    return masked(figures, dict(shielded.values_list("pk", "public_title")))
