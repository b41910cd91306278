"""Let the demo's secretariats adopt criteria and give points, and its chiefs of finance register frames."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from demo.content.read import read_yaml
from governance.models import CriteriaSet, Initiative
from governance.models.status import SCORABLE, Status
from governance.scoring import operations
from organization.actors import people_in_roles, person_actor
from organization.roles import Role
from portfolio.ranking.operations import set_frame

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from demo.content import model
    from demo.seeding.player import Player
    from organization.actors import PersonActor

_CLOCK = "10:40"
_LATER = timedelta(minutes=9)


def seed_criteria(player: Player) -> None:
    """Adopt the criteria, before anybody assesses by them; the secretariat has begun on the next version."""
    content = read_yaml("scores.yaml")
    for one in content["criteria"]:
        _adopt(player, one)
    _draft_next(player, content["criteria"][0])


def assess_agenda(player: Player, meeting: model.Meeting) -> None:
    """Let those who assess do so before the notice of a meeting goes out, so that the ranked list goes with it."""
    content = read_yaml("scores.yaml")
    one = next((row for row in content["criteria"] if row["municipality"] == meeting.council), None)
    if one is None or one["day"] > meeting.summons_day:
        return
    cases = [player.initiative(item.initiative) for item in meeting.agenda if item.kind == "decision"]
    rows = [row for row in cases if row.status == Status.ON_AGENDA]
    _assess_all(player, one, rows, content, day=meeting.summons_day)


def seed_scores(player: Player) -> None:
    """Register the frames, and let two people assess what waits for the council; one case is left."""
    content, index = read_yaml("scores.yaml"), player.index
    for one in content["frames"]:
        year = index.day(0).year + one["years"]
        by, now = player.actor(one["by"], index.day(one["day"])), index.at(one["day"], _CLOCK)
        set_frame(
            index.units[one["municipality"]], year=year, amount=Decimal(one["amount"]), source=one["source"], by=by, now=now
        )  # fmt: skip
    for one in content["criteria"]:
        waiting = Initiative.objects.filter(
            municipality=index.units[one["municipality"]], status__in=sorted(SCORABLE), assessments=None
        )
        _assess_all(player, one, waiting.order_by("pk"), content, day=-2, leaves_one=True)


def _adopt(player: Player, one: dict[str, Any]) -> None:
    index, municipality = player.index, player.index.units[one["municipality"]]
    by, now = player.actor(one["by"], index.day(one["day"])), index.at(one["day"], _CLOCK)
    operations.draft_criteria(municipality, by=by, now=now)
    operations.adopt_criteria(
        municipality, adopted_by=one["adopted_by"], adopted_on=index.day(one["day"]), by=by, now=now
    )


def _draft_next(player: Player, one: dict[str, Any]) -> None:
    """Let the secretariat have begun on the next version."""
    by, now = player.actor(one["by"], player.index.day(-3)), player.index.at(-3, _CLOCK)
    operations.draft_criteria(player.index.units[one["municipality"]], by=by, now=now)


def _assess_all(
    player: Player, one: dict[str, Any], rows: Iterable[Initiative], content: dict[str, Any], *, day: int, leaves_one: bool = False
) -> None:  # fmt: skip
    """Let the secretary assess each case and a member too, with what they say of it; where ``leaves_one`` only every other."""
    index, municipality = player.index, player.index.units[one["municipality"]]
    counting = operations.current_set(municipality.pk)
    assert counting is not None
    members = people_in_roles([Role.COUNCIL_MEMBER], municipality_id=municipality.pk, day=index.day(day))
    now, points = index.at(day, _CLOCK), content["points"]
    known = player.initiatives
    notes = {known[key].pk: said for key, said in content["notes"].items() if key in known}
    for number, initiative in enumerate(rows):
        given, said = points[number % len(points)], [*notes.get(initiative.pk, ()), "", ""]
        secretary = player.actor(one["by"], index.day(day))
        _assess(initiative, counting, secretary, given, note=said[0], now=now + _LATER)
        if not members or initiative.is_shielded or (leaves_one and number % 2):
            continue
        member = members[number // (1 + leaves_one) % len(members)]
        operations.name_assessor(initiative, member, by=secretary, now=now)
        if number or not leaves_one:  # the first still waits in the inbox of whoever is asked
            by = person_actor(member, day=index.day(day))
            higher = [min(5, value + max(1, number % 3)) for value in given]
            _assess(initiative, counting, by, higher, note=said[1], now=now + _LATER)


def _assess(
    initiative: Initiative, counting: CriteriaSet, by: PersonActor, given: list[int], *, note: str, now: datetime
) -> None:  # fmt: skip
    points = {row.pk: one for row, one in zip(counting.criteria.all(), given, strict=True)}
    operations.assess(initiative, points, note=note, criteria_set=counting, by=by, now=now)
