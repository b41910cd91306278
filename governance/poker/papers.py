"""What nyttepoker says in a case paper: the points with the disagreement behind them, as evidence (domain/benefits 3.9)."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core.formats import kroner, long_date, number
from governance.models import PokerCard
from governance.paper_parts import PaperPart
from governance.poker.arithmetic import benefit_cost_index
from governance.poker.results import latest_results
from governance.poker.words import points_words

if TYPE_CHECKING:
    from governance.models import Initiative
    from governance.poker.results import Line, Result


def poker_part(initiative: Initiative) -> PaperPart | None:
    """Return what the last finished game gave the initiative, or ``None`` where none has."""
    result = latest_results([initiative.pk]).get(initiative.pk)
    if result is None:
        return None
    said = _said(result)
    goals = [
        (_("Mål %(goal)s") % {"goal": line.goal}, _goal_words(line, said.get(line.goal.pk, [])))
        for line in result.lines
    ]
    return PaperPart(_("Nyttepoker"), [(_("Nyttepoeng"), _points_words(initiative, result)), *goals])


def _points_words(initiative: Initiative, result: Result) -> str:
    closed = result.game.closed_at
    told = [
        _("%(points)s nyttepoeng av 100. Største uenighet om et mål: %(spread)s.") % {
            "points": number(result.points, 1), "spread": points_words(result.disagreement),
        },
        _("Spilt i «%(title)s», avsluttet %(day)s.") % {
            "title": result.game.title, "day": long_date(closed) if closed else "",
        },
    ]  # fmt: skip
    cost = None if result.counted_years is None else initiative.lifetime_amount(result.counted_years)
    index = None if cost is None else benefit_cost_index(result.points, cost)
    if cost is not None and index is not None:
        told.append(
            _("Nytte/kost-indeks: %(index)s nyttepoeng per million kroner (kostnad %(cost)s).") % {
                "index": number(index, 1), "cost": kroner(cost),
            }
        )  # fmt: skip
    return "\n".join(told)


def _goal_words(line: Line, cards: list[PokerCard]) -> str:
    row = line.round
    told = [
        _("%(points)s poeng, vekt %(weight)s av 100. Kortene gikk fra %(low)s til %(high)s, uenighet %(spread)s.") % {
            "points": number(row.value or Decimal(0)), "weight": number(line.weight, 1), "low": points_words(row.lowest),
            "high": points_words(row.highest), "spread": points_words(row.spread),
        },
        _("%(votes)s ga poeng, %(abstained)s avsto. Låst i runde %(number)s.") % {
            "votes": row.votes, "abstained": row.abstained, "number": row.number,
        },
    ]  # fmt: skip
    told += [
        _("%(name)s (%(points)s, runde %(number)s): «%(text)s»") % {
            "name": card.player.person, "points": points_words(card.value), "number": card.round.number, "text": card.explanation,
        }
        for card in cards
    ]  # fmt: skip
    return "\n".join(told)


def _said(result: Result) -> dict[int, list[PokerCard]]:
    """Return what the lowest and the highest have explained in the rounds about the initiative, by goal."""
    cards = (
        PokerCard.objects.filter(round__case=result.case)
        .exclude(explanation="")
        .exclude(round__status="broken")
    )
    found: dict[int, list[PokerCard]] = defaultdict(list)
    for card in cards.select_related("round", "player__person").order_by("round", "value", "pk"):
        found[card.round.goal_id].append(card)
    return found
