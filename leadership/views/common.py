"""The area a page is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from leadership.areas import Place, areas_of, found

if TYPE_CHECKING:
    from organization.http import Request
    from organization.models import Unit


def place_of(request: Request) -> tuple[Place, list[Unit]]:
    """Return the area that the address names, and those the actor may choose from.

    :raises PermissionDenied: the actor leads nothing; Http404: the area is not theirs.
    """
    now = timezone.now()
    areas = areas_of(request.actor, timezone.localdate(now))
    if not areas:
        raise PermissionDenied
    area = found(areas, request.GET)
    if area is None:
        raise Http404
    return Place(request.actor, area, now), areas
