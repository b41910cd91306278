"""Let the demo's portfolio managers write and publish their reports, with the figures of the days they are about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo.content.read import read_yaml
from portfolio.reporting import operations
from portfolio.reporting.forms import PERIOD
from portfolio.reporting.moments import end_of
from portfolio.reporting.scope import Scope

if TYPE_CHECKING:
    from datetime import datetime

    from demo.seeding.player import Player

_WRITTEN, _PUBLISHED = "10:20", "14:10"


def seed_reports(player: Player) -> None:
    """Write each report the working day after the day it is about; it tells what is new since the one before it."""
    index = player.index
    last: dict[str, datetime] = {}
    for one in read_yaml("portfolio_reports.yaml"):
        area, by = index.units[one["municipality"]], player.actor(one["by"], index.day(one["day"] + 1))
        as_of, now = end_of(index.day(one["day"])), index.at(one["day"] + 1, _WRITTEN)
        scope = Scope(area, as_of, last.get(one["municipality"], as_of - PERIOD))
        draft = operations.draft_report(scope, by=by, now=now)
        written = operations.write_report(
            draft, title=draft.title, summary=one["summary"], advice=one["advice"], version=draft.version, by=by, now=now
        )  # fmt: skip
        if one.get("is_draft"):
            continue
        now = index.at(one["day"] + 1, _PUBLISHED)
        operations.publish_report(written, version=written.version, by=by, now=now)
        last[one["municipality"]] = as_of
