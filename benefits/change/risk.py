"""The municipality's risk matrix, which deviations are judged by too, laid over the risks of a plan."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core.charts import Axis, Entry, matrix
from deviations.models import DeviationRules
from deviations.risk import CONSEQUENCES, PROBABILITIES, TONES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from benefits.models import BenefitRisk
    from core.charts import Chart

_COLORS = ("green", "yellow", "red")


@dataclass(frozen=True, slots=True)
class Level:
    """How grave a risk is: ``place`` counts from the mildest."""

    place: int
    name: str
    tone: str

    @property
    def is_high(self) -> bool:
        return self.place == len(_COLORS) - 1


class RiskScale:
    """The steps of a municipality's matrix, and how grave each cell is."""

    def __init__(self, municipality_id: int) -> None:
        self._rules = DeviationRules.of_id(municipality_id)
        self.size = int(self._rules.matrix)
        self.likelihoods = tuple(str(name).partition(":")[0] for name in PROBABILITIES[self.size])
        self.consequences = tuple(str(name) for name in CONSEQUENCES[self.size])

    def choices(self, names: tuple[str, ...]) -> list[tuple[int, str]]:
        """Return a scale as the choices of a field."""
        return [(step, f"{step} – {name}") for step, name in enumerate(names, 1)]

    def fits(self, risk: BenefitRisk) -> bool:
        return risk.likelihood <= self.size and risk.consequence <= self.size

    def level_of(self, risk: BenefitRisk) -> Level | None:
        """Return how grave a risk is, or ``None`` when it was judged by another scale."""
        return self._level(risk.score) if self.fits(risk) else None

    def _level(self, score: int) -> Level:
        color = self._rules.color_of(score)
        place = _COLORS.index(color)
        return Level(place, (_("Lav"), _("Middels"), _("Høy"))[place], TONES[color])

    def words_of(self, risk: BenefitRisk) -> tuple[str, str]:
        """Return likelihood and consequence in words."""
        if not self.fits(risk):
            return str(risk.likelihood), str(risk.consequence)
        return self.likelihoods[risk.likelihood - 1], self.consequences[risk.consequence - 1]

    def drawn(self, risks: Iterable[BenefitRisk]) -> Chart:
        """Lay the risks in the matrix, the likeliest row at the top; those of another scale are left out."""
        entries: dict[tuple[int, int], list[Entry]] = defaultdict(list)
        for risk in risks:
            if self.fits(risk):
                place = (self.size - risk.likelihood, risk.consequence - 1)
                entries[place].append(Entry(risk.title, f"#risiko-{risk.pk}"))
        return matrix(
            _("Risikomatrise: sannsynlighet nedover, konsekvens bortover"), Axis(_("Sannsynlighet"), self.likelihoods[::-1]), Axis(_("Konsekvens"), self.consequences),
            entries, levels=(_("Lav"), _("Middels"), _("Høy")),
            level=lambda row, column: self._level((self.size - row) * (column + 1)).place,
        )  # fmt: skip
