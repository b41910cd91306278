"""The change work of a plan: its page, the forms that change it, and the steps of an action."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from benefits import policies
from benefits.change import forms, operations, presentation
from benefits.change import policies as change_policies
from benefits.change.workflow import change_workflow
from benefits.models import Benefit, BenefitRisk, ChangeAction, ChangeAgent, ChangeStatus, Stakeholder
from benefits.models.change import CHANGE_TONES
from benefits.operations.mapping import why_plan_is_closed
from benefits.versions import standing
from benefits.views.work import work_form
from core.access import log_read
from core.errors import Refused, StaleVersion
from core.exports import KINDS, book_as_file, lines_as_file, links
from core.presentation import actions_of, history_lines
from core.transitions import attempt
from governance import drafting
from governance.models import Initiative

if TYPE_CHECKING:
    from django.http import HttpResponse, HttpResponseBase
    from django.utils.functional import _StrOrPromise as StrOrPromise

    from organization.http import Request

OK, CONFLICT, INVALID = 200, 409, 422
_BACK = "benefits:change_work"
_PLAN = ("initiative__unit", "initiative__municipality")


@dataclass(frozen=True, slots=True)
class Part:
    """A kind of row: its form, and the words of its pages."""

    model: Any
    form: Any
    new: StrOrPromise
    edit: StrOrPromise
    remove: StrOrPromise
    saved: StrOrPromise
    note: StrOrPromise = ""


PARTS = {
    "action": Part(
        ChangeAction, forms.ActionForm, gettext_lazy("Nytt tiltak"), gettext_lazy("Endre tiltaket"), gettext_lazy("Ta ut tiltaket"),
        gettext_lazy("Tiltaket «%(title)s» er lagret."),
    ),
    "agent": Part(
        ChangeAgent, forms.AgentForm, gettext_lazy("Ny endringsagent"), gettext_lazy("Endre endringsagenten"), gettext_lazy("Ta ut endringsagenten"),
        gettext_lazy("%(title)s er med i planen."),
    ),
    "stakeholder": Part(
        Stakeholder, forms.StakeholderForm, gettext_lazy("Ny interessent"), gettext_lazy("Endre interessenten"), gettext_lazy("Ta ut interessenten"),
        gettext_lazy("«%(title)s» er lagret."),
        gettext_lazy("Alle i kommunen kan lese dette når tiltaket er vedtatt, også de det handler om. Skriv om grupper og roller, ikke om enkeltpersoner."),
    ),
    "risk": Part(
        BenefitRisk, forms.RiskForm, gettext_lazy("Ny risiko"), gettext_lazy("Vurder risikoen"), gettext_lazy("Ta ut risikoen"),
        gettext_lazy("Risikoen «%(title)s» er lagret."),
    ),
}  # fmt: skip
_REMOVE = {
    "action": "change_action_remove", "agent": "change_agent_remove", "stakeholder": "stakeholder_remove",
    "risk": "benefit_risk_remove",
}  # fmt: skip


def _plan(request: Request, pk: int) -> Initiative:
    """Return the initiative whose plan the actor reads.

    :raises Http404: there is none that the actor may know of.
    """
    seen = Benefit.objects.visible_to(request.actor).filter(initiative_id=pk)
    cards = Initiative.objects.visible_to(request.actor).filter(pk__in=seen.values("initiative_id"))
    initiative: Initiative = get_object_or_404(cards.select_related("unit", "municipality"), pk=pk)
    if initiative.is_shielded:
        log_read(initiative, what="change work", by=request.actor, now=timezone.now())
    return initiative


def _to_work_on(request: Request, pk: int) -> Initiative:
    """:raises PermissionDenied: the actor reads the plan, but does not work on it."""
    initiative = _plan(request, pk)
    if not policies.may_plan_whole(request.actor, initiative):
        raise PermissionDenied
    return initiative


@never_cache
@require_GET
def change_work(request: Request, pk: int) -> HttpResponseBase:
    initiative, today = _plan(request, pk), timezone.localdate()
    benefits = list(Benefit.objects.visible_to(request.actor).filter(initiative=initiative))
    work = presentation.work_of(initiative, today)
    work.name_only(benefits)
    page = presentation.shown(initiative, work, standing(benefits), today=today)
    if (kind := request.GET.get("fil")) in KINDS:
        return _file(kind, initiative, page)
    may_plan = policies.may_plan_whole(request.actor, initiative) and not why_plan_is_closed(initiative)
    context = {
        "initiative": initiative,
        "may_plan": may_plan,
        "person_id": request.actor.person_id,
        "exports": links(request),
        **page,
    }
    return render(request, "benefits/change_work.html", context)


def _file(kind: str, initiative: Initiative, page: dict[str, Any]) -> HttpResponseBase:
    """Return the tables of the page as sheets of one file; CSV holds the first."""
    sheets, name = presentation.sheets(page), f"{_('endringsarbeid')}-{initiative.number}"
    if kind == "csv":
        sheet, headings, lines = sheets[0]
        return lines_as_file(lines, kind, name=name, sheet=sheet, headings=headings)
    return book_as_file(sheets, name=name)


# --- The forms -----------------------------------------------------------------------------------------
@never_cache
@require_http_methods(["GET", "POST"])
def part_create(request: Request, pk: int, part: str) -> HttpResponse:
    initiative = _to_work_on(request, pk)
    return _part_page(request, part, PARTS[part].model(initiative=initiative))


@never_cache
@require_http_methods(["GET", "POST"])
def part_edit(request: Request, pk: int, part: str) -> HttpResponse:
    return _part_page(request, part, _row_to_work_on(request, pk, part))


def _row_to_work_on(request: Request, pk: int, part: str, *, removed: bool = False) -> Any:
    """Return the row for somebody who works on its plan, or who owns the risk that it is.

    :raises Http404: there is none that the actor may know of.
    :raises PermissionDenied: the actor knows of it, but does not work on it.
    """
    model = PARTS[part].model
    rows = model._default_manager.visible_to(request.actor).filter(removed_at__isnull=not removed)
    row = get_object_or_404(rows.select_related(*_PLAN), pk=pk)
    may = change_policies.may_do if part == "risk" and not removed else _may_plan
    if not may(request.actor, row):
        raise PermissionDenied
    return row


def _may_plan(actor: Any, row: Any) -> bool:
    return policies.may_plan_whole(actor, row.initiative)


def _part_page(request: Request, part: str, row: Any) -> HttpResponse:
    kind, initiative, is_new = PARTS[part], row.initiative, row.pk is None
    heading, back = kind.new if is_new else kind.edit, _address_after(request, row)
    page: dict[str, Any] = {"part": kind, "row": row, "heading": heading, "back": back}
    if reason := why_plan_is_closed(initiative):
        status = CONFLICT if request.method == "POST" else OK
        return _form(request, initiative, None, status, reasons=[reason], **page)
    is_planner = policies.may_plan_whole(request.actor, initiative)
    form = _part_form(request, kind, row, only=None if is_planner else operations.OWN)
    if not is_new:
        remove = reverse(f"benefits:{_REMOVE[part]}", args=[row.pk])
        page |= {"base": form.base(), "remove_url": remove if is_planner else ""}
    if not form.is_valid():
        return _form(request, initiative, form, INVALID if form.is_bound else OK, **page)
    try:
        made = operations.save_part(row, form.values, by=request.actor, now=timezone.now(), form=form)
    except Refused as refused:
        form.add_error(None, [str(reason) for reason in refused.reasons])
    except StaleVersion:
        page["outcome"] = {"clashes": form.clashes}
    else:
        messages.success(request, kind.saved % {"title": made})
        return redirect(back)
    return _form(request, initiative, form, CONFLICT, **page)


def _part_form(request: Request, kind: Any, row: Any, *, only: Any) -> Any:
    """Return the form of a part, with what was typed and the answer to a clash carried out."""
    values = {"initiative": row.initiative, "actor": request.actor, "only": only}
    typed: Any = request.POST if request.method == "POST" else None
    if typed is not None and row.pk is not None:
        typed = drafting.with_choice(typed, kind.form(instance=row, **values))
    return kind.form(typed, instance=copy(row), **values)


def _address_after(request: Request, row: Any) -> str:
    """Return the page of the change work, or what waits for an owner who does not read the plan."""
    reads = Benefit.objects.visible_to(request.actor).filter(initiative_id=row.initiative_id).exists()
    return reverse(_BACK, args=[row.initiative_id]) if reads else reverse("core:inbox")


def _form(
    request: Request, initiative: Initiative, form: Any, status: int, *, reasons: Any = (), **context: Any
) -> HttpResponse:
    context |= {"initiative": initiative, "form": form, "reasons": reasons}
    return render(request, "benefits/change_form.html", context, status=status)


# --- Out of the plan, and in again ------------------------------------------------------------------------
@never_cache
@require_http_methods(["GET", "POST"])
def part_remove(request: Request, pk: int, part: str) -> HttpResponse:
    """Ask first, then take the row out of the plan."""
    row = _row_to_work_on(request, pk, part)
    if not _may_plan(request.actor, row):
        raise PermissionDenied

    def remove() -> str:
        operations.remove_part(row, by=request.actor, now=timezone.now())
        return _("«%(title)s» er tatt ut. Den står nederst på siden og kan tas inn igjen.") % {"title": row}

    explanation = _("«%(title)s» går ut av planen. Historikken blir stående, og den kan tas inn igjen.") % {
        "title": row
    }
    return work_form(
        request, row.initiative, None, remove, heading=str(PARTS[part].remove), back=_BACK, explanation=explanation, is_removal=True
    )  # fmt: skip


@require_POST
def part_restore(request: Request, pk: int, part: str) -> HttpResponse:
    row = _row_to_work_on(request, pk, part, removed=True)
    try:
        operations.restore_part(row, by=request.actor, now=timezone.now())
        messages.success(request, _("«%(title)s» er tatt inn igjen.") % {"title": row})
    except Refused as refused:
        messages.error(request, " ".join(str(reason) for reason in refused.reasons))
    return redirect(_BACK, row.initiative_id)


# --- One action ------------------------------------------------------------------------------------------
def _action_of(request: Request, pk: int) -> ChangeAction:
    """Return the action, also for its owner where the plan is for others to read.

    :raises Http404: there is none that the actor may know of.
    """
    rows = ChangeAction.objects.visible_to(request.actor).select_related(
        *_PLAN, "initiative__project_owner", "owner", "benefit", "node"
    )
    action: ChangeAction = get_object_or_404(rows.with_staff(timezone.localdate()), pk=pk)
    if action.initiative.is_shielded:
        log_read(action.initiative, what="change work", by=request.actor, now=timezone.now())
    return action


@require_GET
def action_detail(request: Request, pk: int) -> HttpResponse:
    action = _action_of(request, pk)

    def url(name: str) -> str:
        return reverse("benefits:change_action_transition", args=[action.pk, name])

    seen = Benefit.objects.visible_to(request.actor).filter(initiative_id=action.initiative_id)
    ids = set(seen.values_list("pk", flat=True))
    if action.benefit_id not in ids:
        action.benefit = None
    may_plan = policies.may_plan_whole(request.actor, action.initiative)
    context = {
        "action": action, "initiative": action.initiative, "is_late": action.is_late(timezone.localdate()),
        "actions": actions_of(change_workflow.offers(action, request.actor), url), "reads_plan": bool(ids),
        "may_plan": may_plan and why_plan_is_closed(action.initiative) is None and not action.is_removed,
        "history": history_lines(action, states=ChangeStatus, tones=CHANGE_TONES, with_reasons=True),
    }  # fmt: skip
    return render(request, "benefits/change_action_detail.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def action_transition(request: Request, pk: int, name: str) -> HttpResponse:
    action = _action_of(request, pk)
    if name not in change_workflow.transitions:
        raise Http404
    tried = attempt(change_workflow, action, name, request, now=timezone.now())
    if tried.done is not None:
        messages.success(request, f"{tried.transition.done}.")
        return redirect(action)
    context = {"action": action, "tried": tried}
    return render(request, "benefits/change_action_transition.html", context, status=tried.status)
