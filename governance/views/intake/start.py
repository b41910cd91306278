"""Begin a draft, with a look at what resembles it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from governance import drafting
from governance.forms.intake import StartForm
from governance.mandates import mandate_today
from governance.models import Initiative
from governance.presentation import HOLDERS, who_has_it
from organization.actors import people_with
from organization.models import Unit
from organization.roles import Permission, Role

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request

SHORTEST_TITLE = 4
SHOWN_ALIKE = 5


@require_http_methods(["GET", "POST"])
def start(request: Request) -> HttpResponse:
    ground = drafting.ground_of(request.actor, timezone.localdate())
    if ground.is_empty:
        return _not_allowed(request)
    choices: dict[str, Any] = {
        "units": ground.units, "participants": ground.participants, "groups": ground.groups,
        "initial": {"unit": _own_unit(request)},
    }  # fmt: skip
    if request.method == "GET":
        return render(request, "governance/intake_start.html", {"form": StartForm(**choices)})
    form = StartForm(request.POST, **choices)
    if not form.is_valid():
        return render(request, "governance/intake_start.html", {"form": form}, status=422)
    alike = [] if "seen" in request.POST else _alike(request, form.cleaned_data["title"])
    if alike:
        return render(
            request, "governance/intake_start.html", {"form": form, "alike": alike, "asks": True}, status=422
        )
    given = {"participants": [], "professional_group": None, **form.cleaned_data}
    draft = drafting.begin_draft(**given, by=request.actor, now=timezone.now())
    return redirect("governance:intake_hub", draft.pk)


@require_GET
def similar(request: Request) -> HttpResponse:
    """Answer with those that look like the title so far."""
    alike = _alike(request, request.GET.get("title", ""))
    return render(request, "governance/intake_start.html#alike", {"alike": alike})


def _alike(request: Request, title: str) -> list[dict[str, Any]]:
    text = title.replace("\0", "").strip()[:200]
    if len(text) < SHORTEST_TITLE:
        return []
    rows = Initiative.objects.visible_to(request.actor).looking_like(text).select_related("unit", *HOLDERS)
    return [{"initiative": row, "holder": who_has_it(row)} for row in rows[:SHOWN_ALIKE]]


def _own_unit(request: Request) -> int | None:
    """Return the unit of the person's own work in the municipality acted for."""
    here = [g.unit_id for g in request.actor.grants if g.municipality_id == request.actor.acting_for_id]
    return here[0] if here else None


def _not_allowed(request: Request) -> HttpResponse:
    """Say who may raise initiatives here, and whom to ask."""
    municipality = Unit.objects.filter(pk=request.actor.acting_for_id).first()
    context: dict[str, Any] = {"municipality": municipality, "roles": [], "helpers": []}
    if municipality is not None:
        roles = mandate_today(municipality).submitting_roles
        context["roles"] = [Role(role).label for role in roles]
        context["helpers"] = people_with(Permission.TRIAGE, municipality_id=municipality.pk)[:3]
    return render(request, "governance/intake_not_allowed.html", context, status=403)
