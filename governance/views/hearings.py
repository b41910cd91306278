"""The pages of hearings: ask people, and answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import prefetch_related_objects
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from governance import guards, policies
from governance.forms.meeting import HearingAnswerForm
from governance.forms.secretariat import HearingsForm
from governance.hearings import operations
from governance.hearings.duties import answer_due, without_anybody
from governance.hearings.files import answer_with_files, load_files, remove_file
from governance.mandates import mandate_today
from governance.models import Hearing, Initiative
from governance.presentation import shown_title
from governance.views.loading import card_of, hearings_with_people, note_read, papers_context, reads, sent

if TYPE_CHECKING:
    import uuid

    from django.http import HttpResponseBase

    from organization.http import Request


@require_http_methods(["GET", "POST"])
def hearings_ask(request: Request, pk: int) -> HttpResponseBase:
    """Ask roles for their opinion, and show who was asked and what they answered."""
    initiative = card_of(request, pk)
    if not policies.may_prepare(request.actor, initiative):
        raise PermissionDenied
    prefetch_related_objects([initiative], hearings_with_people())
    load_files(initiative.hearings.all())
    form = HearingsForm(sent(request), days=mandate_today(initiative.municipality).hearing_days)
    reason = guards.hearing_is_open(initiative)
    if request.method == "POST" and form.is_valid() and not reason:
        roles = form.cleaned_data["roles"]
        due_on = form.cleaned_data["deadline"]
        asked = operations.ask_hearings(
            initiative, roles=roles, due_on=due_on, by=request.actor, now=timezone.now()
        )
        _tell_who_was_asked(request, initiative, asked, roles)
        return redirect("governance:initiative_hearings_ask", pk=pk)
    status = 409 if reason else 422 if form.errors else 200
    note_read(initiative, request.actor, what="papers")
    context = {
        "initiative": initiative, "title": shown_title(initiative), "reads": reads(initiative), "form": form,
        "reasons": [reason] if reason else [], "notable": guards.notable(initiative), "may_name": not reason,
    }  # fmt: skip
    return render(request, "governance/hearing_ask.html", context, status=status)


def hearing_of(request: Request, pk: int) -> Hearing:
    """Return the hearing of a case whose card the actor sees, with what the actor may read of the case.

    :raises Http404: there is none, or its case is not the actor's to know of.
    """
    rows = Hearing.objects.filter(initiative__in=Initiative.objects.visible_to(request.actor))
    known = rows.select_related("person", "answered_by", "noted_by", "on_behalf_of", "stand_in")
    hearing: Hearing = get_object_or_404(known, pk=pk)
    hearing.initiative = card_of(request, hearing.initiative_id)
    return hearing


@require_POST
def hearing_note(request: Request, pk: int) -> HttpResponseBase:
    """Note that the deadline of a hearing passed without an answer."""
    hearing = hearing_of(request, pk)
    operations.note_deadline(hearing, by=request.actor, now=timezone.now())
    messages.success(request, _("Det er notert at fristen gikk ut uten svar."))
    return redirect("governance:initiative_hearings_ask", pk=hearing.initiative_id)


def _tell_who_was_asked(
    request: Request, initiative: Initiative, asked: list[Hearing], roles: list[Any]
) -> None:
    if asked:
        text = ngettext(
            "%(n)s er spurt og har fått beskjed.", "%(n)s er spurt og har fått beskjed.", len(asked)
        )
        messages.success(request, text % {"n": len(asked)})
    nobody = without_anybody(initiative, roles)
    if nobody:
        text = _("Ingen har rollen: %(roles)s. En administrator må gi noen rollen.")
        messages.warning(request, text % {"roles": ", ".join(nobody)})
    elif not asked:
        messages.info(request, _("Alle du valgte, er spurt fra før."))


@require_http_methods(["GET", "POST"])
def hearing_answer(request: Request, pk: int) -> HttpResponseBase:
    """Let the person asked, a named stand-in or a colleague in the role answer."""
    hearing = hearing_of(request, pk)
    initiative = hearing.initiative
    involved = {hearing.person_id, hearing.answered_by_id}
    is_read = reads(initiative) or not hearing.is_answered or request.actor.person_id in involved
    if not (policies.may_answer_hearing(request.actor, hearing) and is_read):
        raise Http404
    given = {
        "answer": hearing.answer,
        "position": hearing.position,
        "stamp": hearing.stamp_of_answer,
    }
    form = HearingAnswerForm(sent(request), request.FILES or None, initial=given)
    reason = guards.hearing_is_open(initiative) or guards.answer_is_own(hearing, request.actor)
    if request.method == "POST" and form.is_valid() and not reason:
        _row, refused = answer_with_files(hearing, **form.cleaned_data, by=request.actor, now=timezone.now())
        messages.success(request, _("Takk. Svaret er sendt til sekretariatet."))
        for words in refused:
            messages.warning(request, words)
        return redirect("governance:hearing_answer", pk=pk)
    status = 409 if reason and request.method == "POST" else 422 if form.errors else 200
    context = _hearing_context(request, hearing, form, reason)
    return render(request, "governance/hearing_answer.html", context, status=status)


@require_POST
def hearing_file_remove(request: Request, pk: int, key: uuid.UUID) -> HttpResponseBase:
    """Take a file away from one's own answer."""
    hearing = hearing_of(request, pk)
    if not policies.may_answer_hearing(request.actor, hearing):
        raise Http404
    file = remove_file(hearing, key, by=request.actor, now=timezone.now())
    messages.success(request, _("«%(name)s» er fjernet.") % {"name": file.name})
    return redirect(hearing)


def _hearing_context(
    request: Request, hearing: Hearing, form: HearingAnswerForm, reason: str | None
) -> dict[str, Any]:
    initiative = hearing.initiative
    if reads(initiative) or request.actor.person_id == hearing.answered_by_id:
        load_files([hearing])
    context = {
        "hearing": hearing, "initiative": initiative, "title": shown_title(initiative), "form": form,
        "reasons": [reason] if reason else [], "reads": reads(initiative), "due": answer_due(hearing),
        "is_stand_in": request.actor.person_id == hearing.stand_in_id,
        "may_name": not (hearing.is_answered or hearing.noted_at) and policies.may_name_stand_in(request.actor, hearing),
    }  # fmt: skip
    if reads(initiative):
        note_read(initiative, request.actor, what="papers")
        context |= papers_context(initiative, request)
    return context
