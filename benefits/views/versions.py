"""Two versions of a plan side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_GET

from benefits.models import Benefit
from benefits.versions_presentation import side_by_side
from benefits.views.plan import plan_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request


@require_GET
def plan_versions(request: Request, pk: int) -> HttpResponse:
    initiative, benefits = plan_of(request, pk)
    standing = [row for row in benefits if row.status != Benefit.Status.DROPPED]
    context = {"initiative": initiative, **side_by_side(initiative, standing, request.GET.dict())}
    return render(request, "benefits/plan_versions.html", context)
