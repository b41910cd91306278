"""What text fields with suggestions ask for while somebody types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.views.decorators.http import require_GET

from core.ui import search_options
from deviations.forms.actions import action_field, reusable
from deviations.forms.assessment import service_field
from deviations.forms.people import colleagues, person_field
from organization.models import Service

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request


@require_GET
def people_options(request: Request) -> HttpResponse:
    """Suggest colleagues of the municipality acted for."""
    field = person_field()
    field.queryset = colleagues(request.actor.acting_for_id or 0)
    return search_options(request, field)


@require_GET
def service_options(request: Request) -> HttpResponse:
    """Suggest services of the municipality acted for."""
    field = service_field()
    field.queryset = Service.objects.visible_to(request.actor).filter(
        municipality_id=request.actor.acting_for_id or 0
    )
    return search_options(request, field)


@require_GET
def action_options(request: Request) -> HttpResponse:
    """Suggest actions of the municipality acted for that the person sees."""
    field = action_field()
    field.queryset = reusable(request.actor, request.actor.acting_for_id or 0)
    return search_options(request, field)
