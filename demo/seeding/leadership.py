"""Let the demo's leaders set targets, and find from history what their numbers were some weeks ago."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from demo.content.read import read_yaml
from governance.models import Status
from governance.models.status import ADOPTED_AND_LATER, FINAL
from leadership.areas import SPAN, kept_areas
from leadership.figures.keeping import keep_numbers
from leadership.models import Key, Snapshot, Target
from leadership.operations import set_target, stamp_of
from portfolio.reporting.figures import figures_of
from portfolio.reporting.history import read
from portfolio.reporting.moments import end_of
from portfolio.reporting.scope import Scope

if TYPE_CHECKING:
    from datetime import date

    from demo.seeding.player import Player
    from organization.models import Unit

_CLOCK = "09:30"
_OPEN = sorted({*Status.values} - {Status.DRAFT, *FINAL, *ADOPTED_AND_LATER})
_WAITING = {"waiting": "select count(*) as number from cases where is_here and status = any(%(open)s)"}


def seed_leadership(player: Player) -> None:
    """Set the targets in their order, and keep the numbers of today and of the day they are compared with."""
    for one in read_yaml("leadership_targets.yaml"):
        _set_target(player, one["municipality"], one["key"], one)
    today = timezone.localdate()
    for area in kept_areas(today):
        _keep_past(area, today - SPAN)
    keep_numbers(now=timezone.now())


def _set_target(player: Player, municipality: str, key: str, one: dict[str, Any]) -> None:
    index, area = player.index, player.index.units[municipality]
    by, now = player.actor(str(one["by"]), index.day(one["day"])), index.at(one["day"], _CLOCK)
    seen = stamp_of(Target.objects.filter(area=area, key=key).first())
    set_target(
        area, key, value=Decimal(str(one["value"])), reason=str(one["reason"]), seen=seen, by=by, now=now
    )


def _keep_past(area: Unit, day: date) -> None:
    """Keep what the numbers of an area were at the end of a day, as the portfolio's history tells them."""
    as_of = end_of(day)
    scope = Scope(area, as_of, as_of)
    found = figures_of(scope)
    projects = [row for row in found["projects"] if not row.get("is_shielded")]
    needy = projects[0]["number_needy"] if projects else 0
    money: dict[str, Any] = next((row for row in found["money"] if row["year"] == day.year), {})
    points: dict[str, Any] = next((row for row in found["benefits"] if row["year"] == day.year), {})
    waiting = read(scope.cases, _WAITING, {**scope.values, "open": _OPEN})["waiting"][0]["number"]
    numbers = {
        Key.NEEDY: (needy, len(projects)), Key.MONEY: (money.get("forecast"), money.get("budget")),
        Key.BENEFITS: (points.get("made", 0), points.get("due", 0)), Key.QUEUE: (waiting, None),
    }  # fmt: skip
    Snapshot.objects.bulk_create(
        Snapshot(area=area, key=key, day=day, value=value, whole=whole)
        for key, (value, whole) in numbers.items()
    )
