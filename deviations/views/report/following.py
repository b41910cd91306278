"""Follow an anonymous report with its code.  Nothing of who does it is kept: no log, no session, no author."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.workflow import TransitionBlocked
from deviations import operations
from deviations.forms.report import AdditionForm, CodeForm, WordsForm
from deviations.operations.reporting import ANONYMOUS, plain
from deviations.views.report.receipt import add_more, receipt_context, warning_of
from deviations.workflow import deviation_workflow

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.workflow import Transition
    from deviations.models import Deviation
    from organization.http import Request

_MOST_WRONG = 10
_LOCKED_SECONDS = 15 * 60
# What a reporter may do beside adding more, and what the step calls the words.
_STEPS = {"answer": "answer", "reopen_as_reporter": "reason", "appeal": "reason"}


@dataclass(slots=True)
class _Visit:
    """What came of one look at the case."""

    form: AdditionForm
    words: WordsForm
    done: str = ""
    refused: tuple[Any, ...] = ()
    warning: dict[str, Any] | None = None

    @property
    def status(self) -> int:
        return 422 if self.warning or self.refused or self.form.errors or self.words.errors else 200


@never_cache
@require_http_methods(["GET", "POST"])
def report_follow(request: Request) -> HttpResponse:
    """Ask for the code, and show the case to whoever has it."""
    form = CodeForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return _ask(request, form)
    if _tried_too_often(request):
        form.add_error("code", _("For mange feil koder. Vent et kvarter, og prøv igjen."))
        return _ask(request, form, status=429)
    case = operations.receipt_of(form.cleaned_data["code"])
    if case is None:
        _count_wrong(request)
        form.add_error("code", _("Ingen melding har denne koden. Sjekk hver bokstav, og prøv igjen."))
        return _ask(request, form)
    return _visit(request, case)


def _ask(request: Request, form: CodeForm, status: int = 422) -> HttpResponse:
    answer = status if request.method == "POST" else 200
    return render(request, "deviations/report_code.html", {"form": form}, status=answer)


def _visit(request: Request, case: Deviation) -> HttpResponse:
    visit = _act(request, case)
    case.refresh_from_db()
    context = {
        **receipt_context(case), **(visit.warning or {}), "visit": visit, "form": visit.form, "words": visit.words,
        "code": plain(request.POST["code"]), "steps": _steps_of(case),
        "talk": case.messages.select_related("author"),
    }  # fmt: skip
    return render(request, "deviations/report_follow.html", context, status=visit.status)


def _act(request: Request, case: Deviation) -> _Visit:
    """Take the step that was sent, if any."""
    step = request.POST.get("step", "")
    if step == "add" and not case.is_final:
        return _add(request, case)
    if step in _STEPS:
        return _take(request, case, step)
    return _Visit(AdditionForm(), WordsForm())


def _add(request: Request, case: Deviation) -> _Visit:
    visit = _Visit(AdditionForm(request.POST, request.FILES), WordsForm())
    if visit.form.is_valid():
        visit.warning = warning_of(request, visit.form.cleaned_data["text"])
        if not visit.warning:
            visit.refused = tuple(add_more(case, visit.form, by=ANONYMOUS, now=timezone.now()))
            visit.form, visit.done = AdditionForm(), _("Det er lagt til. Den som har saken, får beskjed.")
    return visit


def _take(request: Request, case: Deviation, step: str) -> _Visit:
    visit = _Visit(AdditionForm(), WordsForm(request.POST))
    if visit.words.is_valid():
        text = visit.words.cleaned_data["text"]
        visit.warning = warning_of(request, text)
        if not visit.warning:
            visit.refused, visit.words = _perform(case, step, text), WordsForm()
            visit.done = "" if visit.refused else _("Det er sendt. Den som har saken, får beskjed.")
    return visit


def _perform(case: Deviation, step: str, text: str) -> tuple[Any, ...]:
    try:
        deviation_workflow.perform(step, case, by=ANONYMOUS, now=timezone.now(), data={_STEPS[step]: text})
    except TransitionBlocked as blocked:
        return blocked.reasons
    return ()


def _steps_of(case: Deviation) -> list[Transition[Deviation]]:
    """Return what the reporter can do where the case stands; the code is the right to do it."""
    declared = [deviation_workflow.transitions[name] for name in _STEPS]
    return [step for step in declared if case.status in step.source and not step.blockers(case)]


# --- Wrong codes ---------------------------------------------------------------------------------
def _key(request: Request) -> str:
    return f"wrong-code:{request.actor.person_id}"


def _tried_too_often(request: Request) -> bool:
    return int(cache.get(_key(request), 0)) >= _MOST_WRONG


def _count_wrong(request: Request) -> None:
    cache.set(_key(request), int(cache.get(_key(request), 0)) + 1, _LOCKED_SECONDS)
