"""The outbox to sak/arkiv: what waits for a case number, and what has got one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from archive import operations, policies
from archive.forms import KINDS, CaseNumberForm, MessageFilter
from archive.models import ArchiveMessage, Shipment
from archive.presentation import what_to_do
from archive.workflow import message_workflow
from core.access import log_read
from core.errors import StaleVersion
from core.paging import keyset
from core.transitions import attempt
from organization.roles import Permission

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.actors import Actor
    from organization.actors import PersonActor
    from organization.http import Request

INVALID, CONFLICT, SHOWN = 422, 409, 50


@require_GET
def message_list(request: Request) -> HttpResponse:
    """Show the messages that wait, the oldest first, or those that are filed, the latest first."""
    if not policies.may_open(request.actor):
        raise PermissionDenied
    filters = MessageFilter(request.GET)
    rows = (
        ArchiveMessage.objects.visible_to(request.actor)
        .narrowed(filters.chosen)
        .select_related("municipality")
    )
    if filters.shows_done:
        page = keyset(rows.with_case_number(), request, ("-created_at", "-pk"))
    elif filters.shows_trouble:
        page = keyset(rows.in_trouble(), request, ("created_at", "pk"))
    else:
        page = keyset(rows.without_case_number(), request, ("created_at", "pk"))
    lines = [(row, KINDS.get(row.kind, row.kind)) for row in page.rows]
    several = len(request.actor.municipality_ids) > 1
    context = {
        "filters": filters, "active": filters.active, "page": page, "lines": lines, "several": several,
        "follows_up": request.actor.holds(Permission.MANAGE_ARCHIVE),
    }  # fmt: skip
    return render(request, "archive/message_list.html", context)


@require_http_methods(["GET", "POST"])
def message_detail(request: Request, pk: int) -> HttpResponse:
    """Show one message, and let the archivist enter its case number."""
    rows = ArchiveMessage.objects.visible_to(request.actor).select_related(
        "municipality", "handled_by", "content_type"
    )
    message: ArchiveMessage = get_object_or_404(rows, pk=pk)
    may_handle = policies.may_handle(request.actor, message)
    if request.method == "POST" and not may_handle:
        raise PermissionDenied
    form, status, stale = _form(request, message), 200, None
    if request.method == "POST":
        try:
            if _registered(request, message, form):
                return redirect(_next_waiting(request.actor, message) or "archive:message_list")
            status = INVALID
        except StaleVersion as refused:
            status, stale = CONFLICT, refused
            form.data = {**request.POST.dict(), "expected": next(iter(refused.theirs.values()))}
    context = _shown(message, request.actor) | {"form": form if may_handle else None, "stale": stale}
    if message.is_receipted:
        context["form"] = None
    return render(request, "archive/message_detail.html", context, status=status)


def _shown(message: ArchiveMessage, actor: PersonActor) -> dict[str, Any]:
    """Return what the page shows of the message; packages and answers to the archivist alone."""
    siblings = ArchiveMessage.objects.visible_to(actor).in_folder_of(message).exclude(pk=message.pk)
    return {
        "message": message,
        "kind": KINDS.get(message.kind, message.kind),
        "follows_up": policies.may_handle(actor, message),
        "what_to_do": what_to_do(message),
        "subject": _visible_subject(message, actor),
        "siblings": [(row, KINDS.get(row.kind, row.kind)) for row in siblings.order_by("pk")[:SHOWN]],
        "shipments": message.shipments.visible_to(actor).order_by("-pk")[:SHOWN],
        "answers": message.answers.visible_to(actor).select_related("brought_by")[:SHOWN],
    }


@require_http_methods(["GET", "POST"])
def message_correct(request: Request, pk: int) -> HttpResponse:
    """Say what is put right, and let the message be sent anew under the same key."""
    rows = ArchiveMessage.objects.visible_to(request.actor)
    message: ArchiveMessage = get_object_or_404(rows, pk=pk)
    tried = attempt(message_workflow, message, "correct", request, now=timezone.now())
    if tried.done is not None:
        messages.success(request, _("Meldingen sendes på nytt."))
        return redirect("archive:message_detail", pk)
    context = {"message": message, "tried": tried, "what_to_do": what_to_do(message)}
    return render(request, "archive/message_correct.html", context, status=tried.status)


@require_GET
def package(request: Request, pk: int) -> FileResponse:
    """Send a package to the archivist, and note who took it."""
    shipment: Shipment = get_object_or_404(
        Shipment.objects.visible_to(request.actor).exclude(file="").select_related("message"), pk=pk
    )
    return package_file(shipment, by=request.actor, what="archive_package")


def package_file(shipment: Shipment, *, by: Actor, what: str) -> FileResponse:
    """Return the file of a package, and note who took it.

    :raises Http404: it has been let go of.
    """
    try:
        file = default_storage.open(str(shipment.file.name))
    except OSError as gone:
        raise Http404 from gone
    log_read(shipment.message, what=what, by=by, now=timezone.now())
    answer = FileResponse(
        file, as_attachment=True, filename=f"{shipment.name}.zip", content_type="application/zip"
    )
    answer["Cache-Control"] = "private, no-store"
    return answer


def _form(request: Request, message: ArchiveMessage) -> CaseNumberForm:
    known = message.archive_reference or ArchiveMessage.objects.number_of_same_subject(message)
    initial = {"archive_reference": known, "expected": message.archive_reference}
    return CaseNumberForm(request.POST or None, initial=initial)


def _registered(request: Request, message: ArchiveMessage, form: CaseNumberForm) -> bool:
    if not form.is_valid():
        return False
    row = operations.register_case_number(message, by=request.actor, now=timezone.now(), **form.cleaned_data)
    messages.success(
        request,
        _("«%(title)s» er ført på sak %(number)s.") % {"title": row.title, "number": row.archive_reference},
    )
    return True


def _next_waiting(actor: PersonActor, message: ArchiveMessage) -> ArchiveMessage | None:
    """Return the next message that waits for this archivist, so that a row of them is worked through."""
    waiting = ArchiveMessage.objects.visible_to(actor).without_case_number()
    return waiting.filter(municipality_id=message.municipality_id).order_by("created_at", "pk").first()


def _visible_subject(message: ArchiveMessage, actor: PersonActor) -> Any:
    """Return what the message is about, if this person may see it."""
    model = message.content_type.model_class()
    if model is None or not hasattr(model, "get_absolute_url"):
        return None
    return model._default_manager.visible_to(actor).filter(pk=message.object_id).first()  # type: ignore[attr-defined]
