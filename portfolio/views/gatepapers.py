"""Pages of the gate papers of a project: all of them, one, writing and sending it, taking it back, deciding it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from core.errors import Refused, StaleVersion
from core.paging import keyset
from portfolio import policies
from portfolio.checklist.state import next_of, short
from portfolio.gatepaper import operations
from portfolio.gatepaper.facts import facts_of
from portfolio.gatepaper.forms import DecideForm, PaperForm
from portfolio.gatepaper.presentation import deciders, shown
from portfolio.gatepaper.rules import is_for_council
from portfolio.models import GatePaper
from portfolio.pdf.gate_paper import render_gate_paper
from portfolio.views.projects import CONFLICT, INVALID, project_or_404

if TYPE_CHECKING:
    from organization.http import Request
    from portfolio.models import Project

OK = 200
_BESIDE = (
    "project__initiative",
    "project__municipality",
    "author",
    "sent_by",
    "decided_by",
    "decision__agenda_item",
)


def _paper_or_404(request: Request, pk: int) -> GatePaper:
    rows = GatePaper.objects.visible_to(request.actor).select_related(*_BESIDE)
    paper: GatePaper = get_object_or_404(rows, pk=pk)
    return paper


@require_GET
def gate_paper_list(request: Request, pk: int) -> HttpResponse:
    """Show the gate papers of a project that the actor may read, the newest first."""
    project = project_or_404(request, pk)
    rows = GatePaper.objects.visible_to(request.actor).filter(project=project).defer("facts")
    page = keyset(rows, request, ("-created_at", "-pk"))
    may_write = policies.may_report(request.actor, project)
    standing = operations.open_paper_of(project) if may_write else None
    point = next_of(project)
    context = {
        "project": project, "page": page, "may_write": may_write, "reason": operations.why_not_written(project, standing),
        "point": short(point), "by_council": is_for_council(project, point), "has_draft": standing is not None,
    }  # fmt: skip
    return render(request, "portfolio/gate_paper_list.html", context)


@require_GET
def gate_paper_detail(request: Request, pk: int) -> HttpResponse:
    """Show one paper with what it is based on and what was decided; a draft is shown where it is written."""
    paper = _paper_or_404(request, pk)
    project = paper.project
    if paper.is_draft and policies.may_report(request.actor, project):
        return redirect("portfolio:gate_paper_write", project.pk)
    context = {
        "paper": paper, "project": project, "shown": shown(paper.facts) if paper.facts else None, "who": deciders(paper),
        "may_decide": paper.is_sent and not paper.for_council and policies.may_move(request.actor, project),
        "may_withdraw": paper.is_sent and policies.may_report(request.actor, project),
    }  # fmt: skip
    return render(request, "portfolio/gate_paper_detail.html", context)


@require_GET
def gate_paper_pdf(request: Request, pk: int) -> HttpResponse:
    """Send a paper as PDF/A."""
    paper = _paper_or_404(request, pk)
    facts = paper.facts or _facts(request, paper.project)
    content = render_gate_paper(paper, shown(facts), now=timezone.now().replace(microsecond=0))
    headers = {
        "Content-Disposition": f'inline; filename="beslutningsgrunnlag-{paper.point}-{paper.project_id}.pdf"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _facts(request: Request, project: Project) -> dict[str, Any]:
    return facts_of(project, next_of(project), by=request.actor, now=timezone.now())


# --- Writing -------------------------------------------------------------------------------------
@never_cache
@require_http_methods(["GET", "POST"])
def gate_paper_write(request: Request, pk: int) -> HttpResponse:
    """Write the draft, and send it; the form keeps what was typed whatever happens."""
    project = project_or_404(request, pk)
    if not policies.may_report(request.actor, project):
        raise PermissionDenied
    draft = operations.open_paper_of(project)
    form = PaperForm(request.POST or None, draft=draft, point=short(next_of(project)))
    page: dict[str, Any] = {"project": project, "form": form, "draft": draft}
    if reason := operations.why_not_written(project, draft):
        return _page(request, page, reasons=[reason], status=CONFLICT)
    if request.method == "GET" or not form.is_valid():
        return _page(request, page, status=INVALID if form.is_bound else OK)
    try:
        return _save(request, project, form)
    except ValidationError as problem:
        form.add_error(None, problem)
        return _page(request, page, status=INVALID)
    except StaleVersion as stale:
        page["draft"] = operations.open_paper_of(project)
        return _page(request, page, stale=stale, status=CONFLICT)
    except Refused as refused:
        return _page(request, page, reasons=refused.reasons, status=CONFLICT)


def _save(request: Request, project: Project, form: PaperForm) -> HttpResponse:
    how: dict[str, Any] = {"mark": request.POST.get("mark", ""), "by": request.actor, "now": timezone.now()}
    if request.POST.get("do") == "send":
        paper = operations.send(project, form.cleaned_data, **how)
        messages.success(
            request,
            _("Beslutningsgrunnlaget er sendt til rådets sekretariat.")
            if paper.for_council
            else _("Beslutningsgrunnlaget er sendt til dem som avgjør."),
        )
        return redirect(paper)
    operations.save_draft(project, form.cleaned_data, **how)
    messages.success(request, _("Kladden er lagret."))
    return redirect("portfolio:gate_paper_write", pk=project.pk)


def _page(request: Request, page: dict[str, Any], *, status: int, **more: Any) -> HttpResponse:
    project, stale = page["project"], more.get("stale")
    now = operations.mark_of(page["draft"])
    point = next_of(project)
    page |= {
        "mark": now if stale else request.POST.get("mark", now), "point": short(point), "by_council": is_for_council(project, point),
        "shown": None if more.get("reasons") else shown(_facts(request, project)),
        "differing": [(name, text, stale.theirs[name]) for name, text in stale.mine.items()] if stale else [],
    }  # fmt: skip
    return render(request, "portfolio/gate_paper_form.html", {**page, **more}, status=status)


# --- After it is sent ----------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def gate_paper_withdraw(request: Request, pk: int) -> HttpResponse:
    """Ask first, then take a paper back that nobody has decided."""
    paper = _paper_or_404(request, pk)
    if not policies.may_report(request.actor, paper.project):
        raise PermissionDenied
    reasons: Any = ()
    if request.method == "POST":
        try:
            operations.withdraw(paper, by=request.actor, now=timezone.now())
            messages.success(request, _("Beslutningsgrunnlaget er trukket og kan endres."))
            return redirect("portfolio:gate_paper_write", paper.project_id)
        except Refused as refused:
            reasons = refused.reasons
    context = {"paper": paper, "project": paper.project, "reasons": reasons}
    return render(request, "portfolio/gate_paper_withdraw.html", context, status=CONFLICT if reasons else OK)


@require_http_methods(["GET", "POST"])
def gate_paper_decide(request: Request, pk: int) -> HttpResponse:
    """Decide a paper that is not the council's."""
    paper = _paper_or_404(request, pk)
    if not policies.may_move(request.actor, paper.project):
        raise PermissionDenied
    form = DecideForm(request.POST or None, initial={"outcome": paper.proposed, "text": paper.proposal})
    reasons: Any = ()
    if request.method == "POST" and form.is_valid():
        try:
            decided = operations.decide(paper, by=request.actor, now=timezone.now(), **form.cleaned_data)
            messages.success(
                request, _("%(point)s er avgjort: %(outcome)s.") % {"point": decided.name, "outcome": decided.get_status_display()}
            )  # fmt: skip
            return redirect(paper)
        except Refused as refused:
            reasons = refused.reasons
    context = {"paper": paper, "project": paper.project, "form": form, "reasons": reasons}
    return render(request, "portfolio/gate_paper_decide.html", context, status=_status(form, reasons))


def _status(form: Any, reasons: Any) -> int:
    if reasons:
        return CONFLICT
    return INVALID if form.is_bound and form.errors else OK
