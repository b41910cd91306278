"""Choose which of one's municipalities to act for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponseRedirect
from django.views.decorators.http import require_POST

from core.views import back_to

if TYPE_CHECKING:
    from organization.http import Request


@require_POST
def act_for(request: Request) -> HttpResponseRedirect:
    """Act for another of the municipalities one has a role in; it stands in the history of what one does."""
    chosen = request.POST.get("municipality", "")
    own = {str(pk): pk for pk in request.actor.municipality_ids}
    if chosen not in own:
        raise Http404
    request.session["acting_for"] = own[chosen]
    return HttpResponseRedirect(back_to(request))
