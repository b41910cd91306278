"""The page of one decision, and how it is followed up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core.access import log_read
from core.attachments import attachments_of
from core.presentation import file_lines, history_lines, imported_on
from core.transitions import attempt
from core.workflow import TransitionBlocked
from governance import decision_presentation as presentation
from governance import policies
from governance.decision_presentation import LogLine
from governance.follow_up_presentation import FollowUpState
from governance.following_up import Assignment, set_follow_up
from governance.forms.follow_up import FollowUpForm
from governance.models import FOLLOW_UP_TONES, Decision, FollowUp, FollowUpStatus
from governance.views.council.common import CONFLICT, INVALID
from governance.views.loading import sent
from governance.workflow import follow_up_workflow
from organization.roles import Permission

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request


@require_GET
def decision_detail(request: Request, pk: int) -> HttpResponse:
    """Show one decision: the line of the log to all who see it, the words to those who may read them."""
    decision, actor, now = _decision_or_404(request, pk), request.actor, timezone.now()
    row = FollowUp.objects.visible_to(actor).filter(decision=decision).select_related("responsible", "closed_by").first()  # fmt: skip
    history = _history(row)
    if decision.reads_text and decision.initiative is not None and decision.initiative.is_shielded:
        log_read(decision.initiative, what="decision", by=actor, now=now)
    context = {
        "decision": decision, "line": _line(decision),
        "authority": presentation.authority_of(decision) if decision.reads_text else None,
        "follow_up": FollowUpState(row, timezone.localdate(now)) if row is not None else None,
        "actions": presentation.follow_up_actions(row, decision, actor),
        "files": file_lines(attachments_of(row)) if row is not None else [],
        "links": presentation.follow_up_links(row, decision, actor),
        "history": history, "imported_on": imported_on(history), "reads_archive": actor.holds(Permission.MANAGE_ARCHIVE),
    }  # fmt: skip
    return render(request, "governance/decision_detail.html", context)


@require_http_methods(["GET", "POST"])
def follow_up_set(request: Request, pk: int) -> HttpResponse:
    """Say who follows a decision up and by when, or move it."""
    decision = _decision_or_404(request, pk)
    if not policies.may_arrange_follow_up(request.actor, decision):
        raise PermissionDenied
    row = FollowUp.objects.visible_to(request.actor).filter(decision=decision).select_related("responsible").first()  # fmt: skip
    form = FollowUpForm(sent(request), decision=decision, now_set=row)
    reasons: tuple[Any, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            set_follow_up(decision, Assignment(**form.cleaned_data), by=request.actor, now=timezone.now())
            messages.success(request, _("Oppfølgingen av vedtak %(number)s er endret.") % {"number": decision.number})  # fmt: skip
            return redirect(f"{decision.get_absolute_url()}#oppfolging")
        except TransitionBlocked as blocked:
            reasons = blocked.reasons
    context = {
        "decision": decision,
        "line": _line(decision),
        "form": form,
        "row": row,
        "reasons": reasons,
    }
    status = CONFLICT if reasons else INVALID if form.is_bound else 200
    return render(request, "governance/follow_up_set.html", context, status=status)


@require_http_methods(["GET", "POST"])
def follow_up_transition(request: Request, pk: int, name: str) -> HttpResponse:
    """Say what a step of a follow-up leads to, ask for what it needs, and take it."""
    row: FollowUp = get_object_or_404(
        FollowUp.objects.visible_to(request.actor).select_related(
            "decision__initiative", "decision__agenda_item"
        ),
        decision_id=pk,
    )
    tried = attempt(follow_up_workflow, row, name, request, now=timezone.now())
    if tried.done is not None:
        messages.success(request, f"{tried.transition.done}: {_('vedtak')} {row.decision.number}.")
        return redirect(row)
    context = {"row": row, "tried": tried, "explanation": presentation.what_happens(name)}
    return render(request, "governance/follow_up_transition.html", context, status=tried.status)


def _decision_or_404(request: Request, pk: int) -> Any:
    """Return the decision if its line of the log is the actor's to see.

    :raises Http404: there is none, or it is another municipality's.
    """
    rows = Decision.objects.logged_for(request.actor).with_follow_up_access(request.actor)
    rows = rows.with_sight_of_meeting(request.actor).select_related(
        "initiative", "agenda_item__meeting", "municipality", "registered_by"
    )
    return get_object_or_404(rows, pk=pk)


def _line(decision: Decision) -> LogLine:
    return LogLine(decision, timezone.localdate())


def _history(row: FollowUp | None) -> list[Any]:
    if row is None:
        return []
    return history_lines(row, states=FollowUpStatus, tones=FOLLOW_UP_TONES, with_reasons=True)
