"""The meeting while it goes on: who is there, and one case at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import StaleVersion
from core.typed_text import confirm_saved
from core.workflow import TransitionBlocked
from governance import council, policies
from governance import meeting_presentation as presentation
from governance.forms.session import AttendanceForm
from governance.views.council.casepage import CasePage
from governance.views.council.common import CONFLICT, INVALID, meeting_or_404, papers_or_403
from governance.views.council.sitting import Sitting

if TYPE_CHECKING:
    from django.http import HttpResponse

    from governance.models import Meeting
    from organization.http import Request


@require_http_methods(["GET", "POST"])
def attendance(request: Request, pk: int) -> HttpResponse:
    """Record who is there, and show at once whether the council can decide."""
    meeting = meeting_or_404(request, pk)
    if not policies.may_lead_meeting(request.actor, meeting):
        raise PermissionDenied
    form = AttendanceForm(request.POST or None, meeting=meeting, rows=presentation.attendances_of(meeting))
    if request.method == "GET":
        return _attendance_page(request, meeting, form)
    if not form.is_valid():
        return _attendance_page(request, meeting, form, status=INVALID)
    roll = form.everybody() if "everybody" in request.POST else form.roll
    try:
        council.register_attendance(
            meeting, by=request.actor, now=timezone.now(), version=form.cleaned_data["version"], **roll
        )
    except TransitionBlocked as blocked:
        return _attendance_page(request, meeting, form, reasons=blocked.reasons, status=CONFLICT)
    except StaleVersion:
        reasons = (_("Noen andre har ført frammøte imens. Her er lista slik den står nå."),)
        return _attendance_page(request, meeting, None, reasons=reasons, status=CONFLICT)
    if request.htmx:
        return _attendance_page(request, meeting_or_404(request, pk), None)
    messages.success(request, _("Frammøtet er lagret."))
    return redirect("governance:meeting_attendance", pk)


def _attendance_page(
    request: Request, meeting: Meeting, form: AttendanceForm | None, *, reasons: Any = (), status: int = 200
) -> HttpResponse:
    rows = form.rows if form else presentation.attendances_of(meeting)
    context = {
        "meeting": meeting,
        "form": form or AttendanceForm(meeting=meeting, rows=rows),
        "quorum": council.quorum_of(meeting, rows),
        "reasons": reasons,
        "actions": presentation.actions_for(meeting, request.actor),
    }
    return render(request, "governance/meeting_attendance.html", context, status=status)


@require_POST
def absence_report(request: Request, pk: int) -> HttpResponse:
    """Let who is summoned say that they cannot come, or can after all."""
    meeting = meeting_or_404(request, pk)
    is_absent = request.POST.get("kommer") != "ja"
    try:
        council.report_absence(meeting, is_absent=is_absent, by=request.actor, now=timezone.now())
    except TransitionBlocked as blocked:
        messages.error(request, " ".join(str(reason) for reason in blocked.reasons))
    else:
        messages.success(
            request,
            _("Forfallet er meldt. Sekretariatet har fått beskjed.")
            if is_absent
            else _("Det er meldt at du kommer."),
        )
    return redirect(meeting)


@require_GET
def screen(request: Request, pk: int) -> HttpResponse:
    """Show the case in hand large, for everybody in the room; it follows the meeting by itself."""
    meeting = meeting_or_404(request, pk)
    if not policies.may_read_council_papers(request.actor, meeting.municipality_id):
        raise PermissionDenied
    lines = presentation.agenda_of(meeting, request.actor)
    line = presentation.in_hand(meeting, lines)
    context = {
        "meeting": meeting,
        "lines": lines,
        "line": line,
        "dealt_with": [one for one in lines if one.decision],
    }
    if line is not None and line.is_readable:
        case = council.case_of(line.item, presentation.attendances_of(meeting))
        context |= {"case": case, "quorum": case.quorum, "sitting": Sitting(request, case, may_lead=False)}
        presentation.note_reads([line], request.actor, what="meeting_screen", now=timezone.now())
    return render(request, "governance/meeting_screen.html", context)


@require_http_methods(["GET", "POST"])
def item_decide(request: Request, pk: int, item: int) -> HttpResponse:
    """Show one case of the agenda, and decide it while the meeting is in session."""
    meeting = papers_or_403(request, pk)
    lines = presentation.agenda_of(meeting, request.actor)
    line = next((line for line in lines if line.item.pk == item), None)
    if line is None:
        raise Http404
    page = CasePage(request, meeting, line, lines)
    if request.method == "POST":
        if not page.may_take:
            raise PermissionDenied
        if page.take():
            return confirm_saved(request, redirect(page.onward()), page.sent)
    presentation.note_reads([line], request.actor, what="meeting_item", now=timezone.now())
    return render(request, page.template, page.context(), status=page.status)
