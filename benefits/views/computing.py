"""Where the numbers of an indicator come from: choose a source, compute now, and see what a number counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from benefits import operations, policies
from benefits.computed_presentation import basis_page
from benefits.models import Indicator, Measurement
from benefits.operations.overview import why_closed
from benefits.sources import sources
from benefits.views.loading import indicator_to_plan, measurement_of
from core.errors import Refused

if TYPE_CHECKING:
    from django.http import HttpResponse

    from benefits.forms.sources import SourceForm
    from organization.http import Request

OK, CONFLICT, INVALID = 200, 409, 422


@never_cache
@require_http_methods(["GET", "POST"])
def source_edit(request: Request, pk: int, key: str) -> HttpResponse:
    """Choose what of a source is counted, and compute it."""
    source, indicator = sources().get(key), indicator_to_plan(request, pk)
    if source is None:
        raise Http404
    reasons = [reason] if (reason := why_closed(indicator.benefit)) else []
    form = source.form(request.POST or None, indicator=indicator, actor=request.actor)
    if request.method == "POST" and not reasons and form.is_valid():
        reasons = _choose(request, indicator, key, form)
        if not reasons:
            messages.success(request, _("«%(name)s» regnes ut fra nå av.") % {"name": indicator})
            return redirect(indicator.benefit)
    status = CONFLICT if reasons else INVALID if form.errors else OK
    context = {
        "indicator": indicator,
        "benefit": indicator.benefit,
        "form": None if reasons and not form.is_bound else form,
        "source": source,
        "reasons": reasons,
    }
    return render(request, "benefits/source_edit.html", context, status=status)


def _choose(request: Request, indicator: Indicator, key: str, form: SourceForm) -> list[str]:
    """Choose the source, or return why not."""
    chosen = {"months": form.cleaned_data["months"], "choice": form.choice}
    try:
        operations.set_source(indicator, key, **chosen, by=request.actor, now=timezone.now())
    except Refused as refused:
        return [str(reason) for reason in refused.reasons]
    return []


@never_cache
@require_http_methods(["GET", "POST"])
def source_remove(request: Request, pk: int) -> HttpResponse:
    """Ask first, then let people measure the indicator again."""
    indicator, reasons = indicator_to_plan(request, pk), []
    if not hasattr(indicator, "computation"):
        raise Http404
    if request.method == "POST":
        try:
            operations.remove_source(indicator, by=request.actor, now=timezone.now())
            messages.success(request, _("«%(name)s» føres for hånd fra nå av.") % {"name": indicator})
            return redirect(indicator.benefit)
        except Refused as refused:
            reasons = [str(reason) for reason in refused.reasons]
    context = {"indicator": indicator, "benefit": indicator.benefit, "reasons": reasons}
    return render(request, "benefits/source_remove.html", context, status=CONFLICT if reasons else OK)


@never_cache
@require_http_methods(["GET", "POST"])
def compute(request: Request, pk: int) -> HttpResponse:
    """Tell what computing anew does, and compute what is due."""
    rows = Indicator.objects.visible_to(request.actor).exclude(computation=None)
    indicator = get_object_or_404(rows.select_related("benefit__initiative__unit"), pk=pk)
    if not policies.may_measure(request.actor, Measurement(indicator=indicator)):
        raise PermissionDenied
    reasons = [reason] if (reason := why_closed(indicator.benefit)) else []
    if request.method == "POST" and not reasons:
        count = operations.compute_now(indicator, by=request.actor, now=timezone.now())
        messages.success(request, _told(count))
        return redirect(indicator.benefit)
    context = {"indicator": indicator, "benefit": indicator.benefit, "reasons": reasons}
    return render(
        request, "benefits/compute.html", context, status=CONFLICT if request.method == "POST" else OK
    )


def _told(count: int) -> str:
    if not count:
        return _("Ingen tall er endret.")
    return ngettext("%(count)d tall er regnet ut på nytt.", "%(count)d tall er regnet ut på nytt.", count) % {
        "count": count
    }


@require_GET
def basis_detail(request: Request, pk: int) -> HttpResponse:
    """Show what a computed measurement was computed from, with the lists behind it."""
    row = measurement_of(request, pk)
    if not hasattr(row, "basis"):
        raise Http404
    benefit = row.indicator.benefit
    context = {
        "measurement": row, "indicator": row.indicator, "benefit": benefit,
        "may_compute": policies.may_measure(request.actor, row) and why_closed(benefit) is None,
        **basis_page(row, request.actor, timezone.localdate()),
    }  # fmt: skip
    return render(request, "benefits/basis_detail.html", context)
