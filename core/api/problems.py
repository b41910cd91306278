"""Errors as RFC 9457 problem details."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rest_framework.views import exception_handler

if TYPE_CHECKING:
    from rest_framework.response import Response


def problem_details(exc: Exception, context: dict[str, Any]) -> Response | None:
    return exception_handler(exc, context)
