"""The scales of the handler's assessment, and the matrix they span: three or five steps, as the municipality has it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

    from deviations.models import Deviation, DeviationRules

AREAS: tuple[StrOrPromise, ...] = (
    _("Liv og helse"), _("Tjenestekvalitet"), _("Ytre miljø"), _("Økonomi og materiell"), _("Omdømme og tillit"),
    _("Personvern"),
)  # fmt: skip
CONSEQUENCES: dict[int, tuple[StrOrPromise, ...]] = {
    3: (_("Liten"), _("Betydelig"), _("Alvorlig")),
    5: (_("Ubetydelig"), _("Mindre alvorlig"), _("Betydelig"), _("Alvorlig"), _("Svært alvorlig")),
}
PROBABILITIES: dict[int, tuple[StrOrPromise, ...]] = {
    3: (
        _("Lite sannsynlig: sjeldnere enn årlig"), _("Sannsynlig: årlig eller oftere"),
        _("Svært sannsynlig: månedlig eller oftere"),
    ),
    5: (
        _("Svært lite sannsynlig: sjeldnere enn hvert 10. år"), _("Lite sannsynlig: hvert 2.–10. år"), _("Sannsynlig: årlig"),
        _("Meget sannsynlig: månedlig"), _("Svært sannsynlig: ukentlig eller oftere"),
    ),
}  # fmt: skip
_LEVELS: dict[str, StrOrPromise] = {"green": _("Lav risiko"), "yellow": _("Middels risiko"), "red": _("Høy risiko")}  # fmt: skip
TONES = {"green": "success", "yellow": "warning", "red": "danger"}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the matrix: how grave it is, in words and by color, and whether the case lies there."""

    score: int
    color: str
    level: StrOrPromise
    is_here: bool


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Matrix:
    """``verdict`` says in a sentence where the case lies; ``columns`` are the consequences."""

    columns: list[str]
    rows: list[Row]
    verdict: str
    level: StrOrPromise
    tone: str


def choices(names: tuple[StrOrPromise, ...]) -> list[tuple[str, StrOrPromise]]:
    """Return a scale as the choices of a field, with the number that the matrix counts with."""
    return [("", _("Ikke vurdert")), *((str(step), f"{step} – {name}") for step, name in enumerate(names, 1))]


def matrix_of(case: Deviation, rules: DeviationRules) -> Matrix:
    """Return the municipality's matrix with the cell of the case marked, the likeliest row at the top."""
    size = int(rules.matrix)
    here = (case.probability, case.potential_consequence)
    rows = [
        Row(
            name=_short(PROBABILITIES[size][chance - 1]),
            cells=[_cell(chance, consequence, rules, here) for consequence in range(1, size + 1)],
        )
        for chance in range(size, 0, -1)
    ]
    score = case.risk_score if _fits(case, size) else None
    color = rules.color_of(score) if score else ""
    return Matrix(
        columns=[str(name) for name in CONSEQUENCES[size]], rows=rows, verdict=_verdict(case, score, size),
        level=_LEVELS.get(color, ""), tone=TONES.get(color, "neutral"),
    )  # fmt: skip


def in_words(case: Deviation, rules: DeviationRules) -> dict[str, str]:
    """Return the assessment on the municipality's scales, in words; what was not assessed is left out."""
    size = int(rules.matrix)
    scales = {
        "actual_consequence": CONSEQUENCES[size], "potential_consequence": CONSEQUENCES[size],
        "probability": PROBABILITIES[size],
    }  # fmt: skip
    given = {name: getattr(case, name) for name in scales}
    return {
        name: f"{step} – {scales[name][step - 1]}" if step <= size else str(step)
        for name, step in given.items()
        if step
    }


def _cell(chance: int, consequence: int, rules: DeviationRules, here: tuple[int | None, int | None]) -> Cell:
    color = rules.color_of(chance * consequence)
    return Cell(chance * consequence, color, _LEVELS[color], here == (chance, consequence))


def _fits(case: Deviation, size: int) -> bool:
    return (case.probability or 0) <= size and (case.potential_consequence or 0) <= size


def _verdict(case: Deviation, score: int | None, size: int) -> str:
    if score:
        words = {"consequence": case.potential_consequence, "chance": case.probability, "score": score}
        return _t("Mulig følge %(consequence)s × sannsynlighet %(chance)s = %(score)s") % words
    if case.risk_score:
        return _t("Saken ble vurdert etter en annen skala. Vurder mulig følge og sannsynlighet på nytt.")
    return _t("Velg mulig følge og sannsynlighet, så vises risikoen i matrisen.")


def _short(name: StrOrPromise) -> str:
    return str(name).partition(":")[0]
