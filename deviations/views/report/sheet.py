"""The sheet of QR codes that hang where things happen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_http_methods

from core.ui import search_options
from deviations.forms.report import QrForm
from deviations.forms.units import UnitField, units_in
from deviations.pdf.qr_sheet import render_qr_sheet
from organization.models import Unit
from organization.roles import Permission

if TYPE_CHECKING:
    from organization.http import Request
    from organization.queries import UnitQuerySet

_PRINTS = (Permission.HANDLE_DEVIATIONS, Permission.MANAGE_CATALOGUE)


@require_http_methods(["GET", "POST"])
def report_qr(request: Request) -> HttpResponse:
    """Ask for a unit and its places, and answer with the sheet as PDF."""
    units = _units(request)
    form = QrForm(
        request.POST or None, units=units, initial={"unit": units.open_on(timezone.localdate()).first()}
    )
    if request.method == "POST" and form.is_valid():
        unit = form.cleaned_data["unit"]
        organization = Unit.objects.get(pk=unit.municipality_id).name
        content = render_qr_sheet(
            unit, form.cleaned_data["places"], organization=organization, now=timezone.now()
        )
        name = f"qr-{slugify(unit.name) or unit.pk}.pdf"
        disposition = {"Content-Disposition": f'inline; filename="{name}"'}
        return HttpResponse(content, content_type="application/pdf", headers=disposition)
    return render(request, "deviations/report_qr.html", {"form": form}, status=422 if form.is_bound else 200)


@require_GET
def report_qr_units(request: Request) -> HttpResponse:
    """Suggest units the person may print for."""
    field = UnitField()
    field.queryset = _units(request).open_on(timezone.localdate())
    return search_options(request, field)


def _units(request: Request) -> UnitQuerySet:
    """Return the units the person leads, or whose catalogue the person manages, where they act now.

    :raises PermissionDenied: there is none.
    """
    municipality_id = request.actor.acting_for_id
    grants = [grant for permission in _PRINTS for grant in request.actor.lines_where(permission)]
    paths = {grant.unit_path for grant in grants if grant.municipality_id == municipality_id}
    if municipality_id is None or not paths:
        raise PermissionDenied
    lines = Q(pk__in=[])
    for path in sorted(paths):
        lines |= Q(path__startswith=path)
    return units_in(municipality_id).filter(lines)
