"""Who may call the API at all; what they see is decided by ``visible_to``."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from rest_framework.permissions import SAFE_METHODS, BasePermission

from core.api.problems import ApiProblem

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.views import APIView

    from core.api.authentication import Machine


class IsKnownPerson(BasePermission):
    """Let in people who are logged in, and machines that say who they are."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return bool(request.user and request.user.is_authenticated)


class HasScope(BasePermission):
    """Let a machine do only what its scopes name; people have no scopes, but roles.

    A view without a ``resource`` is closed to machines, unless it is ``scopeless``.
    """

    def has_permission(self, request: Request, view: APIView) -> bool:
        if request.auth is None or getattr(view, "scopeless", False):
            return True
        require_scope(request, scope_of(view, str(request.method)))
        return True


def scope_of(view: object, method: str) -> str:
    """Return the scope that a view asks for, «» where no scope opens it."""
    resource = "" if method in getattr(view, "people_only", ()) else getattr(view, "resource", "")
    return f"{resource}:{'read' if method in SAFE_METHODS else 'write'}" if resource else ""


def require_scope(request: Request, scope: str) -> None:
    """Refuse a machine that was not given ``scope`` (RFC 6750, 3.1).

    :raises ApiProblem: with the scope that is missing.
    """
    machine = cast("Machine | None", request.auth)
    if machine is None or (scope and machine.allows(scope)):
        return
    named = f', scope="{scope}"' if scope else ""
    raise ApiProblem("scope", headers={"WWW-Authenticate": f'Bearer error="insufficient_scope"{named}'})
