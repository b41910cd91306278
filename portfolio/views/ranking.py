"""Candidates side by side, and the frame of a year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from core.errors import Refused
from organization.models import Unit
from portfolio import policies
from portfolio.models import BudgetFrame
from portfolio.ranking.candidates import candidates_of
from portfolio.ranking.forms import FrameForm, RankingForm
from portfolio.ranking.operations import set_frame
from portfolio.ranking.order import ranked

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request

OK, INVALID = 200, 422


def _home(request: Request) -> Unit:
    """:raises PermissionDenied: the actor does not read all cases of the municipality acted for."""
    home = request.actor.acting_for_id
    if home is None or not policies.may_read_ranking(request.actor, home):
        raise PermissionDenied
    unit: Unit = get_object_or_404(Unit.objects.visible_to(request.actor), pk=home)
    return unit


@never_cache
@require_GET
def ranking(request: Request) -> HttpResponse:
    """Show the candidates in order, what the law demands apart, and how far the money reaches."""
    home, today = _home(request), timezone.localdate()
    form = RankingForm(request.GET, today=today)
    frame = BudgetFrame.objects.visible_to(request.actor).filter(municipality=home, year=form.year).first()
    found, is_cut = candidates_of(
        request.actor, home.pk, year=form.year, day=today, with_running=form.with_running
    )
    context = {
        "municipality": home, "form": form, "frame": frame, "is_cut": is_cut, "year": form.year, "by": form.by,
        "ranking": ranked(found, form.by, frame.amount if frame else None), "may_set": policies.may_set_frame(request.actor, home.pk),
    }  # fmt: skip
    return render(request, "portfolio/ranking.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def frame_edit(request: Request) -> HttpResponse:
    """Register what there is money for in a year."""
    home = _home(request)
    if not policies.may_set_frame(request.actor, home.pk):
        raise PermissionDenied
    form = FrameForm(request.POST or None, initial={"year": timezone.localdate().year})
    if request.method == "POST" and form.is_valid():
        try:
            row = set_frame(home, **form.cleaned_data, by=request.actor, now=timezone.now())
            messages.success(request, _("Rammen for %(year)s er lagret.") % {"year": row.year})
            return redirect(f"{reverse('portfolio:ranking')}?ar={row.year}")
        except Refused as refused:
            form.add_error(None, [str(reason) for reason in refused.reasons])
    frames = BudgetFrame.objects.visible_to(request.actor).filter(municipality=home).order_by("-year")[:10]
    context = {"form": form, "frames": frames}
    return render(request, "portfolio/frame_edit.html", context, status=INVALID if form.is_bound else OK)
