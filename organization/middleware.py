"""Give every request its actor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.functional import SimpleLazyObject

from organization.actors import PersonActor, person_actor

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


def actor(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Set ``request.actor``: the person logged in with today's roles, or ``None``."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: _actor(request))  # type: ignore[attr-defined]
        return get_response(request)

    return middleware


def _actor(request: HttpRequest) -> PersonActor | None:
    if not request.user.is_authenticated:
        return None
    acting_for = request.session.get("acting_for")
    if request.user.grants is None:  # who has logged in during this very request
        return person_actor(request.user, acting_for=acting_for)
    return PersonActor(request.user, request.user.grants, acting_for)
