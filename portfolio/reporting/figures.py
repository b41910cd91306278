"""The figures of a report: every section, as plain values that are frozen when the report is published.

What is published keeps its shape: a column that is added later is missing there, and is read with a default.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from governance.models import Initiative
from portfolio.models import Area
from portfolio.reporting.sections import cases_of, sections_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from portfolio.reporting.scope import Scope
    from portfolio.reporting.sections import Rows

Figures = dict[str, Any]
_INSIDE = (
    *(name for area in Area for name in (area.value, f"{area.value}_trend")), "budget", "spent", "forecast", "reported_on",
    "forecast_ends_on",
)  # fmt: skip
"""What a row about something shielded keeps to itself."""


def figures_of(scope: Scope) -> Figures:
    """Return what everybody in the municipality may know of the area as it stood."""
    cases = cases_of(scope)
    titles = {row["initiative"]: row["public_title"] for row in cases if row["part"] == "shielded"}
    found: Figures = {part: _part(cases, part) for part in ("submitted", "queue", "ended", "adopted")}
    return masked(found | sections_of(scope, titles), titles)


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
        name: [
            _masked(row, titles) for row in rows if "risk_id" not in row or row["initiative"] not in titles
        ]
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
