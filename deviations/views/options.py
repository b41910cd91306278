"""What text fields with suggestions ask for while somebody types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.views.decorators.http import require_GET

from core.ui import search_options
from deviations.forms.people import colleagues, person_field

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request


@require_GET
def people_options(request: Request) -> HttpResponse:
    """Suggest colleagues of the municipality acted for."""
    field = person_field()
    field.queryset = colleagues(request.actor.acting_for_id or 0)
    return search_options(request, field)
