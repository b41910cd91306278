"""The cases of an agenda in order of their points, each with the reasons; what the law demands goes first, and costs the same."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from governance.scoring.arithmetic import places
from governance.scoring.standing import read, standings

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from governance.meeting_presentation import AgendaLine
    from governance.models import AgendaItem
    from governance.scoring.standing import Standing
    from organization.actors import PersonActor


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """One case with what speaks for it.  ``place`` is counted among the cases that are shown."""

    line: AgendaLine
    standing: Standing
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedAgenda:
    """What the law demands apart, then the others in their order, and what each part costs.

    Of what is ``hidden`` from whoever reads nothing is told but that it is on the agenda.
    """

    statutory: list[Ranked]
    others: list[Ranked]
    hidden: list[AgendaLine]
    is_kept: bool

    @property
    def rows(self) -> list[Ranked]:
        return [*self.statutory, *self.others]

    @property
    def has_points(self) -> bool:
        """Tell whether any case is ranked at all: without points it is but the agenda once more."""
        return any(one.standing.has_points for one in self.rows)

    @property
    def statutory_amount(self) -> Decimal:
        return sum((one.standing.amount for one in self.statutory), Decimal(0))

    @property
    def amount(self) -> Decimal:
        return sum((one.standing.amount for one in self.rows), Decimal(0))


def ranked_agenda(lines: Sequence[AgendaLine], actor: PersonActor) -> RankedAgenda:
    """Return the cases that ``actor`` reads in order, as the list went out; before that as it is now, in five statements.

    Those without points stand last.  Where the papers are out, what was not kept then is not made up today.
    """
    if any(line.item.meeting.papers_are_out for line in lines):
        return kept_agenda(lines)
    asked = [line for line in lines if _is_case(line.item)]
    by_item = {line.item.pk: line for line in asked if _reads(line)}
    cases = [(line.item, line.initiative) for line in by_item.values() if line.initiative is not None]
    found = [(by_item[item.pk], standing) for item, standing in standings(cases, actor)]
    return _agenda(found, [line for line in asked if line.item.pk not in by_item], is_kept=False)


def kept_agenda(lines: Iterable[AgendaLine]) -> RankedAgenda:
    """Return the list as it went out with the summons; empty where none did."""
    asked = [line for line in lines if line.item.ranking is not None and _is_case(line.item)]
    found = [(line, read(cast("dict[str, Any]", line.item.ranking))) for line in asked if _reads(line)]
    found.sort(key=lambda pair: _order(pair[1]))
    return _agenda(found, [line for line in asked if not _reads(line)], is_kept=bool(asked))


def _agenda(
    found: Sequence[tuple[AgendaLine, Standing]], hidden: list[AgendaLine], *, is_kept: bool
) -> RankedAgenda:
    # Where something is hidden a gap in the places would tell where that stands.
    in_turn = [one for _line, one in found if not one.is_statutory and not one.came_late]
    counted = iter(places([one.score for one in in_turn]))
    rows = []
    for line, one in found:
        anew = next(counted) if not one.is_statutory and not one.came_late else ""
        rows.append(Ranked(line=line, standing=one, place=anew if hidden else one.place))
    return RankedAgenda(
        statutory=[row for row in rows if row.standing.is_statutory],
        others=[row for row in rows if not row.standing.is_statutory], hidden=hidden, is_kept=is_kept,
    )  # fmt: skip


def _is_case(item: AgendaItem) -> bool:
    """Tell whether it is an initiative that the council decides."""
    return item.kind == item.Kind.DECISION and item.matter_id is None and item.initiative_id is not None


def _reads(line: AgendaLine) -> bool:
    # What the archive is sent is made of rows that nobody's access was asked for.
    return line.is_readable and line.initiative is not None and getattr(line.initiative, "reads_papers", True)


def _order(one: Standing) -> tuple[bool, bool, Decimal]:
    return one.came_late, one.score is None, -(one.score or Decimal(0))
