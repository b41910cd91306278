"""The pages of the case paper: read it, write it, take it along."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core.attachments import readable_attachments
from core.errors import StaleVersion
from core.presentation import file_lines
from core.whole import whole
from core.workflow import TransitionBlocked
from governance import case_papers, guards, operations, policies
from governance.forms.meeting import CasePaperForm
from governance.models import CasePaper
from governance.paper_parts import paper_parts
from governance.pdf import render_case_paper
from governance.views.loading import (
    card_of,
    hearings_with_people,
    note_read,
    preparation,
    readable_or_404,
    sent,
)
from governance.workflow import initiative_workflow

if TYPE_CHECKING:
    from django.http import HttpResponseBase

    from governance.models import Initiative
    from organization.http import Request


@require_GET
def case_paper(request: Request, pk: int) -> HttpResponseBase:
    """Show the case paper to who may read it."""
    initiative = readable_or_404(request, pk, what="case_paper")
    paper = _paper_or_404(request, initiative)
    prefetch_related_objects([initiative], hearings_with_people(), *preparation())
    is_open = policies.may_prepare(request.actor, initiative) and not guards.case_paper_is_open(initiative)
    context = {
        "initiative": initiative, "paper": paper, "sections": case_papers.sections_of(paper), "may_write": is_open,
        "parts": paper_parts(initiative),
        "files": file_lines(readable_attachments(initiative, request.actor)),
    }  # fmt: skip
    return render(request, "governance/initiative_case_paper.html", context)


@require_GET
def case_paper_pdf(request: Request, pk: int) -> HttpResponse:
    """Send the case paper as PDF/A."""
    initiative = readable_or_404(request, pk, what="case_paper_pdf")
    paper = _paper_or_404(request, initiative)
    prefetch_related_objects([initiative], hearings_with_people(), "benefits", "cost_lines")
    data = case_papers.pdf_data(initiative, paper, readable_attachments(initiative, request.actor))
    pdf = render_case_paper(data, timezone.now().replace(microsecond=0))
    name = f"saksframlegg-{initiative.number}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


def _paper_or_404(request: Request, initiative: Any) -> CasePaper:
    """Return the case paper as the actor may read it.

    :raises Http404: there is none, or it is not the actor's to read.
    """
    if not initiative.reads_case_paper:
        raise Http404
    return case_papers.shown_to(request.actor, initiative)


@require_http_methods(["GET", "POST"])
def case_paper_edit(request: Request, pk: int) -> HttpResponseBase:
    """Write the case paper beside what the intake says.  A request by htmx saves and stays."""
    initiative = card_of(request, pk)
    if not policies.may_prepare(request.actor, initiative):
        raise PermissionDenied
    form, paper = _paper_form(request, initiative)
    problem: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        try:
            paper = operations.save_case_paper(
                form, version=_version(request), by=request.actor, now=timezone.now()
            )
        except StaleVersion as stale:
            problem = {"theirs": stale.theirs}
        except TransitionBlocked as blocked:
            problem = {"reasons": blocked.reasons}
        else:
            return _saved(request, initiative, paper)
    note_read(initiative, request.actor, what="case_paper")
    return _paper_page(request, initiative, form, paper, problem)


def _paper_form(request: Request, initiative: Initiative) -> tuple[CasePaperForm, CasePaper]:
    paper = getattr(initiative, "case_paper", None) or CasePaper(initiative=initiative, version=0)
    initial = case_papers.first_draft(initiative) if paper.pk is None else None
    return CasePaperForm(sent(request), instance=paper, initial=initial), paper


def _version(request: Request) -> int:
    version = whole(request.POST.get("version", ""))
    return -1 if version is None else version


def _saved(request: Request, initiative: Initiative, paper: CasePaper) -> HttpResponseBase:
    if request.htmx:
        initiative.case_paper = paper
        prefetch_related_objects([initiative], *preparation(), hearings_with_people())
        context = {"initiative": initiative, "paper": paper, **_readiness(initiative)}
        return render(request, "governance/initiative_case_paper_edit.html#saved", context)
    messages.success(request, _("Saksframlegget er lagret."))
    return redirect("governance:initiative_case_paper_edit", pk=initiative.pk)


def _readiness(initiative: Initiative) -> dict[str, Any]:
    """Return what the council needs before it can take the case, and whether all of it is there."""
    checks = case_papers.checklist(initiative)
    is_preparing = initiative.status in initiative_workflow.transitions["mark_ready"].source
    return {"checks": checks, "may_go_on": is_preparing and not any(check.reason for check in checks)}


def _paper_page(
    request: Request, initiative: Initiative, form: CasePaperForm, paper: CasePaper, problem: dict[str, Any]
) -> HttpResponse:
    prefetch_related_objects([initiative], *preparation(), hearings_with_people())
    reason = guards.case_paper_is_open(initiative)
    rules = guards.rules_of(initiative)
    context = {
        "initiative": initiative, "paper": paper, "form": form, **_readiness(initiative),
        "closed": [reason] if reason else [], "lifetime": initiative.lifetime_amount(rules.counted_years),
        "counted_years": rules.counted_years, "version": _shown_version(paper, problem), **problem,
    }  # fmt: skip
    status = 409 if problem or reason else 422 if form.errors else 200
    return render(request, "governance/initiative_case_paper_edit.html", context, status=status)


def _shown_version(paper: CasePaper, problem: dict[str, Any]) -> int:
    """Return the version the next save begins from: after a conflict the one that is shown beside it."""
    if not problem:
        return paper.version if paper.pk else 0
    stored = CasePaper.objects.filter(initiative_id=paper.initiative_id).values_list("version", flat=True)
    return stored.first() or 0
