"""The files that show how a decision is followed up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from core.attachments import attachments_of
from governance import policies
from governance.follow_up_files import add_files, remove_file
from governance.forms.files import EvidenceFilesForm
from governance.models import FollowUp
from governance.views.council.common import INVALID

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from organization.http import Request


@require_http_methods(["GET", "POST"])
def follow_up_files(request: Request, pk: int) -> HttpResponse:
    """Show the files of a follow-up, and keep those that are sent."""
    row = _row_or_403(request, pk)
    form, refused = EvidenceFilesForm(), list[str]()
    if request.method == "POST":
        form = EvidenceFilesForm(request.POST, request.FILES)
        if form.is_valid():
            kept, refused = add_files(row, form.cleaned_data["uploads"], by=request.actor, now=timezone.now())
            _tell(request, kept)
            if not refused:
                return redirect(row)
    context = {"row": row, "form": form, "refused": refused, "files": attachments_of(row)}
    status = INVALID if refused or form.errors else 200
    return render(request, "governance/follow_up_files.html", context, status=status)


@require_POST
def follow_up_file_remove(request: Request, pk: int, key: UUID) -> HttpResponse:
    """Take a file away from a follow-up."""
    row = _row_or_403(request, pk)
    file = remove_file(row, key, by=request.actor, now=timezone.now())
    messages.success(request, _("«%(name)s» er fjernet.") % {"name": file.name})
    return redirect("governance:follow_up_files", pk)


def _row_or_403(request: Request, pk: int) -> FollowUp:
    """Return the follow-up if the actor carries it out.

    :raises Http404: there is none that the actor may know of.
    :raises PermissionDenied: somebody else does.
    """
    rows = FollowUp.objects.visible_to(request.actor)
    row: FollowUp = get_object_or_404(
        rows.select_related("decision__initiative", "decision__agenda_item"), pk=pk
    )
    if not policies.may_carry_out(request.actor, row):
        raise PermissionDenied
    return row


def _tell(request: Request, kept: int) -> None:
    if kept:
        words = ngettext("%(kept)s fil er lagt ved.", "%(kept)s filer er lagt ved.", kept)
        messages.success(request, words % {"kept": kept})
