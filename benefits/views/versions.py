"""Two versions of a plan side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_GET

from benefits.versions_presentation import side_by_side
from benefits.views.plan import plan_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request


@require_GET
def plan_versions(request: Request, pk: int) -> HttpResponse:
    initiative, benefits = plan_of(request, pk)
    compared = side_by_side(initiative, benefits, request.actor, request.GET.dict())
    context = {"initiative": initiative, **compared}
    return render(request, "benefits/plan_versions.html", context)
