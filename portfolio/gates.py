"""What other apps demand at a decision point, as guards on the project's moves (``governance.gates``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import Reason
from governance.gates import Point, gates_at
from governance.models import GovernanceRules
from governance.models.rules import default_gates
from portfolio.models import Phase

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from core.workflow import Guard
    from governance.gates import Gate
    from portfolio.models import Project

POINTS = {Phase.PLANNING: Point.BP3, Phase.EXECUTION: Point.BP4, Phase.CLOSING: Point.BP5}
"""The decision point at the end of each phase."""


def guards_at(point: Point) -> list[Guard[Project]]:
    """Return a guard for each gate of the installation at a point."""
    return [_guard(gate) for gate in gates_at(point)]


def _guard(gate: Gate) -> Guard[Project]:
    def gate_is_met(project: Project, /) -> Reason | None:
        answers = project.gate_answers
        if gate.key not in answers:
            answers = _answers([gate], [project])[project.pk]
        return answers.get(gate.key)

    gate_is_met.__name__ = gate.key
    return gate_is_met


def ask_once(projects: Iterable[Project]) -> None:
    """Ask every gate for the projects of a page together; their guards read the answers.

    Only for pages: a move asks again, about the locked row.
    """
    rows = list(projects)
    for phase, point in POINTS.items():
        standing = [row for row in rows if row.phase == phase]
        answers = _answers(gates_at(point), standing)
        for row in standing:
            row.gate_answers = answers[row.pk]


def _answers(gates: Collection[Gate], projects: Collection[Project]) -> dict[int, dict[str, Reason | None]]:
    """Return, by project and gate, what is missing where the municipality demands it."""
    found: dict[int, dict[str, Reason | None]] = {project.pk: {} for project in projects}
    for gate in gates:
        asked = [row for row in projects if gate.key in _demanded(row)]
        missing = gate.missing([row.initiative_id for row in asked]) if asked else {}
        for project in projects:
            text = missing.get(project.initiative_id)
            found[project.pk][gate.key] = Reason(text, gate.url(project.initiative_id)) if text else None
    return found


def _demanded(project: Project) -> list[str]:
    """Return the keys of the gates that the project's municipality demands."""
    if hasattr(project, "demanded_gates"):
        keys: list[str] | None = project.demanded_gates
    else:
        rules = GovernanceRules.objects.filter(municipality=project.municipality_id)
        keys = rules.values_list("gates", flat=True).first()
    return default_gates() if keys is None else keys
