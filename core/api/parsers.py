"""JSON in, by orjson: UTF-8 only, no NaN, no bottomless nesting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import IO


class OrjsonParser(JSONParser):
    """Read a body whose size Django has already limited (``DATA_UPLOAD_MAX_MEMORY_SIZE``)."""

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        try:
            return orjson.loads(stream.read())
        except orjson.JSONDecodeError as wrong:
            raise ParseError from wrong
