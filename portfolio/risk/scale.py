"""The scale of a project's risks: five steps, how grave each cell is, and the matrix they span."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.charts import Axis, Entry, matrix
from portfolio.models import RiskKind
from portfolio.models.risk import STEPS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.utils.functional import _StrOrPromise as StrOrPromise

    from core.charts import Chart
    from portfolio.models import ProjectRisk

PROBABILITIES: tuple[StrOrPromise, ...] = (
    gettext_lazy("Svært lite sannsynlig"), gettext_lazy("Lite sannsynlig"), gettext_lazy("Mulig"), gettext_lazy("Sannsynlig"),
    gettext_lazy("Svært sannsynlig"),
)  # fmt: skip
IMPACTS: tuple[StrOrPromise, ...] = (
    gettext_lazy("Ubetydelig"), gettext_lazy("Liten"), gettext_lazy("Middels"), gettext_lazy("Stor"), gettext_lazy("Svært stor"),
)  # fmt: skip
_MIDDLE_FROM, _HIGH_FROM = 5, 15
_LEVELS: dict[str, tuple[StrOrPromise, ...]] = {
    RiskKind.RISK: (gettext_lazy("Lav"), gettext_lazy("Middels"), gettext_lazy("Høy")),
    RiskKind.OPPORTUNITY: (gettext_lazy("Liten"), gettext_lazy("Middels"), gettext_lazy("Stor")),
}
_TONES = {
    RiskKind.RISK: ("success", "warning", "danger"),
    RiskKind.OPPORTUNITY: ("neutral", "info", "success"),
}


@dataclass(frozen=True, slots=True)
class Level:
    """How much probability times impact is, in a word and a tone."""

    name: StrOrPromise
    tone: str


def choices(names: Iterable[StrOrPromise]) -> list[tuple[int, str]]:
    """Return a scale as the choices of a field."""
    return [(step, f"{step} – {name}") for step, name in enumerate(names, 1)]


def level_of(score: int, kind: str) -> Level:
    place = _place(score)
    return Level(_LEVELS[kind][place], _TONES[RiskKind(kind)][place])


def score_after(risk: ProjectRisk) -> int | None:
    """Return probability times impact after what is done, where that is judged."""
    if risk.probability_after is None or risk.impact_after is None:
        return None
    return risk.probability_after * risk.impact_after


def drawn(risks: Iterable[ProjectRisk], title: str, *, after: bool = False) -> Chart:
    """Lay risks in the matrix, the likeliest row at the top; ``after`` leaves out what is not judged after."""
    entries: dict[tuple[int, int], list[Entry]] = defaultdict(list)
    for risk in risks:
        probability, impact = (
            (risk.probability_after, risk.impact_after) if after else (risk.probability, risk.impact)
        )
        if probability is not None and impact is not None:
            entries[STEPS - probability, impact - 1].append(Entry(risk.title, f"#risiko-{risk.pk}"))
    return matrix(
        title, Axis(_("Sannsynlighet"), tuple(str(name) for name in PROBABILITIES[::-1])),
        Axis(_("Konsekvens"), tuple(str(name) for name in IMPACTS)), entries,
        levels=[str(name) for name in _LEVELS[RiskKind.RISK]], level=lambda row, column: _place((STEPS - row) * (column + 1)),
    )  # fmt: skip


def _place(score: int) -> int:
    return (score >= _MIDDLE_FROM) + (score >= _HIGH_FROM)
