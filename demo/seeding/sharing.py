"""Let the demo's finished benefits be told of, and its enthusiasts be nominated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from benefits.sharing import operations
from demo.content.read import read_yaml
from organization.actors import person_actor

if TYPE_CHECKING:
    from demo.seeding.player import Player
    from organization.models import Person

_CLOCK = "13:05"
_TEXTS = ("did", "gave", "differently")


def seed_sharing(player: Player) -> None:
    """Tell the stories, each by its service owner, and open the award with its nominations."""
    content: dict[str, Any] = read_yaml("sharing.yaml")
    for story in content["stories"]:
        benefit = player.initiative(story["key"]).benefits.get(title=story["title"])
        texts = {name: story[name] for name in _TEXTS}
        operations.tell_story(
            benefit, title=story["headline"], **texts, is_shared=story["shared"], by=person_actor(cast("Person", benefit.service_owner)),
            now=player.index.at(story["day"], _CLOCK),
        )  # fmt: skip
    award, index = content["award"], player.index
    now = index.at(award["day"], _CLOCK)
    opener = player.actor(award["opened_by"], index.day(award["day"]))
    opened = operations.open_award(index.units[award["municipality"]], by=opener, now=now)
    for one in award["nominations"]:
        by = player.actor(one["by"], index.day(award["day"]))
        operations.nominate(
            opened, nominee=index.people[one["nominee"]], reason=one["reason"], by=by, now=now
        )
