"""The ranked list as the notice of a meeting has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core.formats import kroner, number

if TYPE_CHECKING:
    from governance.meeting_presentation import AgendaLine
    from governance.pdf.agenda import RankedEntry
    from governance.scoring.agenda import Ranked, RankedAgenda


def ranking_data(ranking: RankedAgenda) -> list[RankedEntry]:
    """Return the rows of the list; none where nothing on the agenda has points."""
    if not ranking.has_points:
        return []
    return [_row(one) for one in ranking.rows] + [_hidden(line) for line in ranking.hidden]


def _hidden(line: AgendaLine) -> RankedEntry:
    return {"number": line.item.case_number, "title": line.public_title, "hidden": True}


def _row(one: Ranked) -> RankedEntry:
    line, standing = one.line, one.standing
    points = [] if standing.score is None else [number(standing.score, 0)]
    if standing.benefit_points is not None:
        points.append(_("%(points)s nyttepoeng") % {"points": number(standing.benefit_points, 1)})
    entry: RankedEntry = {
        "number": line.item.case_number, "title": line.title, "public_title": line.public_title, "place": one.place,
        "exact": None if standing.score is None else str(standing.score), "law": standing.law, "late": standing.came_late,
        "points": [*points, *standing.behind_score], "reasons": standing.told, "amount": kroner(standing.amount),
    }  # fmt: skip
    initiative = line.initiative
    if initiative is not None and initiative.is_shielded:
        entry["shielding"] = str(initiative.get_shield_basis_display())
    return entry
