"""The portfolio report: live as of any moment, and those that are written and published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.exports import book_as_file
from core.paging import keyset
from core.whole import whole
from organization.models import Unit
from portfolio.models import PortfolioReport
from portfolio.pdf import render_report
from portfolio.policies import may_manage_portfolio_of
from portfolio.reporting import operations, pages
from portfolio.reporting.forms import AskForm, ReportForm

if TYPE_CHECKING:
    from django.http import HttpResponseBase

    from organization.http import Request
    from portfolio.reporting.pages import Shown

INVALID = 422
IN_FULL = "alle"


@require_GET
def report_now(request: Request) -> HttpResponseBase:
    """Show the report of an area as it stood at a moment."""
    form = AskForm(request.GET, actor=request.actor, now=timezone.now())
    if not form.is_valid():
        return render(request, "portfolio/report_now.html", {"form": form}, status=INVALID)
    scope = form.scope
    shown = pages.live(scope)
    if file := _file(request, shown, scope.owner_id):
        return file
    context = {
        "form": form, "shown": shown, **_sections(request, shown), "query": request.GET.urlencode(), "may_keep": may_manage_portfolio_of(request.actor, scope.owner_id),
    }  # fmt: skip
    return render(request, "portfolio/report_now.html", context)


def _sections(request: Request, shown: Shown) -> dict[str, Any]:
    """Return the sections for a page, and the address of the same page with every row."""
    asked = request.GET.copy()
    asked[IN_FULL] = "ja"
    sections = shown.sections if IN_FULL in request.GET else shown.briefly()
    return {"sections": sections, "query_in_full": asked.urlencode()}


def _file(request: Request, shown: Shown, owner_id: int) -> HttpResponseBase | None:
    """Return the report as the kind of file that the address asks for, if it asks for one."""
    kind = request.GET.get("fil")
    if kind == "xlsx":
        return book_as_file(shown.sheets(), name=_("porteføljerapport"))
    if kind != "pdf":
        return None
    organization = shown.area if shown.area.pk == owner_id else Unit.objects.get(pk=owner_id)
    content = render_report(shown, organization=organization.name, now=timezone.now())
    name = f"portefoljerapport-{timezone.localdate(shown.as_of):%Y-%m-%d}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@require_POST
def report_keep(request: Request) -> HttpResponse:
    """Keep the report that is shown as a draft."""
    form = AskForm(request.POST, actor=request.actor, now=timezone.now())
    if not form.is_valid():
        return render(request, "portfolio/report_now.html", {"form": form}, status=INVALID)
    report = operations.draft_report(form.scope, by=request.actor, now=timezone.now())
    messages.success(request, _("Kladden er lagret. Skriv sammendrag og anbefalinger, og publiser."))
    return redirect("portfolio:report_edit", report.pk)


@require_GET
def report_list(request: Request) -> HttpResponse:
    """Show the published reports, and the drafts to those who write them."""
    rows = PortfolioReport.objects.visible_to(request.actor).select_related("area").defer("figures")
    page = keyset(rows, request, ("-as_of", "-pk"))
    return render(request, "portfolio/report_list.html", {"page": page})


def _report_or_404(request: Request, pk: int) -> PortfolioReport:
    rows = PortfolioReport.objects.visible_to(request.actor).select_related(
        "area", "municipality", "published_by"
    )
    report: PortfolioReport = get_object_or_404(rows, pk=pk)
    return report


@require_GET
def report_detail(request: Request, pk: int) -> HttpResponseBase:
    """Show a report: as it was published, or a draft as it would be."""
    report = _report_or_404(request, pk)
    shown = pages.kept(report)
    if file := _file(request, shown, report.municipality_id):
        return file
    may = not report.is_published and may_manage_portfolio_of(request.actor, report.municipality_id)
    context = {"report": report, "shown": shown, "may_write": may, **_sections(request, shown)}
    return render(request, "portfolio/report_detail.html", context)


@require_http_methods(["GET", "POST"])
def report_edit(request: Request, pk: int) -> HttpResponse:
    """Write the words of a draft."""
    report = _report_or_404(request, pk)
    if not may_manage_portfolio_of(request.actor, report.municipality_id):
        raise PermissionDenied
    if report.is_published:
        return redirect(report)
    form = ReportForm(request.POST or None, instance=report)
    if request.method == "POST" and form.is_valid():
        operations.write_report(report, **form.cleaned_data, by=request.actor, now=timezone.now())
        messages.success(request, _("Teksten er lagret."))
        return redirect(report)
    status = INVALID if form.is_bound else 200
    return render(request, "portfolio/report_edit.html", {"report": report, "form": form}, status=status)


@require_http_methods(["GET", "POST"])
def report_publish(request: Request, pk: int) -> HttpResponse:
    """Say what it means, then freeze the figures and show the report to everybody."""
    report = _report_or_404(request, pk)
    if not may_manage_portfolio_of(request.actor, report.municipality_id):
        raise PermissionDenied
    if request.method == "GET":
        return render(request, "portfolio/report_publish.html", {"report": report})
    version = whole(request.POST.get("version"))
    operations.publish_report(report, version=version or 0, by=request.actor, now=timezone.now())
    messages.success(request, _("Rapporten er publisert. Tallene endres ikke mer."))
    return redirect(report)


@require_http_methods(["GET", "POST"])
def report_drop(request: Request, pk: int) -> HttpResponse:
    """Ask first, then take a draft away."""
    report = _report_or_404(request, pk)
    if not may_manage_portfolio_of(request.actor, report.municipality_id):
        raise PermissionDenied
    if request.method == "GET":
        return render(request, "portfolio/report_drop.html", {"report": report})
    operations.drop_report(report, by=request.actor)
    messages.success(request, _("Kladden er slettet."))
    return redirect("portfolio:report_list")
