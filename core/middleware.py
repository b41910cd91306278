"""What happens around every request: a log line without personal data, and named failures as pages."""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import structlog
from csp.constants import HEADER
from csp.utils import build_policy
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from core.errors import Refused, StaleVersion
from core.workflow import TransitionBlocked, TransitionDenied

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

    Handler = Callable[[HttpRequest], HttpResponse]

log = structlog.get_logger("stafett.request")
_SHOWING = frozenset({"GET", "HEAD"})
_QUIET = frozenset({"/healthz", "/readyz"})


def request_log(get_response: Handler) -> Handler:
    """Log method, route, status and duration of each request.

    The route is the pattern, never the address with its ids and search words; nobody's name,
    address or user agent is written (Datatilsynet: data minimization in logs).
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        begun = time.perf_counter()
        request_id = uuid.uuid4().hex[:16]
        structlog.contextvars.bind_contextvars(request_id=request_id)
        try:
            response = get_response(request)
        finally:
            structlog.contextvars.unbind_contextvars("request_id")
        response["X-Request-ID"] = request_id
        if request.path not in _QUIET:
            match = request.resolver_match
            log.info(
                "request", method=request.method, route=match.route if match else "-", status=response.status_code,
                milliseconds=round((time.perf_counter() - begun) * 1000, 1), request_id=request_id,
            )  # fmt: skip
        return response

    return middleware


def content_security_policy(get_response: Handler) -> Handler:
    """Send the policy of the settings with every answer that has none of its own.

    No page asks for another one, so that it is written once.
    """
    policy = build_policy()

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault(HEADER, policy)
        return response

    return middleware


class LoginRequired(LoginRequiredMiddleware):
    """Ask for a log-in, and lead back to the page that was open."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponseRedirect:
        """Lead back to the page of a form that was sent: the address it was sent to may show nothing."""
        sent_from = request.headers.get("Referer", "")
        if request.method in _SHOWING or not url_has_allowed_host_and_scheme(sent_from, {request.get_host()}):
            return super().handle_no_permission(request, view_func)
        page = urlsplit(sent_from)._replace(scheme="", netloc="", fragment="").geturl()
        return redirect_to_login(page, self.get_login_url(view_func), self.get_redirect_field_name(view_func))


class DomainErrors:
    """Show anticipated failures as what they are: 403, or 409 with the reasons."""

    sync_capable = True
    async_capable = False

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if request.path.startswith("/api/"):
            return None
        if isinstance(exception, TransitionDenied):
            return _page(request, "errors/403.html", 403, {})
        if isinstance(exception, TransitionBlocked | Refused):
            return _page(request, "errors/409.html", 409, {"reasons": [str(r) for r in exception.reasons]})
        if isinstance(exception, StaleVersion):
            context = {
                "reasons": [
                    _("Noen andre lagret samtidig. Det du skrev, står under, så ingenting er mistet.")
                ],
                "mine": exception.mine,
                "theirs": exception.theirs,
            }
            return _page(request, "errors/409.html", 409, context)
        return None


def _page(request: HttpRequest, template: str, status: int, context: dict[str, Any]) -> HttpResponse:
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"reasons": context.get("reasons", [])}, status=status)
    return render(request, template, context, status=status)


def domain_errors(get_response: Handler) -> DomainErrors:
    return DomainErrors(get_response)
