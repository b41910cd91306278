"""What a duty sends: the report to Datatilsynet, part by part, and the letter to those it concerns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core.errors import StaleVersion
from core.workflow import TransitionBlocked
from deviations import breach, operations
from deviations.forms.duties import LetterForm, ReportForm, SentForm
from deviations.pdf import render_document
from deviations.views.duties import duty_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.utils.functional import _StrOrPromise as StrOrPromise

    from deviations.models import Duty
    from organization.http import Request

_LONGEST_NUMBER = 4


@require_http_methods(["GET", "POST"])
def duty_report(request: Request, pk: int) -> HttpResponse:
    """Write the report of a breach in the order of Datatilsynet's form."""
    duty = duty_of(request, pk, to_write=True)
    if not duty.has_report:
        raise Http404
    initial = duty.details.get("report") or breach.first_report(duty, request.actor)
    form = ReportForm(request.POST or None, duty=duty, initial=initial)
    return _write(request, duty, "report", form)


@require_http_methods(["GET", "POST"])
def duty_letter(request: Request, pk: int) -> HttpResponse:
    """Write the letter to those whose data it is."""
    duty = duty_of(request, pk, to_write=True)
    if not duty.has_letter:
        raise Http404
    initial = duty.details.get("letter") or breach.first_letter(duty, request.actor)
    form = LetterForm(request.POST or None, duty=duty, initial=initial)
    return _write(request, duty, "letter", form)


@require_http_methods(["GET", "POST"])
def duty_report_send(request: Request, pk: int) -> HttpResponse:
    """Note that the report, or a part of it, is sent."""
    duty = duty_of(request, pk, to_write=True)
    if not duty.has_report:
        raise Http404
    form, status = SentForm(request.POST or None, duty=duty), 200
    reasons: Sequence[StrOrPromise] = ()
    if request.method == "POST" and form.is_valid():
        try:
            operations.send_part(duty, **form.cleaned_data, by=request.actor, now=timezone.now())
        except TransitionBlocked as blocked:
            reasons, status = blocked.reasons, 409
        else:
            messages.success(
                request, _("Ført som sendt: %(part)s.") % {"part": breach.PARTS[form.cleaned_data["kind"]]}
            )
            return redirect(duty)
    elif request.method == "POST":
        status = 422
    context = {"duty": duty, "case": duty.deviation, "form": form, "reasons": reasons}
    return render(request, "deviations/duty_report_send.html", context, status=status)


@require_GET
def duty_document(request: Request, pk: int, form: str) -> HttpResponse:
    """Send the report or the letter as PDF, or as plain text to paste into Altinn."""
    duty = duty_of(request, pk)
    document = _document(duty, request.GET.get("del", ""))
    headers = {"Cache-Control": "private, no-store"}
    if form == "tekst":
        headers["Content-Disposition"] = f'inline; filename="{document.filename}.txt"'
        return HttpResponse(document.as_text(), content_type="text/plain; charset=utf-8", headers=headers)
    if form != "pdf":
        raise Http404
    case = duty.deviation
    pdf = render_document(
        document, organization=str(case.municipality), reference=case.number if duty.has_report else "",
        now=timezone.now(),
    )  # fmt: skip
    headers["Content-Disposition"] = f'inline; filename="{document.filename}.pdf"'
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


def _write(request: Request, duty: Duty, key: str, form: ReportForm | LetterForm) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            operations.write_notification(
                duty,
                key,
                form.content(),
                seen=form.cleaned_data["seen"],
                by=request.actor,
                now=timezone.now(),
            )
        except StaleVersion:
            form.warn_of_others(duty.seen)
            status = 409
        else:
            messages.success(request, _("Teksten er lagret."))
            return redirect(duty)
    context = {
        "duty": duty, "case": duty.deviation, "form": form, "has_text": key in duty.details,
        "discovered_at": duty.deviation.discovered_at, "parts": breach.parts_of(duty),
    }  # fmt: skip
    return render(request, f"deviations/duty_{key}.html", context, status=status)


def _document(duty: Duty, number: str) -> breach.Document:
    """Return what the duty sends, or the part of the report that the address names."""
    if duty.has_letter and "letter" in duty.details:
        return breach.letter_document(duty)
    if not duty.has_report or "report" not in duty.details:
        raise Http404
    if not number:
        return breach.report_document(duty)
    parts = duty.details.get("parts", [])
    if not (
        number.isascii()
        and number.isdigit()
        and len(number) <= _LONGEST_NUMBER
        and 0 < int(number) <= len(parts)
    ):
        raise Http404
    return breach.report_document(duty, parts[int(number) - 1])
