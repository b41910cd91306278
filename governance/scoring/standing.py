"""Where a case stands among those of its meeting, and why: as it is found, and as it went out with the summons."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.actors import System
from core.formats import local_day, number, short_date
from governance.delegation import whole_life
from governance.models import AgendaItem, InitiativeGoal
from governance.poker.results import latest_results
from governance.poker.words import points_words
from governance.scoring.arithmetic import MOST_POINTS, places
from governance.scoring.presentation import latest_scored

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from core.actors import Actor
    from governance.models import Initiative, Meeting
    from governance.poker.results import Result
    from governance.scoring.presentation import Row, Scored

_HIGH, _LOW = MOST_POINTS - 1, 1
"""A criterion speaks for a case from this mean on, and against it down to that."""
_EXACT = Decimal("0.000001")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is told of one case.  ``place`` is in words; what the law demands has none, nor what came after the summons."""

    place: str
    is_statutory: bool
    basis: str
    deadline: date | None
    criteria: int | None
    """The version of the criteria that it was assessed by."""
    score: Decimal | None
    spread: Decimal
    assessors: int
    benefit_points: Decimal | None
    goals: list[str]
    reasons: list[str]
    """What the assessors and the players found, in words."""
    amount: Decimal
    came_late: bool = False

    @property
    def has_points(self) -> bool:
        return self.score is not None or self.benefit_points is not None

    @property
    def law(self) -> str:
        """Why the case goes before the ranking, in words; nothing where it does not."""
        if not self.is_statutory:
            return ""
        told = [self.basis or _("Hjemmel ikke oppgitt")]
        return ", ".join(
            told + ([_("frist %(day)s") % {"day": short_date(self.deadline)}] if self.deadline else [])
        )

    @property
    def behind_score(self) -> list[str]:
        """How many gave the score, how far they stood from one another, and by which criteria."""
        if self.score is None:
            return []
        many = ngettext("%(n)d bedømmer", "%(n)d bedømmere", self.assessors) % {"n": self.assessors}
        far = [_("avstand %(n)s") % {"n": number(self.spread, 0)}] if self.assessors > 1 else []
        return [many, *far, _("kriterier versjon %(number)s") % {"number": self.criteria}]

    @property
    def told(self) -> list[str]:
        """The goals it serves and the reasons, a line each."""
        goals = (
            _("Mål: %(goals)s.") % {"goals": ", ".join(self.goals)}
            if self.goals
            else _("Ingen strategiske mål er koblet.")
        )
        late = (
            [_("Satt på sakslista etter at innkallingen gikk ut, og har ingen plass.")]
            if self.came_late
            else []
        )
        return [*late, goals, *self.reasons]


def read(kept: Mapping[str, Any]) -> Standing:
    """Return what was kept with an item of an agenda."""
    values = dict(kept)
    for name in ("score", "spread", "benefit_points", "amount"):
        values[name] = None if values[name] is None else Decimal(values[name])
    values["deadline"] = date.fromisoformat(values["deadline"]) if values["deadline"] else None
    return Standing(**values)


def standings(
    cases: Sequence[tuple[AgendaItem, Initiative]], actor: Actor
) -> list[tuple[AgendaItem, Standing]]:
    """Return what ``actor`` is told of some cases now, the highest first.  Five statements."""
    initiatives = [initiative for _item, initiative in cases]
    links = Prefetch("goal_links", InitiativeGoal.objects.select_related("goal").order_by("goal__code"))
    prefetch_related_objects(initiatives, links, "cost_lines")
    ids = [initiative.pk for initiative in initiatives]
    scored, played = latest_scored(ids, actor), latest_results(ids)
    ordered = sorted(cases, key=lambda pair: _order(scored.get(pair[1].pk)))
    free = [initiative.pk for _item, initiative in ordered if not initiative.is_statutory]
    place = dict(zip(free, places([_mean(scored.get(pk)) for pk in free]), strict=True))
    return [
        (item, _standing(item, one, place.get(one.pk, ""), scored.get(one.pk), played.get(one.pk)))
        for item, one in ordered
    ]


def _standing(
    item: AgendaItem, initiative: Initiative, place: str, scored: Scored | None, poker: Result | None
) -> Standing:
    mean = _mean(scored)
    return Standing(
        place=place, is_statutory=bool(initiative.is_statutory), basis=initiative.statutory_basis if initiative.is_statutory else "",
        deadline=initiative.statutory_deadline if initiative.is_statutory else None,
        criteria=scored.criteria_set.number if scored else None, score=None if mean is None else mean.quantize(_EXACT),
        spread=scored.spread.quantize(_EXACT) if scored else Decimal(0), assessors=len(scored.assessments) if scored else 0,
        benefit_points=poker.points.quantize(_EXACT) if poker else None,
        goals=[str(link.goal) for link in initiative.goal_links.all()], reasons=[*_score_words(scored), *_poker_words(poker)],
        amount=whole_life(initiative, local_day(item.meeting.starts_at)),
    )  # fmt: skip


def _mean(scored: Scored | None) -> Decimal | None:
    return scored.mean if scored else None


def _order(scored: Scored | None) -> tuple[bool, Decimal]:
    mean = _mean(scored)
    return mean is None, -(mean or Decimal(0))


# --- Kept with the summons -----------------------------------------------------------------------
def keep_standings(meeting: Meeting, *, now: datetime) -> None:
    """Keep the ranked list with the agenda that goes out: from now on it is not changed."""
    found = standings(_to_rank(meeting), System("summons"))
    _keep([(item, asdict(standing)) for item, standing in found], now)


def keep_late(item: AgendaItem, *, now: datetime) -> None:
    """Keep what is known of a case that was put on an agenda that is out; the others keep their places."""
    cases = [pair for pair in _to_rank(item.meeting) if pair[0].pk == item.pk]
    found = standings(cases, System("summons"))
    _keep([(one, asdict(standing) | {"place": "", "came_late": True}) for one, standing in found], now)


def _to_rank(meeting: Meeting) -> list[tuple[AgendaItem, Initiative]]:
    items = meeting.items.on_agenda().filter(
        kind=AgendaItem.Kind.DECISION, initiative__isnull=False, matter=None
    )
    cases = []
    for item in items.select_related("initiative").order_by("position", "pk"):
        initiative = cast("Initiative", item.initiative)
        item.meeting, initiative.municipality = meeting, meeting.municipality
        cases.append((item, initiative))
    return cases


def _keep(found: Iterable[tuple[AgendaItem, dict[str, Any]]], now: datetime) -> None:
    items = []
    for item, kept in found:
        item.ranking = kept
        item.stamp(now)
        items.append(item)
    AgendaItem.objects.bulk_update(items, ["ranking", "changed_at"])


# --- The reasons, in words -----------------------------------------------------------------------
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
    return told + [f"«{row.note}»" for row in scored.assessments if row.note]


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
