"""What those who handle a case do with it beside its steps: assess, ask, send on, tie together, and make more of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import StaleVersion
from core.formats import long_date
from core.workflow import TransitionBlocked, TransitionDenied
from deviations import measures, operations, policies, triage
from deviations.forms.assessment import AssessmentForm
from deviations.forms.handling import LinkForm, MeasureForm, MessageForm, RerouteForm
from deviations.forms.merging import merged
from deviations.forms.questions import PREFIX, QuestionsForm
from deviations.models import Danger, Deviation, Question
from deviations.operations.routing import MOVABLE
from deviations.presentation import ACTIONS, ASSESSMENT, LINKS, TALK, headline_of, part_url
from deviations.views.loading import case_of, case_to_handle, sent
from deviations.views.parts import case_page
from deviations.views.steps import CONFLICT, OK, UNPROCESSABLE

if TYPE_CHECKING:
    from django.forms import Form
    from django.http import HttpResponse

    from organization.http import Request


def form_page(request: Request, case: Deviation, form: Form | None, **words: Any) -> HttpResponse:
    """Show one form about a case, or the reasons why it is closed.

    :param words: heading, lead and submit; reasons, told and back_url where there are any.
    """
    status = CONFLICT if words.get("reasons") else UNPROCESSABLE if form is not None and form.errors else OK
    context = {
        "case": case,
        "headline": headline_of(case),
        "form": form,
        "back_url": case.get_absolute_url(),
        **words,
    }
    return render(request, "deviations/deviation_form.html", context, status=status)


def onward(request: Request, case: Deviation, part: str = "") -> HttpResponse:
    """Lead back to the case, or to the tasks when the actor no longer sees it."""
    if Deviation.objects.visible_to(request.actor).filter(pk=case.pk).exists():
        return redirect(part_url(case, part))
    messages.info(request, _("Du har ikke lenger tilgang til saken."))
    return redirect("core:inbox")


# --- The assessment --------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def deviation_assess(request: Request, pk: int) -> HttpResponse:
    """Save the assessment and the causes; where somebody else saved meanwhile, put both together or show both."""
    case = case_to_handle(request, pk)
    if request.method == "GET" or not case.is_open:
        return case_page(request, case, ASSESSMENT, status=OK if case.is_open else CONFLICT)
    form = AssessmentForm(request.POST, obj=case, actor=request.actor)
    if not form.is_valid():
        return case_page(request, case, ASSESSMENT, status=UNPROCESSABLE, form=form)
    clashes: list[Any] = []
    if form.cleaned_data["version"] != case.version:
        now = AssessmentForm(None, obj=case, actor=request.actor)
        data, clashes = merged(request.POST, form, now, case.version)
        form = AssessmentForm(data, obj=case, actor=request.actor)
    if not clashes and form.is_valid() and _save(request, case, form):
        messages.success(request, _saved(case))
        return onward(request, case, ASSESSMENT)
    return case_page(request, case, ASSESSMENT, status=CONFLICT, form=form, clashes=clashes)


def _saved(case: Deviation) -> str:
    due_on = Deviation.objects.values_list("due_on", flat=True).get(pk=case.pk)
    if due_on is None or due_on == case.due_on:
        return _("Vurderingen er lagret.")
    return _("Vurderingen er lagret. Fristen er nå %(date)s.") % {"date": long_date(due_on)}


def _save(request: Request, case: Deviation, form: AssessmentForm) -> bool:
    """Write what was changed, and tell whether nobody was quicker."""
    given: dict[str, Any] = {"by": request.actor, "now": timezone.now()}
    version = form.cleaned_data["version"]
    try:
        with transaction.atomic():
            if form.touches_assessment:
                version = operations.assess(case, version=version, **form.assessment, **given).version
            if form.touches_analysis:
                operations.set_causes(case, form.analysis, version=version, **given)
    except StaleVersion:
        form.add_error(None, _("Noen andre lagret akkurat nå. Lagre en gang til for å se hva de endret."))
        return False
    return True


# --- The questions that may start a duty -----------------------------------------------------------
@require_http_methods(["GET", "POST"])
def deviation_questions(request: Request, pk: int) -> HttpResponse:
    """Let those who handle a case answer what it is asked, and start the duties that follow."""
    case = case_to_handle(request, pk)
    words = {
        "heading": _("Spørsmål om saken"), "submit": _("Lagre svarene"),
        "lead": _("Svarer du ja eller usikker, kan det starte en meldeplikt. Et svar som endres, avslutter aldri en plikt."),
    }  # fmt: skip
    if not case.is_open:
        return form_page(
            request, case, None, reasons=[_("Saken er avsluttet. Gjenåpne den for å svare.")], **words
        )
    given, asked = triage.answers_of(case), questions_of(case)
    form = QuestionsForm(sent(request), questions=asked)
    form.initial = {f"{PREFIX}{code}": _typed(value, asked, code) for code, value in given.items()}
    if request.method == "POST" and form.is_valid():
        changed = {code: value for code, value in form.answers().items() if value != given.get(code)}
        started = operations.answer_questions(case, changed, by=request.actor, now=timezone.now())
        return _after_answers(request, case, asked, len(started))
    return form_page(request, case, form, **words)


def questions_of(case: Deviation) -> list[Question]:
    """Return what a case is asked, with the answers it has.

    Those who handle it may know of an injury that the reporter did not: they are also asked
    what is otherwise asked only where somebody is hurt or in danger.
    """
    rows = Question.objects.active().filter(municipality_id=case.municipality_id)
    if not case.is_harmful:
        rows = rows.exclude(set=Question.TRIAGE)
    known = triage.case_of(case, triage.answers_of(case))
    return triage.asked(rows, replace(known, danger=Danger.UNSURE))


def _typed(value: str, asked: list[Question], code: str) -> Any:
    """Return an answer as its field shows it."""
    is_list = any(one.code == code and one.form == Question.Form.MULTIPLE for one in asked)
    return value.split("; ") if is_list else value


def _after_answers(request: Request, case: Deviation, asked: list[Question], started: int) -> HttpResponse:
    said = _("Svarene er lagret.")
    if started:
        said += " " + ngettext("Én meldeplikt er startet.", "%(n)d meldeplikter er startet.", started) % {
            "n": started
        }
    if new := [one for one in questions_of(case) if one not in asked]:
        messages.info(
            request, said + " " + _("Svarene ga flere spørsmål: %(first)s") % {"first": new[0].text}
        )
        return redirect("deviations:deviation_questions", case.pk)
    messages.success(request, said)
    return redirect(f"{case.get_absolute_url()}#meldeplikter")


# --- Sending on ------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def deviation_reroute(request: Request, pk: int) -> HttpResponse:
    """Send the case on to somebody else, with a reason."""
    case = case_of(request, pk)
    if case.is_draft or not policies.may_receive(request.actor, case):
        raise TransitionDenied
    words: dict[str, Any] = {
        "heading": _("Send videre"), "submit": _("Send videre"), "told": _("Melder får ingen beskjed om dette steget."),
        "lead": _("Den du velger, får saken og fristen for å ta imot den. Hvem som har hatt saken, står i historikken."),
    }  # fmt: skip
    if case.status not in MOVABLE:
        return form_page(
            request, case, None, reasons=[_("Saken kan ikke sendes videre slik den står nå.")], **words
        )
    form = RerouteForm(sent(request), obj=case, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            operations.reroute(case, by=request.actor, now=timezone.now(), **form.cleaned_data)
        except TransitionBlocked as blocked:
            return form_page(request, case, form, reasons=blocked.reasons, **words)
        said = {"number": case.number, "name": form.cleaned_data["person"]}
        messages.success(request, _("%(number)s er sendt videre til %(name)s.") % said)
        return onward(request, case)
    return form_page(request, case, form, **words)


# --- The talk --------------------------------------------------------------------------------------
@require_POST
def deviation_message(request: Request, pk: int) -> HttpResponse:
    """Write to whoever reported."""
    case = case_to_handle(request, pk)
    form = MessageForm(request.POST, obj=case, actor=request.actor)
    if not form.is_valid():
        return case_page(request, case, TALK, status=UNPROCESSABLE, form=form)
    operations.write_to_reporter(case, form.cleaned_data["text"], by=request.actor, now=timezone.now())
    messages.success(request, _("Beskjeden er sendt til melder."))
    return redirect(part_url(case, TALK))


# --- Ties ------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def deviation_link(request: Request, pk: int) -> HttpResponse:
    """Tie the case to another by its number."""
    case = case_to_handle(request, pk)
    form = LinkForm(sent(request), obj=case, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        other = form.cleaned_data["number"]
        operations.link_deviations(case, other, by=request.actor, now=timezone.now())
        messages.success(request, _("Saken er koblet til %(number)s.") % {"number": other.number})
        return redirect(part_url(case, LINKS))
    words = {
        "heading": _("Koble til en sak"),
        "submit": _("Koble"),
        "lead": _("Koblingen vises i begge sakene."),
    }
    return form_page(request, case, form, back_url=part_url(case, LINKS), **words)


@require_POST
def deviation_unlink(request: Request, pk: int, other: int) -> HttpResponse:
    """Take away the tie to another case."""
    case = case_to_handle(request, pk)
    second = get_object_or_404(Deviation.objects.visible_to(request.actor), pk=other)
    operations.unlink_deviations(case, second, by=request.actor, now=timezone.now())
    messages.success(request, _("Koblingen til %(number)s er fjernet.") % {"number": second.number})
    return redirect(part_url(case, LINKS))


# --- An initiative of it ---------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def deviation_measure(request: Request, pk: int) -> HttpResponse:
    """Begin a draft of an initiative from what the case shows."""
    case = case_to_handle(request, pk)
    if not measures.may_make(request.actor, case):
        raise PermissionDenied
    form = MeasureForm(sent(request), obj=case, actor=request.actor, initial=measures.suggested(case))
    if request.method == "POST" and form.is_valid():
        link = operations.make_measure(case, by=request.actor, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Kladden er laget og koblet til %(number)s.") % {"number": case.number})
        return redirect(link.initiative)
    words = {
        "heading": _("Lag tiltak av dette"), "submit": _("Lag kladd"),
        "lead": _("Det blir en kladd som bare du ser til du sender den inn. Avviket følger ikke med; bare koblingen til det."),
    }  # fmt: skip
    return form_page(request, case, form, back_url=part_url(case, ACTIONS), **words)
