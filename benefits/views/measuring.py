"""The page that a reminder opens: one number; and the chief of finance's confirmation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from benefits import operations, policies
from benefits.forms import MeasureForm
from benefits.models import Indicator, Kind, Measurement
from benefits.views.loading import measurement_of
from core.attachments import readable_attachments
from core.errors import Refused
from core.filetypes import UnacceptableFile
from core.presentation import file_lines

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request

OK, CONFLICT, INVALID = 200, 409, 422


@never_cache
@require_http_methods(["GET", "POST"])
def measurement_edit(request: Request, pk: int) -> HttpResponse:
    """Register what was measured at a point of the schedule, or put it right."""
    return _page(request, measurement_of(request, pk))


@never_cache
@require_http_methods(["GET", "POST"])
def measurement_create(request: Request, pk: int) -> HttpResponse:
    """Register a measurement outside the schedule."""
    rows = Indicator.objects.visible_to(request.actor).select_related("benefit__initiative__unit")
    indicator = get_object_or_404(rows, pk=pk)
    return _page(request, Measurement(indicator=indicator, kind=Kind.EXTRA, due_on=timezone.localdate()))


def _page(request: Request, measurement: Measurement) -> HttpResponse:
    if not policies.may_measure(request.actor, measurement):
        raise PermissionDenied
    benefit = measurement.indicator.benefit
    if hasattr(measurement.indicator, "computation"):
        return (
            redirect("benefits:basis_detail", measurement.pk)
            if hasattr(measurement, "basis")
            else redirect(benefit)
        )
    form = MeasureForm(request.POST or None, request.FILES or None, measurement=measurement)
    if request.method == "POST" and form.is_valid() and _save(request, measurement, form):
        messages.success(request, _("Målingen er ført. Takk."))
        return redirect(benefit)
    files = readable_attachments(measurement, request.actor) if measurement.pk else []
    context = {
        "measurement": measurement, "indicator": measurement.indicator, "benefit": benefit, "form": form,
        "start": measurement.indicator.baseline, "files": file_lines(files),
        "may_verify": measurement.is_measured and policies.may_verify(request.actor, measurement),
    }  # fmt: skip
    status = INVALID if form.is_bound and form.errors else OK
    return render(request, "benefits/measurement_edit.html", context, status=status)


def _save(request: Request, measurement: Measurement, form: MeasureForm) -> bool:
    """Save, or put what cannot be right on the form."""
    data = {**form.cleaned_data, "by": request.actor, "now": timezone.now()}
    try:
        if measurement.pk:
            operations.measure(measurement, **data)
        else:
            operations.measure_extra(measurement.indicator, **data)
    except ValidationError as problem:
        for name, errors in problem.message_dict.items():
            for error in errors:
                form.add_error(name if name in form.fields else None, error)
    except UnacceptableFile as refused:
        form.add_error("files", str(refused))
    return not form.errors


@never_cache
@require_http_methods(["GET", "POST"])
def measurement_verify(request: Request, pk: int) -> HttpResponse:
    """Ask first, then confirm what somebody else has measured."""
    measurement = measurement_of(request, pk)
    if not policies.may_verify(request.actor, measurement):
        raise PermissionDenied
    reasons = [] if measurement.is_measured else [_("Det er ikke ført noen verdi å bekrefte.")]
    if request.method == "POST":
        try:
            operations.verify(measurement, by=request.actor, now=timezone.now())
            messages.success(request, _("Målingen er bekreftet."))
            return redirect(measurement.indicator.benefit)
        except Refused as refused:
            reasons = [str(reason) for reason in refused.reasons]
    context = {
        "measurement": measurement, "indicator": measurement.indicator, "benefit": measurement.indicator.benefit, "reasons": reasons,
        "files": file_lines(readable_attachments(measurement, request.actor)),
    }  # fmt: skip
    status = CONFLICT if request.method == "POST" else OK
    return render(request, "benefits/measurement_verify.html", context, status=status)
