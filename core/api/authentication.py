"""Who calls: the person of the browser's session, or a machine that the setting of authenticators lets in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication, exceptions

from core.api.problems import ApiProblem

if TYPE_CHECKING:
    from drf_spectacular.openapi import AutoSchema
    from rest_framework.request import Request


class Machine(Protocol):
    """What ``request.auth`` is when another system calls, and ``None`` when a person does."""

    def allows(self, scope: str, /) -> bool:
        """Tell whether the machine was given a scope."""

    def note_call(self, resource: str, status: int, /) -> None:
        """Count a call that was answered."""


class SessionLogIn(authentication.SessionAuthentication):
    """Let in whoever is logged in to the pages; writes need the CSRF token, as forms do."""

    def authenticate_header(self, request: Request) -> str:
        """Name the scheme, so that an anonymous caller gets 401 and not 403."""
        return "Session"

    def enforce_csrf(self, request: Request) -> None:
        try:
            super().enforce_csrf(request)
        except exceptions.PermissionDenied as refused:
            raise ApiProblem("csrf") from refused


class SessionLogInScheme(OpenApiAuthenticationExtension):
    target_class = SessionLogIn
    name = ["session", "csrf"]

    def get_security_requirement(self, auto_schema: AutoSchema) -> dict[str, list[Any]]:
        """Ask for the CSRF token where something is written."""
        return {"session": []} if auto_schema.method == "GET" else {"session": [], "csrf": []}

    def get_security_definition(self, auto_schema: AutoSchema) -> list[dict[str, str]]:
        return [
            {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME},
            {"type": "apiKey", "in": "header", "name": "X-CSRFToken"},
        ]
