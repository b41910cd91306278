"""Read what projects have spent from a file of accounting: see what it would do, and let it."""

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

from core.errors import Refused
from core.spreadsheets import TableError, write_csv, write_xlsx
from organization import importing
from organization.models import Unit
from portfolio.money.forms import AccountsFileForm
from portfolio.money.importing import ACCOUNTS, KINDS
from portfolio.views.projects import CONFLICT, INVALID

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.http.response import HttpResponseBase

    from organization.http import Request
    from organization.importing import Plan

_SHOWN = 200


@never_cache
@require_http_methods(["GET", "POST"])
def accounts_import(request: Request) -> HttpResponse:
    """Check a file and show what it would do; confirmed, it is read."""
    place = get_object_or_404(Unit.objects.visible_to(request.actor), pk=request.actor.acting_for_id)
    if "key" in request.POST:
        return _confirm(request, place)
    form = AccountsFileForm(request.POST if request.method == "POST" else None, request.FILES or None)
    if not form.is_valid():
        return _ask(request, form, status=INVALID if form.is_bound else 200)
    try:
        plan, key = importing.check(ACCOUNTS, form.table, municipality=place, by=request.actor)
    except TableError as problem:
        form.add_error("file", str(problem))
        return _ask(request, form, status=INVALID)
    unused = form.table.unknown(ACCOUNTS.columns)
    return _show(request, plan, key, {"file_name": form.table.name, "unused": unused})


def _ask(request: Request, form: AccountsFileForm, *, status: int, **more: Any) -> HttpResponse:
    context = {"form": form, "kind": ACCOUNTS, **more}
    return render(request, "portfolio/accounts_upload.html", context, status=status)


def _show(request: Request, plan: Plan, key: str, more: dict[str, Any]) -> HttpResponse:
    changes = [change for change in plan.changes if not change.is_same]
    errors = sorted(plan.errors, key=lambda error: error.line or 0)
    context = {
        "plan": plan, "kind": ACCOUNTS, "key": key, "again": reverse("portfolio:accounts_import"), "changes": changes[:_SHOWN],
        "more_changes": len(changes) - _SHOWN, "errors": errors[:_SHOWN], "more_errors": len(errors) - _SHOWN, **more,
    }  # fmt: skip
    status = CONFLICT if more.get("moved") else INVALID if plan.errors else 200
    return render(request, "portfolio/accounts_check.html", context, status=status)


def _confirm(request: Request, place: Unit) -> HttpResponse:
    try:
        plan, _kind = importing.confirm(
            request.POST["key"], municipality=place, by=request.actor, now=timezone.now(), kinds=KINDS
        )
    except importing.Moved as moved:
        return _show(request, moved.plan, moved.key, {"moved": True})
    except Refused as refused:
        return _ask(request, AccountsFileForm(), status=CONFLICT, reasons=refused.reasons)
    count = plan.new + plan.changed
    told = ngettext("%(n)d linje er lest inn.", "%(n)d linjer er lest inn.", count)
    messages.success(request, told % {"n": count})
    return redirect("portfolio:table")


@require_GET
def accounts_template(request: Request) -> HttpResponseBase:
    """Send an example of the file, as XLSX or, with ``?format=csv``, as CSV."""
    headings = [column.title for column in ACCOUNTS.columns]
    name = _("mal-regnskap")
    if request.GET.get("format") == "csv":
        rows = write_csv(headings, ACCOUNTS.examples)
        answer = StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
        return answer
    book = write_xlsx(headings, ACCOUNTS.examples, sheet=str(ACCOUNTS.label))
    return FileResponse(book, as_attachment=True, filename=f"{name}.xlsx")
