"""The pages of the case paper: read it, write it, take it along."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from core.attachments import readable_attachments
from core.presentation import file_lines
from governance import case_papers, guards, policies
from governance.hearings.files import lines_of_answers, load_files
from governance.paper_comments import open_keys
from governance.paper_parts import parts_in
from governance.pdf import render_case_paper
from governance.shielding import repeated_words
from governance.views.loading import (
    card_of,
    hearings_with_people,
    lifetime_facts,
    note_read,
    preparation,
    readable_or_404,
    reads,
    sections_with_writers,
)
from governance.workflow import initiative_workflow

if TYPE_CHECKING:
    from django.http import HttpResponseBase

    from governance.models import CasePaper
    from organization.http import Request


@require_GET
def case_paper(request: Request, pk: int) -> HttpResponseBase:
    """Show the case paper to who may read it."""
    initiative: Any = readable_or_404(request, pk, what="case_paper", open_comments=open_keys())
    paper = _paper_or_404(request, initiative)
    prefetch_related_objects([initiative], hearings_with_people(), *preparation())
    is_open = guards.case_paper_is_open(initiative) is None
    may_comment = policies.may_comment_paper(request.actor, initiative)
    comments = Counter(initiative.open_comments if may_comment else [])
    written = case_papers.sections_of(initiative, paper)
    load_files(initiative.hearings.all())
    context = {
        "initiative": initiative, "paper": paper, "sections": [(one, comments[one.key]) for one in written],
        "may_write": is_open and policies.may_prepare(request.actor, initiative), "may_comment": may_comment,
        "parts": parts_in(initiative, paper),
        "files": file_lines(readable_attachments(initiative, request.actor)) + lines_of_answers(initiative),
    }  # fmt: skip
    return render(request, "governance/initiative_case_paper.html", context)


@require_GET
def case_paper_pdf(request: Request, pk: int) -> HttpResponse:
    """Send the case paper as PDF/A."""
    initiative = readable_or_404(request, pk, what="case_paper_pdf")
    paper = _paper_or_404(request, initiative)
    prefetch_related_objects([initiative], hearings_with_people(), "benefits", "cost_lines")
    load_files(initiative.hearings.all())
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


@require_GET
def case_paper_edit(request: Request, pk: int) -> HttpResponseBase:
    """Show the sections to be written, who wrote what, and what the council needs before it can take the case."""
    initiative = card_of(request, pk)
    if not (policies.may_prepare(request.actor, initiative) and reads(initiative)):
        raise PermissionDenied
    note_read(initiative, request.actor, what="case_paper")
    prefetch_related_objects([initiative], *preparation(), hearings_with_people(), sections_with_writers())
    checks = case_papers.checklist(initiative)
    reason = guards.case_paper_is_open(initiative)
    is_preparing = initiative.status in initiative_workflow.transitions["mark_ready"].source
    context = {
        "initiative": initiative, "paper": getattr(initiative, "case_paper", None), "checks": checks,
        "lines": case_papers.lines_of(initiative), "repeated": repeated_words(initiative), "closed": [reason] if reason else [],
        "may_go_on": is_preparing and not any(check.reason for check in checks), **lifetime_facts(initiative),
    }  # fmt: skip
    return render(
        request, "governance/initiative_case_paper_edit.html", context, status=409 if reason else 200
    )
