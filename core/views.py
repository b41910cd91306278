"""Pages of the kernel: start, inbox, health, theme, attachments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import connection
from django.http import FileResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from core import attachments, inbox
from core.access import log_read
from core.context_processors import THEMES
from core.models import Notice
from core.notices import still_open_to
from core.panels import start_panels
from core.presentation import due_of
from core.whole import whole

if TYPE_CHECKING:
    import uuid
    from datetime import date

    from django.http import HttpRequest, HttpResponse

MAX_AT_START = 5
MAX_NOTICES = 50


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """Begin with what needs this person; the apps add their panels."""
    actor, today = request.actor, timezone.localdate()  # type: ignore[attr-defined]
    waiting = inbox.Inbox(actor)
    context = {
        "rows": _with_due(waiting.tasks(MAX_AT_START), today),
        "inbox_count": waiting.total,
        "more": max(waiting.total - MAX_AT_START, 0),
        "more_than_counted": waiting.total >= inbox.MOST_TASKS,
        "panels": start_panels(actor),
        "notices": still_open_to(
            actor, Notice.objects.visible_to(actor).unread().order_by("-created_at", "-pk")[:MAX_AT_START]
        ),
        "first_name": actor.label.split(" ")[0],
    }
    return render(request, "core/start.html", context)


@require_GET
def my_tasks(request: HttpRequest) -> HttpResponse:
    """Show what waits for this person, the overdue first, and what happened."""
    actor, today = request.actor, timezone.localdate()  # type: ignore[attr-defined]
    page = inbox.Inbox(actor).page(_page_number(request))
    notices = still_open_to(
        actor, Notice.objects.visible_to(actor).order_by("-created_at", "-pk")[:MAX_NOTICES]
    )
    context = {
        "groups": [
            {"label": label, "rows": _with_due(group, today), "is_late": group[0].bucket(today) == "overdue"}
            for label, group in inbox.grouped(page.tasks, today)
        ],
        "page": page,
        "inbox_count": page.total,
        "notices": notices,
        "unread": sum(1 for notice in notices if notice.read_at is None),
    }
    return render(request, "core/inbox.html", context)


def _page_number(request: HttpRequest) -> int:
    return whole(request.GET.get("side", "")) or 1


def _with_due(tasks: list[inbox.Task], today: date) -> list[dict[str, Any]]:
    return [{"task": task, "due": due_of(task.due, today)} for task in tasks]


@require_POST
def notices_read(request: HttpRequest) -> HttpResponse:
    Notice.objects.visible_to(request.actor).unread().update(read_at=timezone.now())  # type: ignore[attr-defined]
    return redirect("core:inbox")


@require_GET
def notice_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a notice as read and go to what it is about."""
    notice = get_object_or_404(Notice.objects.visible_to(request.actor), pk=pk)  # type: ignore[attr-defined]
    Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=timezone.now())
    return redirect(notice.url or "core:inbox")


@require_POST
def color_scheme(request: HttpRequest) -> HttpResponse:
    chosen = request.POST.get("color_scheme", "auto")
    response = HttpResponseRedirect(back_to(request))
    response.set_cookie(
        "theme", chosen if chosen in THEMES else "auto", max_age=31_536_000, samesite="Lax",
        secure=request.is_secure(), httponly=True,
    )  # fmt: skip
    return response


def back_to(request: HttpRequest) -> str:
    """Return the page the form stood on, if it is one of ours."""
    target = request.POST.get("next", "")
    allowed = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if allowed else "/"


@require_GET
def attachment(request: HttpRequest, key: uuid.UUID) -> FileResponse:
    """Send a file to who may read it; what a browser could run is always a download."""
    found = attachments.open_for(key, request.actor)  # type: ignore[attr-defined]
    if found.subject is not None and attachments.is_logged(found):
        log_read(found.subject, what=f"attachment:{found.pk}", by=request.actor, now=timezone.now())  # type: ignore[attr-defined]
    disposition = "inline" if found.inline and "last-ned" not in request.GET else "attachment"
    response = FileResponse(found.file.open("rb"), content_type=found.mime)
    response["Content-Disposition"] = f"{disposition}; filename*=UTF-8''{quote(found.name)}"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response


@login_not_required
@never_cache
@require_GET
def healthz(_request: HttpRequest) -> JsonResponse:
    """Tell that the process answers, and whether it is the demo."""
    return JsonResponse({"status": "ok", "demo": settings.DEMO_MODE})


@login_not_required
@never_cache
@require_GET
def readyz(_request: HttpRequest) -> JsonResponse:
    """Tell whether the database and Redis answer; 503 with what is missing when not."""
    problems = [
        name for name, works in (("database", _database_works), ("cache", _cache_works)) if not works()
    ]
    status: dict[str, Any] = {"status": "unavailable" if problems else "ok", "problems": problems}
    return JsonResponse(status, status=503 if problems else 200)


def _database_works() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except Exception:  # noqa: BLE001 - whatever is wrong with it, it is not ready
        return False
    return True


def _cache_works() -> bool:
    try:
        cache.set("readyz", 1, 10)
        return cache.get("readyz") == 1
    except Exception:  # noqa: BLE001
        return False
