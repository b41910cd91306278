"""One milestone and one deliverable: how they stand, and the acts that move, reach and approve them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.errors import Refused, StaleVersion
from core.forms import Form
from portfolio import policies
from portfolio.models import Deliverable, Milestone
from portfolio.plan import operations, presentation
from portfolio.plan.forms import MoveForm, ReachForm, ReopenForm, WithdrawForm
from portfolio.views.projects import CONFLICT, INVALID, project_or_404

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from organization.http import Request

OK = 200
MILESTONE_ACTS: dict[str, tuple[type[Form], Callable[..., Any]]] = {
    "move": (MoveForm, operations.move_milestone),
    "reach": (ReachForm, operations.reach_milestone),
    "reopen": (ReopenForm, operations.reopen_milestone),
}


@never_cache
@require_http_methods(["GET", "POST"])
def milestone_detail(request: Request, pk: int) -> HttpResponse:
    """Show a milestone and how it was moved; move it, and say that it is reached."""
    row = _row(request, Milestone, pk, "responsible")
    may_act = policies.may_follow(request.actor, row)
    made, status, told = {}, OK, ""
    if request.method == "POST":
        do, form = _posted(request, MILESTONE_ACTS, may_act=may_act)
        status, told = _done(request, row, form, MILESTONE_ACTS[do][1])
        if status == OK:
            messages.success(request, _("Milepælen er lagret."))
            return redirect(row)
        made = {do: form}
    today = timezone.localdate()
    context = {
        "line": presentation.milestone_line(row, today), "history": presentation.moves_of(row),
        "move": made.get("move") or MoveForm(), "reach": made.get("reach") or ReachForm(initial={"on": today}),
        "reopen": made.get("reopen") or ReopenForm(),
    }  # fmt: skip
    return _page(request, "portfolio/milestone_detail.html", row, status, told, may_act=may_act, **context)


DELIVERABLE_ACTS: dict[str, tuple[type[Form], Callable[..., Any]]] = {
    "approve": (Form, operations.approve_deliverable),
    "withdraw": (WithdrawForm, operations.withdraw_approval),
}


@never_cache
@require_http_methods(["GET", "POST"])
def deliverable_detail(request: Request, pk: int) -> HttpResponse:
    """Show a deliverable and what makes it good enough; approve it, and take that back."""
    row = _row(request, Deliverable, pk, "quality_owner", "approver", "approved_by")
    may_act = policies.may_approve(request.actor, row)
    made, status, told = {}, OK, ""
    if request.method == "POST":
        do, form = _posted(request, DELIVERABLE_ACTS, may_act=may_act)
        status, told = _done(request, row, form, DELIVERABLE_ACTS[do][1])
        if status == OK:
            said = _("Leveransen er godkjent.") if do == "approve" else _("Godkjenningen er trukket tilbake.")
            messages.success(request, said)
            return redirect(row)
        made = {do: form}
    context = {
        "line": presentation.deliverable_line(row, timezone.localdate()),
        "history": presentation.approvals_of(row),
        "withdraw": made.get("withdraw") or WithdrawForm(),
    }
    return _page(request, "portfolio/deliverable_detail.html", row, status, told, may_act=may_act, **context)


def _row(request: Request, model: Any, pk: int, *people: str) -> Any:
    rows = model.objects.visible_to(request.actor).select_related(*people)
    row = get_object_or_404(rows, pk=pk)
    row.project = project_or_404(request, row.project_id)
    return row


def _posted(request: Request, acts: dict[str, Any], *, may_act: bool) -> tuple[str, Any]:
    """Return which act is meant, and its form; what is not known is the first of them.

    :raises PermissionDenied: the actor only reads.
    """
    if not may_act:
        raise PermissionDenied
    do = request.POST.get("do", "")
    do = do if do in acts else next(iter(acts))
    return do, acts[do][0](request.POST)


def _done(request: Request, row: Any, form: Any, act: Callable[..., Any]) -> tuple[int, str]:
    """Carry an act out; return how it went, and what is to be said beside the form."""
    if not form.is_valid():
        return INVALID, ""
    given = {"stamp": request.POST.get("stamp", ""), "by": request.actor, "now": timezone.now()}
    try:
        act(row, **form.cleaned_data, **given)
    except Refused as refused:
        return CONFLICT, " ".join(str(reason) for reason in refused.reasons)
    except StaleVersion:
        return CONFLICT, _("Noen andre har endret dette imens. Slik står det nå. Se over, og prøv igjen om det fortsatt stemmer.")  # fmt: skip
    return OK, ""


def _page(request: Request, template: str, row: Any, status: int, told: str, **context: Any) -> HttpResponse:
    closed = operations.why_closed(row.project)
    context |= {
        "row": row, "project": row.project, "closed": closed, "told": told, "stamp": operations.stamp_of(row),
        "may_edit": policies.may_edit(request.actor, row.project) and not closed,
        "may_act": context["may_act"] and not closed,
    }  # fmt: skip
    return render(request, template, context, status=status)
