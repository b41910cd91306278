"""The minutes: built from what was recorded, written by the secretary, then locked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core.errors import StaleVersion
from core.typed_text import confirm_saved, keep_key
from core.workflow import TransitionBlocked
from governance import council, policies
from governance import meeting_presentation as presentation
from governance.council.papers import addenda_of, load_proceedings, minutes_data, outcome_of, verdict_on
from governance.forms.session import AddendumForm, MinutesForm
from governance.pdf import render_minutes
from governance.standing import standing_of
from governance.views.council.common import CONFLICT, INVALID, meeting_or_404, pdf_answer, printed_at

if TYPE_CHECKING:
    from django.http import HttpResponse

    from governance.meeting_presentation import AgendaLine
    from governance.models import Meeting, MinutesAddendum
    from organization.http import Request


@require_http_methods(["GET", "POST"])
def minutes(request: Request, pk: int) -> HttpResponse:
    """Show the minutes; the secretary writes in them until they are approved."""
    meeting, lines = _minutes_of(request, pk)
    if not presentation.reads_minutes(meeting, request.actor):
        raise PermissionDenied
    may_write = policies.may_arrange_meeting(request.actor, meeting) and not meeting.minutes_are_locked
    if request.method == "GET":
        presentation.note_reads(lines, request.actor, what="minutes", now=timezone.now())
        form = _form(meeting, lines) if may_write else None
        return _page(request, meeting, lines, form=form)
    if not policies.may_arrange_meeting(request.actor, meeting):
        raise PermissionDenied
    if request.POST.get("do") == "addendum":
        return _add(request, meeting, lines)
    form = _form(meeting, lines, request.POST)
    return _save(request, meeting, lines, form)


def _minutes_of(request: Request, pk: int) -> tuple[Meeting, list[AgendaLine]]:
    meeting = meeting_or_404(request, pk)
    if meeting.is_cancelled:
        raise Http404
    lines = presentation.agenda_of(meeting, request.actor)
    load_proceedings([line.item for line in lines])
    return meeting, lines


def _form(meeting: Meeting, lines: list[AgendaLine], data: Any = None) -> MinutesForm:
    return MinutesForm(data, meeting=meeting, items=[line.item for line in lines if line.is_readable])


def _save(request: Request, meeting: Meeting, lines: list[AgendaLine], form: MinutesForm) -> HttpResponse:
    if not form.is_valid():
        return _page(request, meeting, lines, form=form, status=INVALID)
    data = form.cleaned_data
    try:
        council.write_minutes(
            meeting,
            notes=data["notes"],
            items=form.texts,
            version=data["version"],
            by=request.actor,
            now=timezone.now(),
        )
    except TransitionBlocked as blocked:
        return _page(request, meeting, lines, form=form, reasons=blocked.reasons, status=CONFLICT)
    except StaleVersion as stale:
        # What was typed stays on the page, beside what stands now; saving once more is then a choice.
        form.data = {**form.data.dict(), "version": str(meeting.version)}  # type: ignore[attr-defined]
        differing = [(label, text, stale.theirs[label]) for label, text in stale.mine.items()]
        return _page(request, meeting, lines, form=form, differing=differing, status=CONFLICT)
    messages.success(request, _("Protokollen er lagret."))
    return confirm_saved(request, redirect("governance:meeting_minutes", meeting.pk))


def _add(request: Request, meeting: Meeting, lines: list[AgendaLine]) -> HttpResponse:
    """Add a correction to minutes that are locked."""
    form = AddendumForm(request.POST, lines=lines)
    if not form.is_valid():
        return _page(request, meeting, lines, addendum_form=form, status=INVALID)
    try:
        council.add_addendum(meeting, **form.cleaned_data, by=request.actor, now=timezone.now())
    except TransitionBlocked as blocked:
        return _page(request, meeting, lines, addendum_form=form, reasons=blocked.reasons, status=CONFLICT)
    messages.success(request, _("Tilføyelsen er ført."))
    return redirect(reverse("governance:meeting_minutes", args=[meeting.pk]) + "#tilfoyelser")


def _page(
    request: Request, meeting: Meeting, lines: list[AgendaLine], *, status: int = 200, **extra: Any
) -> HttpResponse:
    form = extra.get("form")
    rows = presentation.attendances_of(meeting)
    items = [line.item for line in lines]
    may_arrange = policies.may_arrange_meeting(request.actor, meeting)
    there = council.attended(meeting, rows, items)
    came = {line.row.pk for line in there}
    for item in items:
        _tell(item, council.took_part(item, meeting, rows))
    context = {
        "meeting": meeting,
        "cases": [(line, form.fields_of(line.item) if form and line.is_readable else None) for line in lines],
        "present": there,
        "absent": [row for row in rows if row.is_absent and row.pk not in came],
        "quorum": council.quorum_at_opening(meeting, rows),
        "actions": presentation.actions_for(meeting, request.actor),
        "keep": keep_key(request),
        "addenda": _addenda(meeting, lines) if meeting.minutes_are_locked else [],
        "addendum_form": AddendumForm(lines=lines) if meeting.minutes_are_locked and may_arrange else None,
        "standing": presentation.standing_for(meeting, request.actor, now=timezone.now()),
        **extra,
    }
    return render(request, "governance/meeting_minutes.html", context, status=status)


def _addenda(meeting: Meeting, lines: list[AgendaLine]) -> list[tuple[MinutesAddendum, AgendaLine | None]]:
    """Return what was added, each with its case, where it is about one."""
    by_item = {line.item.pk: line for line in lines}
    return [(one, by_item.get(one.item_id or 0)) for one in addenda_of(meeting)]


def _tell(item: Any, names: str) -> None:
    """Give a case what its part of the page tells beside the decision."""
    votings = list(item.votings.all())
    item.took_part = names
    item.declarations = [(row, verdict_on(row)) for row in item.impartialities.all() if row.is_worth_telling]
    item.made = [
        (row, outcome_of(row, [one for one in votings if one.proposal_id == row.pk]))
        for row in item.proposals.all()
    ]


@require_GET
def minutes_pdf(request: Request, pk: int) -> HttpResponse:
    """Send the minutes as PDF/A, marked as a draft until they are approved."""
    meeting, lines = _minutes_of(request, pk)
    if not presentation.reads_minutes(meeting, request.actor):
        raise Http404
    presentation.note_reads(lines, request.actor, what="minutes_pdf", now=timezone.now())
    items, rows = [line.item for line in lines], presentation.attendances_of(meeting)
    standing = standing_of(meeting, request.actor, now=timezone.now())
    data = minutes_data(meeting, items, rows, addenda_of(meeting), standing)
    content = render_minutes(data, printed_at(), public=not presentation.reads_everything(lines))
    return pdf_answer(content, f"protokoll-{meeting.number.replace('/', '-')}")
