"""Let the projects of the demo tell how they go, month by month, through the operations of the pages."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from portfolio.models import Area
from portfolio.models.money import AMOUNTS
from portfolio.money import operations as money
from portfolio.status import operations
from portfolio.status.wording import FIELDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from demo.content import model
    from demo.seeding.player import Player
    from portfolio.models import BudgetLine

_BEFORE, _CLOCK = "13:20", "14:05"


def events_of(progress: model.Progress, player: Player) -> Iterator[tuple[datetime, Callable[[], None], str]]:
    """Yield what the project is given, each published report, what it has spent by the last of them, and the draft."""
    first, latest = progress.told[0].day, progress.told[-1].day
    yield player.index.at(first, _BEFORE), partial(_fund, progress, player), "budget"
    yield player.index.at(latest, _BEFORE), partial(_account, progress, player), "accounts"
    for told in progress.told:
        yield player.index.at(told.day, _CLOCK), partial(_tell, progress, told, player), "status"
    if (draft := progress.draft) is not None:
        tell = partial(_tell, progress, draft, player, is_draft=True)
        yield player.index.at(draft.day, _CLOCK), tell, "draft of a status"


def _fund(progress: model.Progress, player: Player) -> None:
    """Write the budget lines as they stood in the beginning: nothing spent, and the forecast as the budget."""
    day = progress.told[0].day
    for line in progress.lines:
        amounts = {"budget": line.budget, "committed": 0, "spent": 0, "forecast": line.budget}
        _save(progress, player, day, line, amounts, None)


def _account(progress: model.Progress, player: Player) -> None:
    project, day = player.initiative(progress.key).project, progress.told[-1].day
    for line in progress.lines:
        standing = project.budget_lines.get(year=line.year, source=line.source)
        amounts = {name: getattr(line, name) for name in AMOUNTS}
        _save(progress, player, day, line, amounts, standing)


def _save(
    progress: model.Progress, player: Player, day: int, line: model.MoneyLine, amounts: dict[str, int],
    standing: BudgetLine | None,
) -> None:  # fmt: skip
    values = {
        "year": line.year,
        "source": line.source,
        **{name: Decimal(value) for name, value in amounts.items()},
    }
    money.save_line(
        player.initiative(progress.key).project, values, line=standing, stamp=money.stamp_of(standing),
        by=player.actor(progress.by, player.index.day(day)), now=player.index.at(day, _BEFORE),
    )  # fmt: skip


def _tell(
    progress: model.Progress, told: model.StatusTold, player: Player, *, is_draft: bool = False
) -> None:
    project = player.initiative(progress.key).project
    day, now = player.index.day(told.day), player.index.at(told.day, _CLOCK)
    mark = operations.mark_of(operations.latest_of(project), operations.draft_of(project))
    write = operations.save_draft if is_draft else operations.publish
    write(
        project,
        _values(progress, told, player) | {"day": day},
        mark=mark,
        by=player.actor(progress.by, day),
        now=now,
    )


def _values(progress: model.Progress, told: model.StatusTold, player: Player) -> dict[str, Any]:
    values: dict[str, Any] = dict.fromkeys(FIELDS)
    for area in Area:
        values |= {area.value: "unknown" if area in told.unknown else "good", f"{area}_text": ""}
    for value in ("good", "watch", "bad"):
        for area, text in getattr(told, value).items():
            values |= {area: value, f"{area}_text": text}
    return values | {
        "summary": told.summary, "budget": Decimal(progress.budget), "spent": _amount(told.spent), "forecast": _amount(told.forecast),
        "forecast_ends_on": None if told.expected is None else player.index.day(told.expected),
    }  # fmt: skip


def _amount(value: int | None) -> Decimal | None:
    return None if value is None else Decimal(value)
