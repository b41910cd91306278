"""Read measurements from a file: see what it would do, and let it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import FileResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from benefits.forms.importing import MeasurementsFileForm
from benefits.importing import KINDS, MEASUREMENTS
from core.errors import Refused
from core.spreadsheets import TableError, write_csv, write_xlsx
from organization import importing
from organization.models import Unit

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.http.response import HttpResponseBase

    from organization.http import Request
    from organization.importing import Plan

_SHOWN = 200


@never_cache
@require_http_methods(["GET", "POST"])
def upload(request: Request) -> HttpResponse:
    """Check a file and show what it would do; confirmed, it is read."""
    place = get_object_or_404(Unit.objects.visible_to(request.actor), pk=request.actor.acting_for_id)
    if "key" in request.POST:
        return _confirm(request, place)
    form = MeasurementsFileForm(request.POST if request.method == "POST" else None, request.FILES or None)
    if not form.is_valid():
        return _ask(request, form, status=422 if form.is_bound else 200)
    try:
        plan, key = importing.check(MEASUREMENTS, form.table, municipality=place, by=request.actor)
    except TableError as problem:
        form.add_error("file", str(problem))
        return _ask(request, form, status=422)
    unused = form.table.unknown(MEASUREMENTS.columns)
    return _show(request, plan, key, {"file_name": form.table.name, "unused": unused})


def _ask(request: Request, form: MeasurementsFileForm, *, status: int, **more: Any) -> HttpResponse:
    context = {"form": form, "kind": MEASUREMENTS, **more}
    return render(request, "benefits/import_upload.html", context, status=status)


def _show(request: Request, plan: Plan, key: str, more: dict[str, Any]) -> HttpResponse:
    changes = [change for change in plan.changes if not change.is_same]
    errors = sorted(plan.errors, key=lambda error: error.line or 0)
    context = {
        "plan": plan, "kind": MEASUREMENTS, "key": key, "again": reverse("benefits:import"), "changes": changes[:_SHOWN],
        "more_changes": len(changes) - _SHOWN, "errors": errors[:_SHOWN], "more_errors": len(errors) - _SHOWN, **more,
    }  # fmt: skip
    status = 409 if more.get("moved") else 422 if plan.errors else 200
    return render(request, "benefits/import_check.html", context, status=status)


def _confirm(request: Request, place: Unit) -> HttpResponse:
    try:
        plan, _kind = importing.confirm(
            request.POST["key"], municipality=place, by=request.actor, now=timezone.now(), kinds=KINDS
        )
    except importing.Moved as moved:
        return _show(request, moved.plan, moved.key, {"moved": True})
    except Refused as refused:
        return _ask(request, MeasurementsFileForm(), status=409, reasons=refused.reasons)
    count = plan.new + plan.changed
    told = ngettext("%(n)d måling er lest inn.", "%(n)d målinger er lest inn.", count)
    messages.success(request, told % {"n": count})
    return redirect("benefits:benefit_list")


@require_GET
def template_file(request: Request) -> HttpResponseBase:
    """Send an example of the file, as XLSX or, with ``?format=csv``, as CSV."""
    headings = [column.title for column in MEASUREMENTS.columns]
    name = _("mal-maalinger")
    if request.GET.get("format") == "csv":
        rows = write_csv(headings, MEASUREMENTS.examples)
        answer = StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
        return answer
    book = write_xlsx(headings, MEASUREMENTS.examples, sheet=str(MEASUREMENTS.label))
    return FileResponse(book, as_attachment=True, filename=f"{name}.xlsx")
