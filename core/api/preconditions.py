"""ETag and If-Match: nobody overwrites what they have not seen (RFC 9110, 13.1.1)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from core.api.problems import ApiProblem
from core.errors import StaleVersion

if TYPE_CHECKING:
    from rest_framework.request import Request

_STRONG = re.compile(r'(?<!W/)"([^"]*)"')


def etag_of(version: int) -> str:
    return f'"{version}"'


def check_version(request: Request, version: int, *, required: bool) -> None:
    """Refuse a write that was made for another version than the one that stands.

    Call it with the row locked.  Weak tags never match, as the standard says.

    :raises ApiProblem: ``If-Match`` is required and missing (428).
    :raises StaleVersion: it names another version (412).
    """
    wanted = request.headers.get("If-Match", "").strip()
    if not wanted:
        if required:
            raise ApiProblem("precondition")
        return
    if wanted != "*" and str(version) not in _STRONG.findall(wanted):
        raise StaleVersion
