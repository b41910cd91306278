"""Who leads nyttepoker, and who plays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.policies import may_arrange_in

if TYPE_CHECKING:
    from core.actors import Actor
    from governance.models import PokerGame


def may_host(actor: Actor, municipality_id: int, /) -> bool:
    """The secretariat: whoever of them is there goes on where the facilitator is lost."""
    return may_arrange_in(actor, municipality_id)


def may_lead_game(actor: Actor, game: PokerGame, /) -> bool:
    return may_host(actor, game.municipality_id)
