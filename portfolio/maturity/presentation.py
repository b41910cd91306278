"""How self-assessments are shown: the eight with their levels, and how they have moved."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core.charts import Chart, Series, line
from core.formats import month
from portfolio.maturity.wording import Asked, asked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portfolio.models import MaturityAnswer, MaturityReview

FEWEST_IN_CHART = 2


@dataclass(frozen=True, slots=True)
class Row:
    """One prerequisite of a review, with its answer if there is one."""

    asked: Asked
    answer: MaturityAnswer | None

    @property
    def means(self) -> str:
        return self.asked.levels[self.answer.level - 1] if self.answer else ""


@dataclass(frozen=True, slots=True)
class Moved:
    """One prerequisite over time; ``None`` where it was not judged."""

    label: str
    levels: list[int | None]


def rows_of(review: MaturityReview) -> list[Row]:
    given = {row.prerequisite: row for row in review.answers.all()}
    return [Row(one, given.get(one.key.value)) for one in asked()]


def moved(reviews: Sequence[MaturityReview]) -> list[Moved]:
    """Return how each prerequisite stood in each review, in their order."""
    given = [{row.prerequisite: row.level for row in review.answers.all()} for review in reviews]
    return [Moved(one.label, [each.get(one.key.value) for each in given]) for one in asked()]


def mean_of(review: MaturityReview) -> Decimal | None:
    levels = [row.level for row in review.answers.all()]
    return Decimal(sum(levels)) / len(levels) if levels else None


def course_of(reviews: Sequence[MaturityReview]) -> Chart | None:
    """Return the mean level of each review as a line, or nothing where there is no line to draw."""
    if len(reviews) < FEWEST_IN_CHART:
        return None
    names = [month(review.locked_at) for review in reviews if review.locked_at]
    values = [float(mean) if (mean := mean_of(review)) is not None else None for review in reviews]
    return line(
        _("Gjennomsnittlig nivå"), names, [Series(_("Nivå"), values)], size=(640, 240), key="maturity"
    )
