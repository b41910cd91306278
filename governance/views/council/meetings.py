"""The list of meetings, one meeting with its agenda, and setting it up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import StaleVersion
from core.paging import keyset
from core.transitions import attempt
from core.whole import whole
from core.workflow import TransitionBlocked
from governance import agenda, council, policies
from governance import meeting_presentation as presentation
from governance.council.papers import agenda_data
from governance.cycle.calendar import start_of
from governance.cycle.rules import deadline_words
from governance.forms.meeting import AgendaItemForm, MeetingForm
from governance.models import CyclePeriod, Matter, Meeting
from governance.pdf import render_agenda
from governance.scoring.agenda import kept_agenda, ranked_agenda
from governance.standing import standing_of
from governance.views.council.common import (
    CONFLICT,
    INVALID,
    arranged_by,
    common,
    meeting_or_404,
    pdf_answer,
    printed_at,
)
from governance.workflow import meeting_workflow

if TYPE_CHECKING:
    from django.http import HttpResponse

    from governance.meeting_presentation import AgendaLine
    from governance.scoring.agenda import RankedAgenda
    from organization.http import Request
    from organization.models import Unit

_UPCOMING = 30


@require_GET
def meeting_list(request: Request) -> HttpResponse:
    """Show what is coming and what has been, in the own municipality and its region."""
    rows = Meeting.objects.visible_to(request.actor).with_access(request.actor).with_case_count()
    rows = rows.select_related("municipality", "mandate", "cycle_period")
    upcoming, today = list(rows.upcoming()[:_UPCOMING]), timezone.localdate()
    page = keyset(rows.past(), request, ("-starts_at", "-pk"))
    context = {
        **common(request),
        "upcoming": [(meeting, presentation.papers_due_of(meeting, today)) for meeting in upcoming],
        "page": page,
        "matters": list(
            Matter.objects.visible_to(request.actor).waiting().order_by("sent_at", "pk")[:_UPCOMING]
        ),
        "several": len({meeting.municipality_id for meeting in [*upcoming, *page.rows]}) > 1,
    }
    return render(request, "governance/meeting_list.html", context)


@require_http_methods(["GET", "POST"])
def meeting_create(request: Request) -> HttpResponse:
    """Set up a meeting of the council where the actor arranges them."""
    municipality = arranged_by(request)
    period = _period_of(request, municipality)
    form = MeetingForm(request.POST or None, initial={"starts_at": start_of(period)})
    reasons: tuple[Any, ...] = ()
    if request.method == "POST" and form.is_valid():
        data = {key: form.cleaned_data[key] for key in ("starts_at", "place")}
        try:
            made = council.plan_meeting(
                municipality=municipality, period=period, by=request.actor, now=timezone.now(), **data
            )
            said = _("Møte %(number)s er satt opp.") % {"number": made.number}
            messages.success(request, f"{said} {deadline_words(made)}".strip())
            return redirect(made)
        except TransitionBlocked as blocked:
            reasons = blocked.reasons
    context = {**common(request), "form": form, "municipality": municipality, "reasons": reasons}
    return render(request, "governance/meeting_form.html", context, status=_status(form, reasons))


def _period_of(request: Request, municipality: Unit) -> CyclePeriod | None:
    """Return the period of the annual cycle that the address names, where its meeting is still to be set up."""
    pk = whole(request.GET.get("periode"))
    rows = CyclePeriod.objects.filter(municipality=municipality, meeting=None)
    return rows.filter(pk=pk).first() if pk is not None else None


def _status(form: Any, reasons: Any) -> int:
    if reasons:
        return CONFLICT
    return INVALID if form.is_bound and form.errors else 200


@require_GET
def meeting_detail(request: Request, pk: int) -> HttpResponse:
    """Show a meeting: the agenda and who is there when the papers are out, else when and where."""
    meeting = meeting_or_404(request, pk)
    lines = presentation.agenda_of(meeting, request.actor)
    rows = presentation.attendances_of(meeting)
    waiting = [line for line in lines if line.decision is None]
    context = {
        "meeting": meeting,
        "lines": lines,
        "ranking": _kept_ranking(request, lines),
        "next_line": waiting[0] if meeting.is_in_session and waiting else None,
        "decided_count": len(lines) - len(waiting),
        "notices": [line for line in waiting if line.item.is_notice] if meeting.is_in_session else [],
        "rows": rows,
        "own": next((row for row in rows if row.person_id == request.actor.person_id), None),
        "quorum": council.quorum_of(meeting, rows),
        "actions": presentation.actions_for(meeting, request.actor),
        "may_arrange": policies.may_arrange_meeting(request.actor, meeting),
        "may_lead": policies.may_lead_meeting(request.actor, meeting),
        "reads_minutes": presentation.reads_minutes(meeting, request.actor),
        "papers_due": presentation.papers_due_of(meeting, timezone.localdate()),
        "standing": presentation.standing_for(meeting, request.actor, now=timezone.now()),
    }
    return render(request, "governance/meeting_detail.html", context)


def _kept_ranking(request: Request, lines: list[AgendaLine]) -> RankedAgenda:
    """Return the list that went out with the agenda; that shielded reasons are read in it is noted."""
    ranking = kept_agenda(lines)
    if ranking.has_points:
        presentation.note_reads(lines, request.actor, what="meeting_ranking", now=timezone.now())
    return ranking


@require_http_methods(["GET", "POST"])
def meeting_edit(request: Request, pk: int) -> HttpResponse:
    """Change time and place, or put something on the agenda that is not to be decided."""
    meeting = meeting_or_404(request, pk)
    if not policies.may_arrange_meeting(request.actor, meeting):
        raise PermissionDenied
    adds = request.POST.get("do") == "add_item"
    form = MeetingForm(request.POST if request.POST and not adds else None, instance=meeting)
    item_form = AgendaItemForm(request.POST if adds else None, prefix="item")
    sent: Any = item_form if adds else form
    reasons: tuple[Any, ...] = ()
    if request.method == "POST" and sent.is_valid():
        try:
            said = _add_item(request, meeting, item_form) if adds else _change(request, pk, form)
            messages.success(request, said)
            return redirect("governance:meeting_detail", pk)
        except TransitionBlocked as blocked:
            reasons = blocked.reasons
        except StaleVersion:
            reasons = (_("Noen andre har endret møtet imens. Last siden på nytt og se hva som er nytt."),)
    context = {
        "meeting": meeting_or_404(request, pk),
        "form": form,
        "item_form": item_form,
        "reasons": reasons,
    }
    return render(request, "governance/meeting_edit.html", context, status=_status(sent, reasons))


def _change(request: Request, pk: int, form: MeetingForm) -> str:
    data = {key: form.cleaned_data[key] for key in ("starts_at", "place", "version")}
    council.change_meeting(meeting_or_404(request, pk), by=request.actor, now=timezone.now(), **data)
    return _("Tid og sted er lagret.")


def _add_item(request: Request, meeting: Meeting, form: AgendaItemForm) -> str:
    agenda.add_item(meeting, by=request.actor, now=timezone.now(), **form.cleaned_data)
    return _("Saken står sist på sakslista.")


@require_http_methods(["GET", "POST"])
def meeting_transition(request: Request, pk: int, name: str) -> HttpResponse:
    """Say what a step leads to, ask for what it needs, and take it."""
    meeting = meeting_or_404(request, pk)
    tried = attempt(meeting_workflow, meeting, name, request, now=timezone.now())
    if tried.done is not None:
        messages.success(request, f"{tried.transition.done}.")
        return redirect(meeting)
    context = {"meeting": meeting, "tried": tried, "explanation": presentation.what_happens(name)}
    return render(request, "governance/meeting_transition.html", context, status=tried.status)


@require_POST
def item_move(request: Request, pk: int, item: int) -> HttpResponse:
    """Move a case one place up or down."""
    meeting = meeting_or_404(request, pk)
    row = get_object_or_404(meeting.items.on_agenda().select_related("meeting"), pk=item)
    council.move_item(row, up=request.POST.get("direction") == "up", by=request.actor, now=timezone.now())
    return redirect(f"{meeting.get_absolute_url()}#sak-{row.pk}")


@require_POST
def notices_note(request: Request, pk: int) -> HttpResponse:
    """Note every notice case of the meeting at once."""
    meeting = meeting_or_404(request, pk)
    try:
        noted = council.note_all(meeting, by=request.actor, now=timezone.now())
    except TransitionBlocked as blocked:
        messages.error(request, " ".join(str(reason) for reason in blocked.reasons))
        return redirect(meeting)
    said = ngettext(
        "%(count)s referatsak er tatt til orientering.",
        "%(count)s referatsaker er tatt til orientering.",
        noted,
    )
    messages.success(request, said % {"count": noted})
    return redirect(meeting)


@require_GET
def agenda_pdf(request: Request, pk: int) -> HttpResponse:
    """Send the notice of the meeting as PDF/A, without what this person may not read."""
    meeting = meeting_or_404(request, pk)
    lines = presentation.agenda_of(meeting, request.actor)
    if not meeting.reads_papers or meeting.is_cancelled:
        raise Http404
    presentation.note_reads(lines, request.actor, what="agenda_pdf", now=timezone.now())
    standing = standing_of(meeting, request.actor, now=timezone.now())
    ranking = ranked_agenda(lines, request.actor)
    seats = presentation.attendances_of(meeting)
    data = agenda_data(meeting, [line.item for line in lines], seats, standing, ranking)
    content = render_agenda(data, printed_at(), public=not presentation.reads_everything(lines))
    return pdf_answer(content, f"innkalling-{meeting.number.replace('/', '-')}")
