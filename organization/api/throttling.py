"""How often a client may call."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.core.cache import cache
from rest_framework.throttling import BaseThrottle

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.views import APIView

    from organization.api.authentication import Caller

MINUTE = 60


class ClientThrottle(BaseThrottle):
    """So many calls in each minute of the clock, counted in the cache for all web processes together."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        caller = cast("Caller | None", request.auth)
        if caller is None:
            return True
        return calls_this_minute(f"api/{caller.client_id}") <= settings.API_CALLS_PER_MINUTE

    def wait(self) -> float:
        return seconds_left()


def calls_this_minute(name: str) -> int:
    """Count a call under ``name`` and return how many there are in this minute."""
    key = f"calls/{name}/{int(time.time() // MINUTE)}"
    try:
        return int(cache.incr(key))
    except ValueError:
        return 1 if cache.add(key, 1, timeout=2 * MINUTE) else int(cache.incr(key))


def seconds_left() -> float:
    """Return how long it is until the next minute begins."""
    return MINUTE - time.time() % MINUTE
