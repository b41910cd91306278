"""What a person has reported under their own name: the receipt, the list, and «the same happened to me»."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core import signing
from django.core.exceptions import BadRequest
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from core.paging import keyset
from core.presentation import due_of
from deviations import guarding, operations
from deviations.filters import LIST_ORDERING
from deviations.forms.report import AdditionForm
from deviations.models import Deviation, Follower
from deviations.standing import own_title, standing_of
from deviations.views.report.page import SAME
from deviations.views.report.receipt import add_more, receipt_context, warning_of

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpResponse

    from organization.http import Request

_FOLLOWED = 20
_TOKEN_LASTS = 24 * 3600


@require_http_methods(["GET", "POST"])
def report_receipt(request: Request, pk: int) -> HttpResponse:
    """Show an own report's receipt, and take more about it."""
    rows = Deviation.objects.of_reporter(request.actor).filter(reported_at__isnull=False)
    case = get_object_or_404(rows.select_related("unit", "responsible", "handler", "type"), pk=pk)
    form = AdditionForm(request.POST or None, request.FILES or None)
    warning: dict[str, Any] = {}
    if request.method == "POST" and not case.is_final and form.is_valid():
        warning = warning_of(request, form.cleaned_data["text"])
        if not warning:
            for reason in add_more(case, form, by=request.actor, now=timezone.now()):
                messages.warning(request, reason)
            messages.success(request, _("Det er lagt til. Den som har saken, får beskjed."))
            return redirect("deviations:report_receipt", case.pk)
    context = {**receipt_context(case), "form": form, "sent_key": case.submission_key, **warning}
    status = 422 if request.method == "POST" else 200
    return render(request, "deviations/report_receipt.html", context, status=status)


@require_GET
def my_reports(request: Request) -> HttpResponse:
    """Show where each of the own reports stands, and those the person has joined."""
    rows = Deviation.objects.of_reporter(request.actor).select_related("unit", "responsible", "handler")
    page = keyset(rows, request, LIST_ORDERING)
    lines = [_line(row, timezone.localdate()) for row in page.rows]
    joined = Follower.objects.filter(person_id=request.actor.person_id).select_related("deviation__unit")
    context = {"page": page, "lines": lines, "joined": joined.order_by("-pk")[:_FOLLOWED]}
    return render(request, "deviations/report_mine.html", context)


def _line(case: Deviation, today: date) -> dict[str, Any]:
    due = due_of(case.due_on, today) if case.is_open else None
    return {"case": case, "title": own_title(case), "standing": standing_of(case), "due": due}


@require_POST
def report_same(request: Request) -> HttpResponse:
    """Join a report that is open, instead of filing the same again."""
    try:
        pk, person_id = signing.loads(request.POST.get("same", ""), salt=SAME, max_age=_TOKEN_LASTS)
    except signing.BadSignature as bad:
        raise BadRequest from bad
    case = Deviation.objects.open().filter(pk=pk).first()
    if person_id != request.actor.person_id or case is None:
        raise Http404
    note = request.POST.get("description", "")[:4000]
    kept = "" if guarding.find(note) else note.replace("\x00", "")
    operations.follow(case, request.actor.person, note=kept, now=timezone.now())
    messages.success(
        request, _("Du er lagt til på %(number)s. Du får beskjed når noe skjer.") % {"number": case.number}
    )
    address = reverse("deviations:my_reports")
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)
