"""The request as the kernel sees it: with whoever acts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from core.actors import Actor


class ActorRequest(HttpRequest):
    """A request of somebody who is logged in (LoginRequiredMiddleware sees to it)."""

    actor: Actor
