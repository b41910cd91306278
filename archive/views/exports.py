"""Exports of what happened before: what there is, how far each has come, and the files that came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from archive import operations, policies
from archive.forms import ExportForm
from archive.history import exporting
from archive.history.progress import counted, lines_of
from archive.models import ArchiveExport, ExportFile
from core.access import log_read
from core.errors import Refused
from core.paging import keyset
from organization.models import Unit
from organization.roles import Permission

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from organization.http import Request

INVALID, SHOWN = 422, 50


@require_GET
def export_list(request: Request) -> HttpResponse:
    """Show the exports, the latest first."""
    if not request.actor.holds(Permission.MANAGE_ARCHIVE):
        raise PermissionDenied
    rows = ArchiveExport.objects.visible_to(request.actor).select_related("municipality", "started_by")
    page = keyset(rows, request, ("-pk",))
    several = len(request.actor.municipalities_where(Permission.MANAGE_ARCHIVE)) > 1
    return render(
        request, "archive/export_list.html", {"page": page, "several": several, "home": _home(request)}
    )


def _home(request: Request) -> int | None:
    """Return the municipality whose archive is seen to now."""
    home = request.actor.acting_for_id
    return home if home is not None and policies.may_follow_up(request.actor, home) else None


@require_http_methods(["GET", "POST"])
def export_new(request: Request) -> HttpResponse:
    """Let the archivist choose what is taken, and show how much it is before it is begun."""
    home = _home(request)
    if home is None:
        raise PermissionDenied
    sent = request.POST if request.method == "POST" else request.GET
    form = ExportForm(sent if "purpose" in sent or request.method == "POST" else None)
    reason = ""
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_started(request, form, home))
        except Refused as refused:
            reason = str(refused.reasons[0])
    context = {
        "form": form,
        "municipality": Unit.objects.get(pk=home),
        "reason": reason,
        **_preview(form, home),
    }
    return render(
        request, "archive/export_new.html", context, status=INVALID if form.errors or reason else 200
    )


def _started(request: Request, form: ExportForm, home: int) -> ArchiveExport:
    choice = exporting.Choice(**form.cleaned_data)
    return exporting.start(home, choice, by=request.actor, now=timezone.now())


def _preview(form: ExportForm, home: int) -> dict[str, Any]:
    """Return how much there is of each kind, and what stands in the way."""
    if not form.is_bound or not form.is_valid():
        return {}
    choice = exporting.Choice(**form.cleaned_data)
    lines = counted(exporting.count(home, choice))
    blocked = exporting.why_not(operations.rules_of(home), choice.purpose)
    return {"counted": True, "lines": lines, "total": sum(line.total for line in lines), "blocked": blocked}


@never_cache
@require_GET
def export_detail(request: Request, pk: int) -> HttpResponse:
    """Show how far an export has come, what it left out, and its files."""
    export = _export_of(request, pk)
    lines = lines_of(export)
    made, total = sum(line.made for line in lines), sum(line.total for line in lines)
    gaps = export.gaps.visible_to(request.actor)
    left_out = gaps.count()
    context = {
        "export": export, "lines": lines, "made": made, "total": total, "left_out": left_out,
        "gaps": gaps[:SHOWN], "files": export.files.visible_to(request.actor),
        "refused": sum(line.refused for line in lines), "confirmed": sum(line.confirmed for line in lines),
        "on_the_way": sum(line.on_the_way for line in lines), "done": min(made + left_out, total),
        "is_silent": export.is_silent(timezone.now()),
    }  # fmt: skip
    return render(request, "archive/export_detail.html", context)


def _export_of(request: Request, pk: int) -> ArchiveExport:
    rows = ArchiveExport.objects.visible_to(request.actor).select_related("municipality", "started_by")
    found: ArchiveExport = get_object_or_404(rows, pk=pk)
    return found


@require_POST
def export_stop(request: Request, pk: int) -> HttpResponse:
    """Let an export rest where it is."""
    told = _("Eksporten er stoppet. Det som er laget, står.")
    return _moved(request, pk, exporting.stop, told)


@require_POST
def export_go_on(request: Request, pk: int) -> HttpResponse:
    """Take an export up again."""
    return _moved(request, pk, exporting.go_on, _("Eksporten går videre der den var."))


def _moved(request: Request, pk: int, move: Callable[..., None], told: str) -> HttpResponse:
    export = _export_of(request, pk)
    try:
        move(export, by=request.actor, now=timezone.now())
        messages.success(request, told)
    except Refused as refused:
        messages.error(request, str(refused.reasons[0]))
    return redirect(export)


@require_GET
def export_file(request: Request, pk: int) -> FileResponse:
    """Send a file of packages to the archivist, and note who took it."""
    rows = ExportFile.objects.visible_to(request.actor).exclude(file="").select_related("export")
    part: ExportFile = get_object_or_404(rows, pk=pk)
    try:
        file = default_storage.open(str(part.file.name))
    except OSError as gone:
        raise Http404 from gone
    log_read(part.export, what="archive_export", by=request.actor, now=timezone.now())
    answer = FileResponse(file, as_attachment=True, filename=part.name, content_type="application/zip")
    answer["Cache-Control"] = "private, no-store"
    return answer
