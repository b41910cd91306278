"""JSON in, by orjson: UTF-8 only, no NaN, no bottomless nesting; and JSON with files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from rest_framework.exceptions import ParseError
from rest_framework.parsers import DataAndFiles, JSONParser, MultiPartParser

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import IO


class OrjsonParser(JSONParser):
    """Read a body of at most ``DATA_UPLOAD_MAX_MEMORY_SIZE`` bytes.

    Django holds ``request.body`` to that, but REST framework reads the stream where nobody asked for the body before.
    """

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        content = stream.read(limit + 1)
        if len(content) > limit:
            raise RequestDataTooBig
        try:
            return orjson.loads(content)
        except orjson.JSONDecodeError as wrong:
            raise ParseError from wrong


class PartsParser(MultiPartParser):
    """Read ``multipart/form-data``: the part ``json`` is the object, and files are lists under their names in it."""

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> DataAndFiles:
        """Return the files as such too, so that the request closes them."""
        parts: Any = super().parse(stream, media_type, parser_context)
        if set(parts.data) - {"json"} or len(parts.data.getlist("json")) > 1:
            raise ParseError
        try:
            body = orjson.loads(parts.data.get("json", "{}"))
        except orjson.JSONDecodeError as wrong:
            raise ParseError from wrong
        if not isinstance(body, dict) or set(body) & set(parts.files):
            raise ParseError
        return DataAndFiles(body | {name: parts.files.getlist(name) for name in parts.files}, parts.files)
