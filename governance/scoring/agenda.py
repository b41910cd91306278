"""The cases of an agenda in order of their points, each with the reasons; what the law demands goes first, and costs the same."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.translation import gettext as _

from core.formats import local_day, number
from governance.delegation import whole_life
from governance.models import InitiativeGoal
from governance.poker.results import latest_results
from governance.poker.words import points_words
from governance.scoring.arithmetic import MOST_POINTS, places
from governance.scoring.presentation import latest_scored

if TYPE_CHECKING:
    from collections.abc import Iterable

    from governance.meeting_presentation import AgendaLine
    from governance.models import Initiative
    from governance.poker.results import Result
    from governance.scoring.presentation import Row, Scored
    from organization.actors import PersonActor

_HIGH, _LOW = MOST_POINTS - 1, 1
"""A criterion speaks for a case from this mean on, and against it down to that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """One case with what speaks for it.  ``place`` is in words; what the law demands has none."""

    line: AgendaLine
    initiative: Initiative
    place: str
    scored: Scored | None
    poker: Result | None
    goals: list[str]
    amount: Decimal

    @property
    def reasons(self) -> list[str]:
        """What the assessors and the players found, in words."""
        return [*_score_words(self.scored), *_poker_words(self.poker)]


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedAgenda:
    """What the law demands apart, then the others in their order, and what each part costs."""

    statutory: list[Ranked]
    others: list[Ranked]

    @property
    def statutory_amount(self) -> Decimal:
        return sum((one.amount for one in self.statutory), Decimal(0))

    @property
    def amount(self) -> Decimal:
        return self.statutory_amount + sum((one.amount for one in self.others), Decimal(0))


def ranked_agenda(lines: Iterable[AgendaLine], actor: PersonActor) -> RankedAgenda:
    """Return the cases of an agenda that ``actor`` reads, in order; those without points stand last.  Five statements."""
    asked = [line for line in lines if _is_ranked(line)]
    cases = [line.initiative for line in asked if line.initiative is not None]
    links = Prefetch("goal_links", InitiativeGoal.objects.select_related("goal").order_by("goal__code"))
    prefetch_related_objects(cases, links, "cost_lines")
    scored, played = (
        latest_scored([case.pk for case in cases], actor),
        latest_results(case.pk for case in cases),
    )
    by_score = sorted(zip(asked, cases, strict=True), key=lambda pair: _order(scored.get(pair[1].pk)))
    free = [pair for pair in by_score if not pair[1].is_statutory]
    found = iter(places([_mean(scored.get(case.pk)) for _line, case in free]))

    def ranked(line: AgendaLine, case: Initiative) -> Ranked:
        return Ranked(
            line=line, initiative=case, place="" if case.is_statutory else next(found), scored=scored.get(case.pk),
            poker=played.get(case.pk), goals=[str(link.goal) for link in case.goal_links.all()],
            amount=whole_life(case, local_day(line.item.meeting.starts_at)),
        )  # fmt: skip

    return RankedAgenda(
        statutory=[ranked(*pair) for pair in by_score if pair[1].is_statutory],
        others=[ranked(*pair) for pair in free],
    )


def _is_ranked(line: AgendaLine) -> bool:
    """Tell whether it is an initiative that the council decides, and that this person reads."""
    is_decided = line.item.kind == line.item.Kind.DECISION and line.item.matter is None
    return is_decided and line.is_readable and getattr(line.initiative, "reads_papers", False)


def _mean(scored: Scored | None) -> Decimal | None:
    return scored.mean if scored else None


def _order(scored: Scored | None) -> tuple[bool, Decimal]:
    mean = _mean(scored)
    return mean is None, -(mean or Decimal(0))


def _score_words(scored: Scored | None) -> list[str]:
    if scored is None:
        return []
    told = []
    for words, rows in (
        (_("Høyt: %(names)s."), [row for row in scored.rows if row.mean >= _HIGH]),
        (_("Lavt: %(names)s."), [row for row in scored.rows if row.mean <= _LOW]),
        (_("Uenighet om: %(names)s."), [row for row in scored.rows if row.differs]),
    ):
        if rows:
            told.append(words % {"names": ", ".join(map(_named, rows))})
    return told + [f"{row.assessor}: «{row.note}»" for row in scored.assessments if row.note]


def _named(row: Row) -> str:
    if row.differs:
        return _("%(name)s (fra %(low)s til %(high)s)") % {
            "name": row.criterion,
            "low": row.lowest,
            "high": row.highest,
        }
    return f"{row.criterion} ({number(row.mean, 1)})"


def _poker_words(poker: Result | None) -> list[str]:
    if poker is None:
        return []
    words = _("Nyttepoker: %(points)s nyttepoeng, største uenighet %(spread)s.")
    return [words % {"points": number(poker.points, 1), "spread": points_words(poker.disagreement)}]
