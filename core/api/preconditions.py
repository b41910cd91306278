"""ETag and If-Match: nobody overwrites what they have not seen (RFC 9110, 13.1.1)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from core.api.problems import ApiProblem
from core.errors import StaleVersion

if TYPE_CHECKING:
    from rest_framework.request import Request

_STRONG = re.compile(r'(?<!W/)"([^"]*)"')


_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def etag_of(version: int) -> str:
    return f'"{version}"'


def version_of(version: int | None, changed_at: datetime) -> int:
    """Return the version of a record: the one it counts, else the microsecond it was last changed."""
    return version if version is not None else (changed_at - _BEGINNING) // timedelta(microseconds=1)


def version_of_record(record: Any) -> int:
    """Return the version of a record that is loaded."""
    return version_of(getattr(record, "version", None), record.changed_at)


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
