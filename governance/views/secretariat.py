"""The secretariat's pages: the queue and the number in the archive; case paper and hearings stand beside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import prefetch_related_objects
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core.paging import keyset
from governance import operations, policies
from governance.filters import QUEUE_ORDERING, QUEUE_STATES, queue_counts, queued
from governance.forms.secretariat import ArchiveReferenceForm
from governance.models import Status
from governance.presentation import actions_for, shown_title, what_happens, who_has_it
from governance.triage import waiting, waiting_rows
from governance.views.hearings import hearing_answer, hearing_file_remove, hearing_note, hearings_ask
from governance.views.loading import (
    card_of,
    endorsements_with_people,
    hearings_with_people,
    last_resubmission,
    lifetime_facts,
    note_read,
    preparation,
    sent,
)
from governance.views.paper_comments import comments
from governance.views.paper_sections import section_edit, section_take_back, section_versions
from governance.views.papers import case_paper, case_paper_edit, case_paper_pdf
from governance.views.steps import delegation_check, form_of, kept, queue_of
from governance.workflow import initiative_workflow
from organization.roles import Permission

if TYPE_CHECKING:
    from django.http import HttpResponseBase

    from core.presentation import Actions
    from governance.models import Initiative
    from organization.http import Request

__all__ = [
    "archive_reference",
    "case_paper",
    "case_paper_edit",
    "case_paper_pdf",
    "comments",
    "hearing_answer",
    "hearing_file_remove",
    "hearing_note",
    "hearings_ask",
    "section_edit",
    "section_take_back",
    "section_versions",
    "triage_case",
    "triage_queue",
]  # fmt: skip
SPLIT_SIZE = 12


# --- The queue ---------------------------------------------------------------------------------
@require_GET
def triage_queue(request: Request) -> HttpResponseBase:
    """Show what waits for the secretariat, the overdue and the oldest first."""
    _only_secretariat(request)
    queue, today = queue_of(request, shows_filters=True), timezone.localdate()
    page = keyset(queue.qs, request, QUEUE_ORDERING)
    cases = queued(request.actor, [row.pk for row in page.rows]).prefetch_related(*preparation())
    context = {
        "filters": queue.form, "active": queue.active, "state": queue.state, "page": page, "kept": kept(request),
        "lines": [(row, who_has_it(row.case)) for row in waiting_rows(cases, today)],
        "tabs": _tabs(request, queue.state),
    }  # fmt: skip
    return render(request, "governance/triage_queue.html", context)


@require_GET
def triage_case(request: Request, pk: int) -> HttpResponseBase:
    """Show one case of the queue with its decisions, and the rest of the queue beside it."""
    _only_secretariat(request)
    case, today = card_of(request, pk, resubmission=last_resubmission()), timezone.localdate()
    if not policies.may_triage(request.actor, case):
        raise PermissionDenied
    note_read(case, request.actor, what="papers")
    rows = list(queued(request.actor, queue_of(request).qs.values("pk")[:SPLIT_SIZE]))
    prefetch_related_objects([case, *rows], *preparation())
    heard = [hearings_with_people()] if case.status == Status.UNDER_PREPARATION else []
    prefetch_related_objects([case], endorsements_with_people(), *heard)
    query = f"?fra=mottak{'&' + kept(request)[1:] if kept(request) else ''}"
    actions = actions_for(case, request.actor, query=query)
    context = {
        "initiative": case, "title": shown_title(case), "waiting": waiting(case, today), "kept": kept(request),
        "lines": waiting_rows(rows, today), "completed": case.resubmission or "", "blocked": actions.blocked,
        **lifetime_facts(case),
    }  # fmt: skip
    return render(request, "governance/triage_case.html", context | _chosen(request, case, actions))


def _only_secretariat(request: Request) -> None:
    if not request.actor.holds(Permission.TRIAGE):
        raise PermissionDenied


def _tabs(request: Request, state: str) -> list[dict[str, Any]]:
    counts = queue_counts(request.actor)
    tabs = []
    for status, label in QUEUE_STATES:
        query = request.GET.copy()
        for name in ("etter", "for"):
            query.pop(name, None)
        query["status"] = status.value
        count = counts.get(status.value, 0)
        tabs.append(
            {
                "label": label,
                "url": f"?{query.urlencode()}",
                "is_current": status.value == state,
                "count": count,
            }
        )
    return [tab for index, tab in enumerate(tabs) if tab["count"] or tab["is_current"] or index == 0]


def _chosen(request: Request, case: Initiative, actions: Actions) -> dict[str, Any]:
    """Return the decisions as tabs, and the one that is open: that of the address, else the usual one."""
    choices = [*([actions.primary] if actions.primary else []), *actions.beside, *actions.menu]
    wanted = request.GET.get("valg", "")
    chosen = next((action for action in choices if action.name == wanted), choices[0] if choices else None)
    if chosen is None:
        return {"chosen": None}
    others = kept(request)[1:]
    tabs = [
        {
            "label": action.label,
            "url": f"?{others}{'&' if others else ''}valg={action.name}#saken",
            "is_current": action is chosen,
        }
        for action in choices
    ]
    form = form_of(initiative_workflow.transitions[chosen.name], case, request)
    return {
        "chosen": chosen, "choices": tabs, "form": form, "explanation": what_happens(chosen.name),
        "check": delegation_check(chosen.name, case),
    }  # fmt: skip


# --- The archive -------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def archive_reference(request: Request, pk: int) -> HttpResponseBase:
    """Let the archivist enter the case number of the archive."""
    initiative = card_of(request, pk)
    if not policies.may_set_archive_reference(request.actor, initiative):
        raise PermissionDenied
    form = ArchiveReferenceForm(sent(request), initial={"archive_reference": initiative.archive_reference})
    if request.method == "POST" and form.is_valid():
        operations.set_archive_reference(
            initiative, **form.cleaned_data, by=request.actor, now=timezone.now()
        )
        messages.success(request, _("Saksnummeret er ført på tiltaket."))
        return redirect("governance:initiative_detail", pk=pk)
    status = 422 if form.errors else 200
    context = {"initiative": initiative, "title": shown_title(initiative), "form": form}
    return render(request, "governance/initiative_archive_reference.html", context, status=status)
