"""JSON out, by orjson: dates, decimals and lazy texts without a pass of Python of our own."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import orjson
from django.utils.functional import Promise
from rest_framework.renderers import BaseRenderer

if TYPE_CHECKING:
    from collections.abc import Mapping


def _default(value: object) -> object:
    if isinstance(value, Decimal | Promise):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")


def write_json(data: object) -> bytes:
    """Return ``data`` as JSON; decimals become texts, so that no øre is lost on the way."""
    return orjson.dumps(data, default=_default, option=orjson.OPT_UTC_Z)


class OrjsonRenderer(BaseRenderer):
    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        return b"" if data is None else write_json(data)
