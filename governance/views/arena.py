"""Meetings of professional groups: the list, one meeting with its points and notes, and the writing of a note."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from core.errors import Refused
from core.paging import keyset
from core.typed_text import confirm_saved, keep_key, keeps_typed_text, kept_text, note_of_writer
from core.whole import whole
from governance.arena import notes as writing
from governance.arena import policies
from governance.arena.forms import ArenaFilter, InitiativeForm, MeetingForm, NoteForm
from governance.arena.groups import group_or_404, groups_led_by, groups_with_meetings
from governance.arena.page import MeetingPage
from governance.models import GroupMeeting, GroupNote
from governance.text_versions import pair_of, versions_of
from governance.writing import StaleText

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from organization.http import Request

_MOST_FOUND, _MOST_COMING = 50, 30


# --- The list -------------------------------------------------------------------------------------
@require_GET
def arena_list(request: Request) -> HttpResponse:
    """Show the meetings that the actor sees, those to come first; or the notes in which the words stand."""
    groups = groups_with_meetings(request.actor)
    filters = ArenaFilter(request.GET, groups=groups)
    rows = GroupMeeting.objects.visible_to(request.actor).select_related("group", "municipality")
    if filters.group is not None:
        rows = rows.filter(group=filters.group)
    now = timezone.now()
    context = {
        "filters": filters, "led": list(groups_led_by(request.actor)), "found": _found(request, filters),
        "active": bool(filters.typed) + (filters.group is not None), "coming": list(rows.upcoming(now).order_by("starts_at", "pk")[:_MOST_COMING]),
        "page": keyset(_with_counts(rows.held(now)), request, ("-starts_at", "-pk")),
    }  # fmt: skip
    return render(request, "governance/arena_list.html", context)


def _with_counts(rows: Any) -> Any:
    written = Count("notes", filter=~Q(notes__text=""), distinct=True)
    became = Count("notes", filter=Q(notes__outcome__initiative__isnull=False), distinct=True)
    return rows.annotate(note_count=written, initiative_count=became)


def _found(request: Request, filters: ArenaFilter) -> list[GroupNote] | None:
    if not filters.typed:
        return None
    rows = GroupNote.objects.visible_to(request.actor).written().matching(filters.typed)
    if filters.group is not None:
        rows = rows.filter(meeting__group=filters.group)
    return list(rows.select_related("meeting__group", "written_by").order_by("-pk")[:_MOST_FOUND])


# --- A meeting is planned -------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def arena_create(request: Request, pk: int) -> HttpResponse:
    """Plan a meeting of a group."""
    group = group_or_404(request.actor, pk)
    if not policies.may_lead_group(request.actor, group):
        raise PermissionDenied
    return _planning(request, GroupMeeting(group=group, municipality_id=group.municipality_id))


@require_http_methods(["GET", "POST"])
def arena_edit(request: Request, pk: int) -> HttpResponse:
    """Move a meeting, or call it something else."""
    meeting = _meeting(request, pk)
    if not policies.may_lead_meeting(request.actor, meeting):
        raise PermissionDenied
    return _planning(request, meeting)


def _planning(request: Request, meeting: GroupMeeting) -> HttpResponse:
    title = meeting.title
    form = MeetingForm(request.POST if request.method == "POST" else None, instance=meeting)
    if form.is_bound and form.carry_out(by=request.actor, now=timezone.now()):
        messages.success(request, form.done)
        return redirect(form.result)
    context = {"form": form, "meeting": meeting, "title": title}
    return render(request, "governance/arena_form.html", context, status=form.status)


def _meeting(request: Request, pk: int) -> GroupMeeting:
    rows = GroupMeeting.objects.visible_to(request.actor).select_related("group__responsible", "municipality")
    meeting: GroupMeeting = get_object_or_404(rows.prefetch_related("group__members"), pk=pk)
    return meeting


# --- A meeting ------------------------------------------------------------------------------------
@never_cache
@require_http_methods(["GET", "POST"])
def arena_meeting(request: Request, pk: int) -> HttpResponse:
    """Show a meeting: what is suggested, who came, the notes and what came of them; the group acts here."""
    sent = request.POST if request.method == "POST" else None
    shown = MeetingPage(_meeting(request, pk), request.actor, timezone.now(), sent)
    form = shown.sent_form
    if form is not None and form.carry_out(by=request.actor, now=timezone.now()):
        messages.success(request, form.done)
        if isinstance(form, InitiativeForm):
            return redirect("governance:intake_hub", form.result.pk)
        return redirect(shown.meeting)
    if sent is not None and form is None:
        messages.error(request, _("Valget finnes ikke lenger."))
        return redirect(shown.meeting)
    return render(
        request,
        "governance/arena_meeting.html",
        {"shown": shown, "meeting": shown.meeting},
        status=shown.status,
    )


# --- A note ---------------------------------------------------------------------------------------
def _written_in(request: Request, pk: int) -> GroupMeeting:
    """Return a meeting whose notes the actor writes.

    :raises Http404: the actor does not see it; PermissionDenied: the actor is not of the group.
    """
    meeting = _meeting(request, pk)
    if not policies.may_take_part(request.actor, meeting.group):
        raise PermissionDenied
    return meeting


@keeps_typed_text
@never_cache
@require_http_methods(["GET", "POST"])
def arena_note(request: Request, pk: int, key: UUID) -> HttpResponse:
    """Write one note.  A request by htmx saves and stays."""
    meeting = _written_in(request, pk)
    note = writing.standing(meeting, key)
    if request.method == "POST":
        return _save(request, meeting, note)
    kept = kept_text(request)
    begins = {"text": note.text, "base": note.version, "point": whole(request.GET.get("punkt"))}
    form = NoteForm(kept, meeting=meeting, initial=begins)
    return _note_page(request, meeting, {"note": note, "form": form, "is_kept": kept is not None})


def _save(request: Request, meeting: GroupMeeting, note: GroupNote) -> HttpResponse:
    form = NoteForm(request.POST, meeting=meeting)
    problem: dict[str, Any] = {}
    if form.is_valid():
        write = writing.keep_standing if form.keeps_theirs else writing.save_note
        if note.pk is None:
            note.point = form.cleaned_data["point"]
        try:
            row = write(meeting, note, form.typed, by=request.actor, now=timezone.now())
        except StaleText as stale:
            problem = {
                "theirs": stale.standing,
                "note": stale.standing,
                "form": form.begin_from(stale.standing),
            }
        except Refused as refused:
            problem = {"reasons": [str(reason) for reason in refused.reasons]}
        else:
            return confirm_saved(request, _saved(request, meeting, row))
    return _note_page(request, meeting, {"note": note, "form": form, **problem})


def _saved(request: Request, meeting: GroupMeeting, row: GroupNote) -> HttpResponse:
    if request.htmx:
        return render(request, "governance/arena_note.html#saved", {"note": row})
    messages.success(request, _("Notatet er lagret."))
    if request.POST.get("to") != "next":
        return redirect(meeting)
    following = reverse("governance:arena_note", args=[meeting.pk, _next_key(request, meeting, row.point_id)])
    return redirect(f"{following}?punkt={row.point_id}" if row.point_id else following)


def _next_key(request: Request, meeting: GroupMeeting, point_id: int | None) -> UUID:
    return MeetingPage(meeting, request.actor, timezone.now()).next_key_for(point_id)


def _note_page(request: Request, meeting: GroupMeeting, context: dict[str, Any]) -> HttpResponse:
    context = {
        "meeting": meeting, "keep": keep_key(request), "writer": note_of_writer(request),
        "closed": context.get("reasons") or ([] if meeting.is_open else [_("Notatene kan ikke endres nå.")]), **context,
    }  # fmt: skip
    status = 409 if context["closed"] or "theirs" in context else 422 if context["form"].errors else 200
    return render(request, "governance/arena_note.html", context, status=status)


@require_http_methods(["GET", "POST"])
def arena_note_versions(request: Request, pk: int, key: UUID) -> HttpResponse:
    """Show the versions of a note, and let an earlier one stand again."""
    meeting = _written_in(request, pk)
    note = get_object_or_404(meeting.notes.select_related("written_by"), key=key)
    if request.method == "POST":
        return _take_back(request, meeting, note)
    versions = versions_of(note)
    older, newer = whole(request.GET.get("fra")), whole(request.GET.get("til"))
    closed = "" if meeting.is_open else _("Notatene kan ikke endres nå.")
    pair = pair_of(note, versions, older, newer)
    context = {"meeting": meeting, "note": note, "versions": versions, "pair": pair, "closed": closed}
    return render(request, "governance/arena_note_versions.html", context)


def _take_back(request: Request, meeting: GroupMeeting, note: GroupNote) -> HttpResponse:
    number, version = whole(request.POST.get("number")), whole(request.POST.get("version"))
    try:
        writing.take_back(
            meeting, note, number or 0, version=-1 if version is None else version, by=request.actor, now=timezone.now()
        )  # fmt: skip
    except StaleText as stale:
        text = _("%(name)s lagret notatet imens. Se hva som er nytt før du henter tilbake en eldre versjon.")
        messages.warning(request, text % {"name": stale.standing.written_by})
    except Refused as refused:
        messages.warning(request, " ".join(str(reason) for reason in refused.reasons))
    else:
        messages.success(request, _("Versjon %(number)s står igjen.") % {"number": number})
    return redirect("governance:arena_note_versions", meeting.pk, note.key)
