"""Files of a draft, and whether the case is shielded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from core import attachments as kernel
from core.models import Attachment
from core.whole import whole
from governance import operations
from governance.attachments import attach_all, may_read
from governance.forms.intake import ShieldingForm, UploadForm
from governance.intake import attachments as part
from governance.models import Initiative
from governance.views.intake.common import load_open, load_own, way_of

if TYPE_CHECKING:
    import uuid

    from organization.http import Request

MEGABYTE = 1024 * 1024
FILES_AT_ONCE = 4


# The check of the token reads the whole request, so what is far too large is refused before it,
# by its own header; csrf_protect below checks all the rest.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def attachments(request: Request, pk: int) -> HttpResponse:
    if _sent_bytes(request) > settings.ATTACHMENT_MAX_BYTES * FILES_AT_ONCE + MEGABYTE:
        initiative = load_own(request, pk)
        words = _(
            "Det du sendte, er større enn %(limit)s MB til sammen. Last opp færre eller mindre filer om gangen."
        )
        limit = settings.ATTACHMENT_MAX_BYTES * FILES_AT_ONCE // MEGABYTE
        return _page(request, initiative, {"refused": [words % {"limit": limit}]}, status=413)
    return _attachments(request, pk)


@csrf_protect
def _attachments(request: Request, pk: int) -> HttpResponse:
    initiative = load_open(request, pk)
    if isinstance(initiative, HttpResponse):
        return initiative
    if request.method == "GET":
        return _page(request, initiative, {})
    if "shield" in request.POST:
        return _shield(request, initiative)
    return _upload(request, initiative)


def _sent_bytes(request: Request) -> int:
    return whole(request.META.get("CONTENT_LENGTH")) or 0


def _upload(request: Request, initiative: Initiative) -> HttpResponse:
    """Keep each file that can be kept; a refused one leaves the rest."""
    form = UploadForm(request.POST, request.FILES, initiative=initiative)
    if not form.is_valid():
        return _page(request, initiative, {"upload": form}, status=422)
    kept, refused = attach_all(
        initiative, form.cleaned_data["files"], is_shielded=form.cleaned_data.get("is_shielded", False),
        by=request.actor, now=timezone.now(),
    )  # fmt: skip
    if kept:
        words = ngettext("%(kept)s fil er lagt ved.", "%(kept)s filer er lagt ved.", kept)
        messages.success(request, words % {"kept": kept})
    if refused:
        return _page(request, initiative, {"refused": refused}, status=422)
    return redirect("governance:intake_attachments", initiative.pk)


def _shield(request: Request, initiative: Initiative) -> HttpResponse:
    form = ShieldingForm(request.POST, instance=initiative, actor=request.actor)
    if not form.is_valid():
        return _page(request, initiative, {"shielding": form}, status=422)
    operations.save_section(form, version=None, by=request.actor, now=timezone.now())
    messages.success(request, _("Skjermingen er lagret."))
    return redirect("governance:intake_attachments", initiative.pk)


def _page(
    request: Request, initiative: Initiative, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    files = [file for file in kernel.attachments_of(initiative) if may_read(request.actor, initiative, file)]
    shielding = context.get("shielding") or ShieldingForm(instance=initiative, actor=request.actor)
    context = {
        "initiative": initiative, "files": files, "shielding": shielding, "base": shielding.base(),
        "upload": UploadForm(initiative=initiative, initial={"is_shielded": True}),
        **context, **way_of(part, initiative),
    }  # fmt: skip
    return render(request, "governance/intake_attachments.html", context, status=status)


@require_POST
def attachment_remove(request: Request, pk: int, key: uuid.UUID) -> HttpResponse:
    initiative = load_open(request, pk)
    if isinstance(initiative, HttpResponse):
        return initiative
    kind = ContentType.objects.get_for_model(Initiative)
    file = get_object_or_404(Attachment, key=key, content_type=kind, object_id=initiative.pk, removed_at=None)
    kernel.remove(file, by=request.actor, now=timezone.now())
    messages.success(request, _("«%(name)s» er fjernet.") % {"name": file.name})
    return redirect("governance:intake_attachments", initiative.pk)
