"""One way of logging for everything, without personal data.

structlog and the standard library end in the same formatter: JSON in production, readable
text elsewhere.  Masking is the last thing done to a line, so that an exception's text is
masked too.  It is a safety net: what is personal should not be logged in the first place.
"""

from __future__ import annotations

import logging.config
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import structlog

if TYPE_CHECKING:
    from structlog.typing import EventDict, Processor

MASK = "***"
PERSONAL_KEYS = frozenset(
    {
        "address",
        "birthdate",
        "cookie",
        "e_mail",
        "email",
        "first_name",
        "fnr",
        "from_email",
        "full_name",
        "ip",
        "last_name",
        "mobile",
        "name",
        "password",
        "person_name",
        "phone",
        "recipient",
        "recipients",
        "remote_addr",
        "to",
        "user",
        "user_agent",
        "username",
        "x_forwarded_for",
    }
)
"""Keys whose values are never written, however they are spelled: ``User-Agent`` is ``user_agent``."""

_EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+")
# National identity numbers and bank accounts; the first are often written in two groups.
_ELEVEN_DIGITS = re.compile(r"(?<!\d)\d{6} ?\d{5}(?!\d)")
# What PostgreSQL adds to an error holds the values of the row.
_ROW_VALUES = re.compile(r"(DETAIL:).*")
# Ids of requests and tasks may hold eleven digits in a row; masking those would cut the trail.
_IDENTIFIER = re.compile(r"[0-9a-f]{16}|[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}")
_SMALLEST_IDENTITY_NUMBER = 1_000_000_000  # as a number it loses its leading zero
_LARGEST_IDENTITY_NUMBER = 99_999_999_999


def mask_text(text: str) -> str:
    """Return the text with e-mail addresses, numbers of eleven digits and values of rows masked."""
    if _IDENTIFIER.fullmatch(text):
        return text
    text = _ROW_VALUES.sub(rf"\1 {MASK}", text)
    return _ELEVEN_DIGITS.sub(MASK, _EMAIL.sub(MASK, text))


def is_personal(key: str) -> bool:
    """Tell whether a key holds what identifies a person."""
    return key.lower().replace("-", "_").removeprefix("http_") in PERSONAL_KEYS


def mask(value: Any) -> Any:
    """Return the value with everything personal in it masked."""
    match value:
        case str():
            return mask_text(value)
        case bytes():
            return mask_text(value.decode(errors="replace"))
        case bool() | float() | None:
            return value
        case int():
            return MASK if _SMALLEST_IDENTITY_NUMBER <= value <= _LARGEST_IDENTITY_NUMBER else value
        case Mapping():
            return {key: MASK if is_personal(str(key)) else mask(each) for key, each in value.items()}
        case Sequence() | set() | frozenset():
            return [mask(each) for each in value]
        case _:
            return mask_text(str(value))


def mask_personal_data(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Mask what identifies a person in every field of a log line."""
    masked: EventDict = mask(event)
    return masked


def shared_processors() -> list[Processor]:
    """Return what happens to every line, whoever wrote it."""
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        # A request or a form that Django hands to the logger would be written as text: only this one passes.
        structlog.stdlib.ExtraAdder(allow=["status_code"]),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
    ]


def line_formatter(*, json: bool = True) -> logging.Formatter:
    """Return the formatter of every line; ``config/granian.json`` names it for the web server's own lines."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared_processors(),
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            mask_personal_data,
            _renderer(json=json),
        ],
    )


def _renderer(*, json: bool) -> Processor:
    if json:
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    plain = structlog.dev.plain_traceback
    return structlog.dev.ConsoleRenderer(colors=False, exception_formatter=plain, sort_keys=False)


def logging_config(*, json: bool, level: str) -> None:
    """Make the standard library and structlog write the same lines, at ``level`` and above.

    :raises ValueError: if there is no such level.
    """
    if level.upper() not in logging.getLevelNamesMapping():
        raise ValueError(f"{level!r} is no level for logs. Use DEBUG, INFO, WARNING or ERROR")
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *shared_processors(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=json,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"line": {"()": lambda: line_formatter(json=json)}},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
            "root": {"handlers": ["stderr"], "level": level.upper()},
            "loggers": {
                # core.middleware.request_log writes every request; Django would write 404 and 403 once more.
                "django.request": {"level": "ERROR"},
                # SQL holds the values of the rows.
                "django.db.backends": {"level": "WARNING"},
                "fontTools": {"level": "WARNING"},
            },
        }
    )
