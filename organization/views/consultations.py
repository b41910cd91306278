"""Pages of consultations: opened and answered by who writes the strategy, commented by those who are asked."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from core.exports import KINDS, lines_as_file, links
from core.presentation import actions_of, history_lines
from core.transitions import attempt
from core.typed_text import confirm_saved, keep_key, keeps_typed_text, kept_text, note_of_writer
from organization import policies
from organization.consultation_rules import answer_problem, can_be_held_anew, closed_reason
from organization.consultation_summary import HEADINGS, PointLine, lines_of, summary_of
from organization.forms.consultations import (
    AnswerForm,
    CommentForm,
    ConsultationForm,
    NoRemarksForm,
    WithdrawForm,
)
from organization.models import (
    Consultation,
    ConsultationAnswer,
    ConsultationComment,
    ConsultationPoint,
    ConsultationStatus,
    Strategy,
)
from organization.models.consultation import TONES
from organization.views._pages import bound, done, page, posted, require, sent_form
from organization.workflow import consultation_workflow

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.http.response import HttpResponseBase

    from organization.forms.base import Deed
    from organization.http import Request


@never_cache
@keeps_typed_text
@require_http_methods(["GET", "POST"])
def consultation_open(request: Request, pk: int) -> HttpResponse:
    """Open a draft strategy for comments."""
    strategy = get_object_or_404(Strategy.objects.visible_to(request.actor), pk=pk)
    require(policies.may_manage_municipality(request.actor, strategy.municipality_id))
    if strategy.is_adopted:
        messages.info(request, ConsultationForm.adopted_words)
        return redirect("organization:strategy_detail", pk=pk)
    form = ConsultationForm(
        _typed(request), instance=Consultation(strategy=strategy, municipality_id=strategy.municipality_id)
    )
    if request.method == "POST" and done(request, form):
        return confirm_saved(request, redirect(form.result))
    return page(
        request, "consultation_open.html", {"strategy": strategy, **_keeping(request, form)}, form=form
    )


def _typed(request: Request) -> Any:
    """Return what was sent, or what was kept when the session had ended."""
    return posted(request) or kept_text(request)


def _keeping(request: Request, form: Deed) -> dict[str, Any]:
    return {
        "keep": keep_key(request), "note": note_of_writer(request), "is_kept": form.is_bound and request.method == "GET"
    }  # fmt: skip


def _consultation(request: Request, pk: int) -> Consultation:
    rows = Consultation.objects.visible_to(request.actor).select_related("strategy", "municipality")
    found: Consultation = get_object_or_404(rows, pk=pk)
    return found


@require_http_methods(["GET", "POST"])
def consultation_detail(request: Request, pk: int) -> HttpResponse:
    """Show what is heard and what one has said; those with nothing to say answer so in one press."""
    consultation = _consultation(request, pk)
    is_asked = policies.may_comment(request.actor, consultation)
    require(is_asked or request.method == "GET")
    form = NoRemarksForm(posted(request), consultation=consultation)
    if done(request, form):
        return redirect(consultation)
    steers = policies.may_steer_consultation(request.actor, consultation)
    offers = consultation_workflow.offers(consultation, request.actor)
    summary = summary_of(consultation, request.actor)
    context = {
        "consultation": consultation, "summary": summary, "steers": steers, "is_asked": is_asked,
        "closed": closed_reason(consultation, timezone.localdate()), "can_be_held_anew": can_be_held_anew(consultation),
        "actions": actions_of(offers, partial(_step_url, pk)),
        "history": history_lines(consultation, states=ConsultationStatus, tones=TONES, with_reasons=True),
    }  # fmt: skip
    return page(request, "consultation_detail.html", context, form=form)


def _step_url(pk: int, name: str) -> str:
    return reverse("organization:consultation_transition", args=[pk, name])


@never_cache
@require_http_methods(["GET", "POST"])
def consultation_transition(request: Request, pk: int, name: str) -> HttpResponse:
    """Take a step: extend, call off, or send the answers."""
    consultation = _consultation(request, pk)
    tried = attempt(consultation_workflow, consultation, name, request, now=timezone.now())
    if tried.done is not None:
        messages.success(request, f"{tried.transition.done}.")
        return redirect(consultation)
    context = {"consultation": consultation, "tried": tried}
    return page(request, "consultation_transition.html", context, status=tried.status)


@never_cache
@keeps_typed_text
@require_http_methods(["GET", "POST"])
def comment_edit(request: Request, pk: int) -> HttpResponse:
    """Comment on one point, or change or take back what one said of it."""
    rows = ConsultationPoint.objects.visible_to(request.actor).select_related(
        "consultation__strategy", "goal"
    )
    point = get_object_or_404(rows, pk=pk)
    consultation = point.consultation
    require(policies.may_comment(request.actor, consultation))
    comment = ConsultationComment.objects.own_or_new(point, request.actor.person_id)
    makers: dict[str, Any] = {"write": partial(CommentForm, instance=comment)}
    if comment.pk and comment.is_standing:
        makers["withdraw"] = partial(WithdrawForm, comment=comment)
    forms = bound(request, makers)
    if request.method == "GET" and (kept := kept_text(request)):
        forms["write"] = makers["write"](kept)
    sent = sent_form(request, forms)
    if sent is not None and done(request, sent):
        return confirm_saved(request, redirect(consultation))
    closed = closed_reason(consultation, timezone.localdate())
    context = {
        "consultation": consultation, "point": point, "comment": comment, "closed": [closed] if closed else [],
        "became": PointLine(point).now, **forms,
    }  # fmt: skip
    return page(request, "comment_edit.html", {**context, **_keeping(request, forms["write"])}, form=sent)


@require_GET
def consultation_summary(request: Request, pk: int) -> HttpResponseBase:
    """Show all comments with their answers, to print or as a file: an enclosure of the political case."""
    consultation = _consultation(request, pk)
    require(policies.may_read_summary(request.actor, consultation))
    summary, kind = summary_of(consultation, request.actor), request.GET.get("fil", "")
    if kind in KINDS:
        name, sheet = f"innspill-{consultation.pk}", str(ConsultationComment._meta.verbose_name_plural)[:31]
        return lines_as_file(lines_of(summary), kind, name=name, sheet=sheet, headings=HEADINGS)
    context = {
        "consultation": consultation, "summary": summary, "exports": links(request),
        "steers": policies.may_steer_consultation(request.actor, consultation),
    }  # fmt: skip
    return page(request, "consultation_summary.html", context)


@never_cache
@keeps_typed_text
@require_http_methods(["GET", "POST"])
def comment_answer(request: Request, pk: int) -> HttpResponse:
    """Answer one comment: what is done with it, and why."""
    rows = ConsultationComment.objects.visible_to(request.actor).standing()
    comment = get_object_or_404(
        rows.select_related("author", "point__consultation__strategy", "point__goal"), pk=pk
    )
    consultation = comment.point.consultation
    if not Consultation.objects.visible_to(request.actor).contains(consultation):
        raise Http404
    require(policies.may_steer_consultation(request.actor, consultation))
    answer = ConsultationAnswer.objects.filter(comment=comment).first() or ConsultationAnswer(comment=comment)
    form = AnswerForm(_typed(request), instance=answer)
    if request.method == "POST" and done(request, form):
        return confirm_saved(request, redirect("organization:consultation_summary", pk=consultation.pk))
    problem = answer_problem(consultation)
    context = {
        "consultation": consultation,
        "comment": comment,
        "answer": answer,
        "closed": [problem] if problem else [],
    }
    return page(request, "comment_answer.html", {**context, **_keeping(request, form)}, form=form)
