"""The checklists of a project: its page, and one small answer at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from core.errors import Refused, StaleVersion
from portfolio import policies
from portfolio.checklist import operations, presentation
from portfolio.checklist.forms import AnswerForm
from portfolio.models import Checkpoint, Phase
from portfolio.plan.presentation import unapproved_of
from portfolio.views.projects import CONFLICT, INVALID, project_or_404

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request
    from portfolio.models import Project


@never_cache
@require_GET
def checklist(request: Request, pk: int) -> HttpResponse:
    """Show what is asked at each decision point, and what is answered."""
    return _page(request, project_or_404(request, pk))


def _page(request: Request, project: Project, status: int = 200, **tried: Any) -> HttpResponse:
    reason = tried.pop("reason", "")
    may_answer = policies.may_edit(request.actor, project) and not operations.why_closed(project)
    page = presentation.page_of(project, may_answer=may_answer, shown=request.GET.get("vis", ""), **tried)
    context = {
        "project": project, "page": page, "summary": page.summary, "may_answer": may_answer, "reason": reason,
        "told": presentation.told_of(page), "closed": operations.why_closed(project),
        "unapproved": unapproved_of(project) if project.is_active and project.phase == Phase.EXECUTION else [],
    }  # fmt: skip
    return render(request, "portfolio/checklist.html", context, status=status)


@require_POST
def checkpoint_answer(request: Request, pk: int, checkpoint: int) -> HttpResponse:
    """Take one answer; with htmx only that point and the sums are drawn anew."""
    project = project_or_404(request, pk)
    row = get_object_or_404(Checkpoint.objects.filter(project=project), pk=checkpoint)
    if not policies.may_edit(request.actor, project):
        raise PermissionDenied
    form = AnswerForm(request.POST, checkpoint=row)
    if not form.is_valid():
        return _answered(request, project, row, INVALID, tried=form)
    try:
        given = {"by": request.actor, "now": timezone.now(), **form.cleaned_data}
        row = operations.answer_point(row, given.pop("answer"), **given)
    except StaleVersion as stale:
        return _conflict(request, project, row, _someone_else(stale))
    except Refused as refused:
        return _conflict(request, project, row, " ".join(str(reason) for reason in refused.reasons))
    if request.htmx:
        return _answered(request, project, row, 200)
    messages.success(request, f"{row.get_answer_display()}: «{row.text}»")
    return redirect(f"{_address(project)}?vis={row.point}#punkt-{row.pk}")


def _address(project: Project) -> str:
    return reverse("portfolio:checklist", args=[project.pk])


def _someone_else(stale: StaleVersion) -> str:
    answer = stale.theirs.get(_("Svar"), "")
    return _("Noen andre har svart på punktet siden du åpnet siden. Nå står det «%(answer)s». Se hva som står, og svar igjen om du er uenig.") % {"answer": answer}  # fmt: skip


def _answered(
    request: Request, project: Project, row: Checkpoint, status: int, *, tried: AnswerForm | None = None
) -> HttpResponse:
    if not request.htmx:
        return _page(request, project, status, tried=tried, tried_of=row.pk)
    may_answer = not operations.why_closed(project)
    page = presentation.page_of(project, may_answer=may_answer, tried=tried, tried_of=row.pk)
    context = {
        "project": project, "line": page.line_of(row), "group": page.group_of(row), "summary": page.summary,
        "may_answer": may_answer, "is_answer": True,
    }  # fmt: skip
    return render(request, "portfolio/checklist_answer.html", context, status=status)


def _conflict(request: Request, project: Project, row: Checkpoint, reason: str) -> HttpResponse:
    """Show what stands, with what was typed kept; to save once more is then a choice."""
    current = Checkpoint.objects.get(pk=row.pk)
    data = request.POST.copy()
    data["seen"] = current.changed_at.isoformat()
    form = AnswerForm(data, checkpoint=current)
    return _page(request, project, CONFLICT, tried=form, tried_of=row.pk, reason=reason)
