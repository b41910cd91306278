"""The report form: shown, helped along while somebody writes, and sent once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from core.ui import search_options
from core.workflow import TransitionBlocked
from deviations import guarding, operations, photos
from deviations.forms.units import UnitField, units_in
from deviations.views.report.page import ReportPage
from deviations.views.report.receipt import receipt_context
from organization.roles import Permission

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponse

    from deviations.models import Deviation
    from organization.http import Request


@never_cache
@require_http_methods(["GET", "POST"])
def report_start(request: Request) -> HttpResponse:
    """Ask what happened, and file it."""
    page = ReportPage(request)
    if request.method == "POST" and page.is_ready():
        return _file(page)
    return _show(page)


def _file(page: ReportPage) -> HttpResponse:
    try:
        case, code = operations.report(page.report_input(), by=page.actor, now=page.now)
    except TransitionBlocked as blocked:
        return _show(page, reasons=blocked.reasons)
    if not code and case.reporter_id != page.actor.person_id:
        return _show(
            page, reasons=[_("Denne meldingen er alt sendt. Last siden på nytt for å melde noe annet.")]
        )
    refused = photos.keep_once(case, page.form.all_photos(), by=page.actor, now=page.now)
    is_new = case.created_at == page.now
    return _code(page, case, code, refused) if code else _receipt(page.request, case, refused, is_new=is_new)


def _code(page: ReportPage, case: Deviation, code: str, refused: Sequence[str]) -> HttpResponse:
    """Answer an anonymous report with its code: nothing is put in the session, and no address leads back here."""
    groups = [code[start : start + 4] for start in range(0, len(code), 4)]
    context = {
        **receipt_context(case), "code": "-".join(groups), "code_groups": groups, "refused": refused,
        "sent_key": page.valid["submission_key"],
    }  # fmt: skip
    return render(page.request, "deviations/report_receipt.html", context)


def _receipt(request: Request, case: Deviation, refused: Sequence[str], *, is_new: bool) -> HttpResponse:
    for reason in refused:
        messages.warning(request, reason)
    if not is_new:
        messages.info(
            request, _("Vi hadde alt fått denne meldingen. Endret du noe etterpå, kan du legge det til her.")
        )
    address = reverse("deviations:report_receipt", args=[case.pk])
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


def _show(page: ReportPage, *, reasons: Sequence[Any] = ()) -> HttpResponse:
    status = 200 if page.sent is None else 422
    context = {"page": page, "form": page.form, "reasons": reasons, **_warnings(page)}
    return render(page.request, "deviations/report_start.html", context, status=status)


def _warnings(page: ReportPage) -> dict[str, Any]:
    """Return what to look at before the report goes; nothing before it is sent the first time."""
    if page.sent is None:
        return {}
    return {
        "findings": page.findings,
        "fingerprint": guarding.fingerprint(page.findings),
        "needs_tick": guarding.has_identity_number(page.findings),
        "asks_more": bool(page.unseen) and page.form.is_valid(),
        "warns_of_guessing": page.warns_of_guessing,
        "lost_photos": bool(page.request.FILES) and not page.request.htmx,
    }


@require_POST
def report_more(request: Request) -> HttpResponse:
    """Show what follows from what is written so far: types, reports alike, questions and warnings."""
    return render(request, "deviations/report_more.html", {"page": ReportPage(request), "fragment": True})


@require_GET
def report_units(request: Request, municipality: int) -> HttpResponse:
    """Suggest open units while somebody types."""
    if municipality not in request.actor.municipalities_where(Permission.REPORT_DEVIATION):
        raise Http404
    field = UnitField()
    field.queryset = units_in(municipality).open_on(timezone.localdate())
    return search_options(request, field)
