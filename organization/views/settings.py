"""What an administrator can set, in one list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.views.decorators.http import require_GET

from core import jobs
from core.panels import settings_links
from organization import policies
from organization.panels import own_links
from organization.views._pages import page, require

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request


@require_GET
def panel_list(request: Request) -> HttpResponse:
    """Show the links of this app and those that the apps above plug in."""
    own = own_links(request.actor)
    plugged = settings_links(request.actor)
    require(bool(own or plugged))
    return page(request, "settings_list.html", {"own": own, "plugged": plugged, "tab": "settings"})


@require_GET
def job_list(request: Request) -> HttpResponse:
    """Show how the background jobs of the installation go."""
    require(policies.may_manage_municipality(request.actor, request.actor.acting_for_id))
    lines = jobs.statuses()
    none_ran = not any(line.done_at for line in lines)
    return page(request, "job_list.html", {"jobs": lines, "none_ran": none_ran, "tab": "settings"})
