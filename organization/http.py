"""The request as every view of the house sees it: with its actor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.http import ActorRequest

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from organization.actors import PersonActor


class Request(ActorRequest):
    """A request of somebody who is logged in (LoginRequiredMiddleware sees to it)."""

    actor: PersonActor
    htmx: HtmxDetails
