"""The hub of a draft: its sections, what is still demanded, and who writes together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.whole import whole
from governance import drafting, operations
from governance.forms.intake import CoEditorForm
from governance.guards import rules_of
from governance.intake import all_sections, readiness_of, related_rows
from governance.panels import initiative_panels
from governance.views.intake.common import load_open

if TYPE_CHECKING:
    from governance.models import Initiative
    from organization.http import Request
    from organization.models import Person


@never_cache
@require_GET
def hub(request: Request, pk: int) -> HttpResponse:
    initiative = load_open(request, pk, *related_rows(told=False))
    if isinstance(initiative, HttpResponse):
        return initiative
    editors = drafting.editors_of(initiative, request.actor, timezone.now())
    saved = [editor.at for editor in editors if editor.at]
    context = {
        "initiative": initiative,
        "sections": [
            {
                "section": s,
                "url": s.url(initiative),
                "state": s.state_of(initiative),
                "lacking": s.lacking(initiative),
            }
            for s in all_sections()
        ],
        "readiness": readiness_of(initiative, rules_of(initiative)),
        "editors": editors,
        "last_saved": max(saved, default=initiative.changed_at),
        "panels": initiative_panels(initiative, request.actor),
    }
    return render(request, "governance/intake_hub.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def co_editors(request: Request, pk: int) -> HttpResponse:
    """Show who writes together; add one, or take one out."""
    initiative = load_open(request, pk)
    if isinstance(initiative, HttpResponse):
        return initiative
    if request.method == "POST" and "remove" in request.POST:
        return _remove_co_editor(request, initiative)
    form = CoEditorForm(request.POST or None, initiative=initiative)
    if form.is_valid():
        person = form.cleaned_data["person"]
        operations.add_co_editor(initiative, person=person, by=request.actor, now=timezone.now())
        messages.success(request, _("%(name)s kan nå skrive i kladden.") % {"name": person})
        return redirect("governance:intake_co_editors", pk)
    context = {
        "initiative": initiative,
        "form": form,
        "editors": drafting.editors_of(initiative, request.actor, timezone.now()),
    }
    return render(request, "governance/intake_co_editors.html", context, status=422 if form.is_bound else 200)


def _remove_co_editor(request: Request, initiative: Initiative) -> HttpResponse:
    person: Person = get_object_or_404(initiative.co_editors, pk=whole(request.POST["remove"]))
    operations.remove_co_editor(initiative, person=person, by=request.actor, now=timezone.now())
    messages.success(request, _("%(name)s skriver ikke lenger i kladden.") % {"name": person})
    if person.pk == request.actor.person_id:
        return redirect("core:start")
    return redirect("governance:intake_co_editors", initiative.pk)


@require_POST
def missing_tick(request: Request, pk: int, index: int) -> HttpResponse:
    """Tick a point of what was missing, or take the tick away."""
    initiative = load_open(request, pk)
    if isinstance(initiative, HttpResponse):
        return initiative
    done = request.POST.get("done") == "1"
    operations.tick_missing(initiative, index=index, done=done, by=request.actor, now=timezone.now())
    if request.headers.get("HX-Request"):
        return render(
            request, "governance/intake_hub.html#missing", {"initiative": initiative, "ticked": index}
        )
    return redirect(reverse("governance:intake_hub", args=[pk]) + "#mangler")
