"""Answers from the archive: those that came, those put aside, and one that the archivist brings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from archive import operations, policies, receiving
from archive.adapters.port import Incoming
from archive.forms import AnswerForm
from archive.models import Answer, AnswerKind, ArchiveMessage
from core.paging import keyset
from organization.roles import Permission

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request

INVALID = 422


@require_http_methods(["GET", "POST"])
def answer_list(request: Request) -> HttpResponse:
    """Show the answers, the latest first, and take one that says itself what it is about."""
    if not request.actor.holds(Permission.MANAGE_ARCHIVE):
        raise PermissionDenied
    home = request.actor.acting_for_id
    may_bring = home is not None and policies.may_follow_up(request.actor, home)
    if request.method == "POST" and not may_bring:
        raise PermissionDenied
    form = AnswerForm(*_sent(request)) if may_bring else None
    if form is not None and home is not None and _taken(request, form, home):
        return redirect("archive:answer_list")
    rows = Answer.objects.visible_to(request.actor).select_related("message", "municipality", "brought_by")
    page = keyset(rows, request, ("-pk",))
    several = len(request.actor.municipality_ids) > 1
    status = INVALID if form is not None and form.errors else 200
    return render(
        request, "archive/answer_list.html", {"page": page, "form": form, "several": several}, status=status
    )


@require_http_methods(["GET", "POST"])
def answer_bring(request: Request, pk: int) -> HttpResponse:
    """Take an answer to one message."""
    rows = ArchiveMessage.objects.visible_to(request.actor)
    message: ArchiveMessage = get_object_or_404(rows, pk=pk)
    if not policies.may_handle(request.actor, message):
        raise PermissionDenied
    form = AnswerForm(*_sent(request))
    if _taken(request, form, message.municipality_id, about=message):
        return redirect("archive:message_detail", pk)
    status = INVALID if form.errors else 200
    return render(request, "archive/answer_bring.html", {"form": form, "message": message}, status=status)


def _sent(request: Request) -> tuple[Any, Any]:
    """Return what was sent, also when it is nothing at all."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _taken(request: Request, form: Any, municipality_id: int, *, about: ArchiveMessage | None = None) -> bool:
    """Take what was brought; what cannot be used is said beside the field, and written down too."""
    if request.method != "POST" or not form.is_valid():
        return False
    upload = form.cleaned_data["file"]
    answer = receiving.bring(
        Incoming(upload.name, upload.read()), operations.rules_of(municipality_id), by=request.actor, now=timezone.now(),
        about=about,
    )  # fmt: skip
    if answer.kind == AnswerKind.PUT_ASIDE:
        form.add_error("file", answer.told)
        return False
    if answer.counted:
        messages.success(
            request, _("Svaret er lest: %(kind)s.") % {"kind": str(answer.get_kind_display()).lower()}
        )
    else:
        messages.info(request, _("Svaret er lest før, eller endrer ingenting."))
    return True
