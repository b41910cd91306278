"""Write the pilots of the demo, and let whoever leads them say how they went."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from benefits.operations import pilot as operations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from demo.content import model
    from demo.seeding.player import Player

_CLOCK = "11:25"


def events_of(pilot: model.Pilot, player: Player) -> Iterator[tuple[datetime, Callable[[], None], str]]:
    """Yield when the pilot is written, and when it is concluded."""
    yield player.index.at(pilot.written, _CLOCK), lambda: _write(pilot, player), "pilot"
    if (day := pilot.concluded) is not None:
        yield player.index.at(day, _CLOCK), lambda: _conclude(pilot, day, player), "conclusion"


def _write(pilot: model.Pilot, player: Player) -> None:
    index, day = player.index, pilot.written
    values = {
        "hypothesis": pilot.hypothesis, "cap": Decimal(pilot.cap), "ends_on": index.day(pilot.ends),
        "stop_criterion": pilot.stop_criterion,
    }  # fmt: skip
    by, now = player.actor(pilot.by, index.day(day)), index.at(day, _CLOCK)
    operations.save_pilot(player.initiative(pilot.key), values, by=by, now=now)


def _conclude(pilot: model.Pilot, day: int, player: Player) -> None:
    by, now = player.actor(pilot.by, player.index.day(day)), player.index.at(day, _CLOCK)
    spent = None if pilot.spent is None else Decimal(pilot.spent)
    operations.conclude_pilot(
        player.initiative(pilot.key), pilot.outcome, pilot.learned, spent, by=by, now=now
    )
