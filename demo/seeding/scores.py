"""Let the demo's secretariats adopt criteria and give points, and its chiefs of finance register frames."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from demo.content.read import read_yaml
from governance.models import CriteriaSet, Initiative
from governance.models.status import SCORABLE
from governance.scoring import operations
from organization.actors import people_in_roles, person_actor
from organization.roles import Role
from portfolio.ranking.operations import set_frame

if TYPE_CHECKING:
    from demo.seeding.player import Player
    from organization.models import Person

_CLOCK = "10:40"
_LATER = timedelta(minutes=9)


def seed_scores(player: Player) -> None:
    """Adopt the criteria, register the frames, and let two people assess what waits for the council; one case is left."""
    content, index = read_yaml("scores.yaml"), player.index
    for one in content["criteria"]:
        _adopt(player, one)
    _draft_next(player, content["criteria"][0])
    for one in content["frames"]:
        year = index.day(0).year + one["years"]
        by, now = player.actor(one["by"], index.day(one["day"])), index.at(one["day"], _CLOCK)
        set_frame(
            index.units[one["municipality"]], year=year, amount=Decimal(one["amount"]), source=one["source"], by=by, now=now
        )  # fmt: skip
    for one in content["criteria"]:
        _assess_waiting(player, one, content["points"])


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


def _assess_waiting(player: Player, one: dict[str, Any], points: list[list[int]]) -> None:
    municipality = player.index.units[one["municipality"]]
    counting = operations.current_set(municipality.pk)
    assert counting is not None
    rows = Initiative.objects.filter(municipality=municipality, status__in=sorted(SCORABLE)).order_by("pk")
    members = people_in_roles([Role.COUNCIL_MEMBER], municipality_id=municipality.pk)
    for number, initiative in enumerate(rows):
        given = points[number % len(points)]
        secretary = player.actor(one["by"], player.index.day(-2))
        _assess(initiative, counting, secretary.person, given, player)
        if members and number % 2 == 0 and not initiative.is_shielded:
            member, now = members[number // 2 % len(members)], player.index.at(-2, _CLOCK)
            operations.name_assessor(initiative, member, by=secretary, now=now)
            if number:  # the first still waits in the inbox of whoever is asked
                _assess(initiative, counting, member, [min(5, one + number % 3) for one in given], player)


def _assess(
    initiative: Initiative, counting: CriteriaSet, person: Person, given: list[int], player: Player
) -> None:
    by = person_actor(person, day=player.index.day(-2))
    criteria = list(counting.criteria.all())
    points = {row.pk: one for row, one in zip(criteria, given, strict=True)}
    now = player.index.at(-2, _CLOCK) + _LATER
    operations.assess(initiative, points, note="", criteria_set=counting, by=by, now=now)
