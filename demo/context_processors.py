"""The people that can be picked on the log-in page: only ever in demo mode."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.functional import SimpleLazyObject

from demo.people import list_people
from demo.seeding.organization import PASSWORD

if TYPE_CHECKING:
    from django.http import HttpRequest


def people(request: HttpRequest) -> dict[str, Any]:
    """Return the demo people for the log-in page; nothing anywhere else or in any other mode."""
    match = request.resolver_match
    if not settings.DEMO_MODE or match is None or match.view_name != "account_login":
        return {}
    return {"demo_people": SimpleLazyObject(list_people), "demo_password": PASSWORD}
