"""Set a target of a number, and which leaders have the page."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.errors import Refused, StaleVersion
from leadership import operations
from leadership.figures.catalogue import BY_KEY
from leadership.forms import LevelForm, TargetForm
from leadership.history import changes_of
from leadership.models import LeadershipRules, Target
from leadership.models.rules import Level
from leadership.policies import may_set_level, may_set_target
from leadership.views.common import place_of
from organization.models import Unit

if TYPE_CHECKING:
    from django.http import HttpResponse, QueryDict

    from leadership.areas import Place
    from leadership.figures.catalogue import Figure
    from organization.http import Request

OK, CONFLICT, INVALID = 200, 409, 422


@never_cache
@require_http_methods(["GET", "POST"])
def target_edit(request: Request, key: str) -> HttpResponse:
    """Show the target of a number with its history, and let the leader set it."""
    figure = BY_KEY.get(key)
    place, _areas = place_of(request)
    if figure is None or not figure.may_have_target or not figure.is_shown(place):
        raise Http404
    target = Target.objects.visible_to(request.actor).filter(area=place.area, key=key).first()
    may_set = may_set_target(request.actor, place.area)
    if request.method == "POST":
        if not may_set:
            raise PermissionDenied
        return _set_target(request, place, figure, target)
    initial = {"value": target.value if target else None, "seen": operations.stamp_of(target)}
    return _page(request, place, figure, target, TargetForm(figure=figure, initial=initial))


def _set_target(request: Request, place: Place, figure: Figure, target: Target | None) -> HttpResponse:
    form = TargetForm(request.POST, figure=figure)
    if not form.is_valid():
        return _page(request, place, figure, target, form, status=INVALID)
    try:
        saved = operations.set_target(
            place.area, figure.key, **form.cleaned_data, by=request.actor, now=timezone.now()
        )
    except Refused as refused:
        form.add_error(None, [str(reason) for reason in refused.reasons])
        return _page(request, place, figure, target, form, status=CONFLICT)
    except StaleVersion as stale:
        form.data = _with_seen(request, Target.objects.filter(area=place.area, key=figure.key).first())
        return _page(request, place, figure, target, form, status=CONFLICT, theirs=stale.theirs)
    messages.success(request, _("Målet er tatt bort.") if saved.value is None else _("Målet er satt."))
    return redirect(f"{reverse('leadership:overview')}?{urlencode({'omrade': place.area.pk})}")


def _with_seen(request: Request, target: Target | None) -> QueryDict:
    """Return what was sent, as from a form that has shown the target as it stands."""
    data = request.POST.copy()
    data["seen"] = operations.stamp_of(target)
    return data


def _page(  # noqa: PLR0913 - what the page shows
    request: Request, place: Place, figure: Figure, target: Target | None, form: TargetForm, *, status: int = OK, theirs: object = None
) -> HttpResponse:  # fmt: skip
    context = {
        "place": place, "figure": figure, "target": target, "form": form, "theirs": theirs,
        "may_set": may_set_target(request.actor, place.area), "changes": changes_of(target, figure) if target else [],
    }  # fmt: skip
    return render(request, "leadership/target_edit.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def level_edit(request: Request) -> HttpResponse:
    """Decide how far down in the municipality leaders have the page."""
    home = request.actor.acting_for_id
    if home is None or not may_set_level(request.actor, home):
        raise PermissionDenied
    municipality: Unit = get_object_or_404(Unit.objects.visible_to(request.actor), pk=home)
    rules = LeadershipRules.objects.filter(municipality=municipality).first()
    form = LevelForm(
        request.POST or None, initial={"lowest_level": rules.lowest_level if rules else Level.SECTOR}
    )
    if request.method == "POST" and form.is_valid():
        operations.set_level(
            municipality, level=form.cleaned_data["lowest_level"], by=request.actor, now=timezone.now()
        )
        messages.success(request, _("Lagret. Det gjelder fra nå."))
        return redirect("organization:settings")
    context = {"municipality": municipality, "form": form}
    return render(request, "leadership/level_edit.html", context, status=INVALID if form.is_bound else OK)
