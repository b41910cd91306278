"""The municipality's own limits of silence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from benefits import operations
from benefits.forms.silence import SilenceRulesForm
from benefits.policies import may_set_silence_rules
from benefits.silence import rules_for
from organization.models import Unit

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request


@never_cache
@require_http_methods(["GET", "POST"])
def silence_rules(request: Request) -> HttpResponse:
    """Let the administrator set when fewer reports are taken for silence."""
    home = request.actor.acting_for_id
    if home is None or not may_set_silence_rules(request.actor, home):
        raise PermissionDenied
    municipality = get_object_or_404(Unit.objects.visible_to(request.actor), pk=home)
    form = SilenceRulesForm(request.POST or None, instance=rules_for(home))
    if request.method == "POST" and form.is_valid():
        operations.set_silence_rules(municipality, form.cleaned_data, by=request.actor, now=timezone.now())
        messages.success(request, _("Grensene er lagret og gjelder fra nå."))
        return redirect("benefits:silence_rules")
    context = {"form": form, "municipality": municipality}
    return render(request, "benefits/silence_rules.html", context, status=422 if form.errors else 200)
