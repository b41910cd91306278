"""Let the demo's portfolio managers judge their own portfolio management, and lock it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from demo.content.read import read_yaml
from portfolio.maturity import operations
from portfolio.models import Prerequisite

if TYPE_CHECKING:
    from demo.seeding.player import Player

_CLOCK = "13:45"


def seed_maturity(player: Player) -> None:
    index = player.index
    for one in read_yaml("maturity.yaml"):
        by, now = player.actor(one["by"], index.day(one["day"])), index.at(one["day"], _CLOCK)
        review = operations.start_review(index.units[one["municipality"]], by=by, now=now)
        for key, given in one["answers"].items():
            operations.answer(review, Prerequisite(key), _values(given, player), by=by, now=now)
        if not one.get("is_draft"):
            operations.lock_review(review, by=by, now=now)


def _values(given: dict[str, Any], player: Player) -> dict[str, Any]:
    index = player.index
    return {
        "level": given["level"], "grounds": given["grounds"], "next_step": given.get("next", ""),
        "owner": index.people[given["owner"]] if "owner" in given else None, "due_on": index.day(given["due"]) if "due" in given else None,
    }  # fmt: skip
