"""Who is told of a game.  Only its own title is told, never what it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from core import notices
from core.notices import Draft

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from governance.models import PokerGame, PokerPlayer


def tell_players(game: PokerGame, players: Iterable[PokerPlayer], *, now: datetime) -> None:
    """Tell those invited that the game is open; each once."""
    title = _("Du er invitert til nyttepoker: %(title)s") % {"title": game.title}
    body = _("Åpne spillet på din egen telefon eller PC, og bli med.")
    url = reverse("governance:poker_play", args=[game.pk])
    drafts = [
        Draft(person=player.person, event="poker_opened", title=title, body=body, url=url)
        for player in players
    ]
    notices.post(drafts, about=game, now=now)
