"""Turn data into a PDF file for archives and for everybody: PDF/A-2a and PDF/UA-1.

The templates are fixed files; what people wrote travels beside them as JSON and is never
read as markup.  typst refuses a file that would break either standard, so a PDF that comes
out has a title, a language, tagged headings and tables, and every font inside.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import typst
from django.conf import settings
from django.utils import translation

from core import formats
from core.pdf.texts import translated_texts

if TYPE_CHECKING:
    from pathlib import Path

logger = logging.getLogger(__name__)

STANDARDS: list[Any] = ["a-2a", "ua-1"]
FONTS = ("Inter", "Noto Emoji")
# Inside the typst wheel; what is left when nobody has made the fonts of ``core.pdf.fonts``.
_FALLBACK_FONTS = ("Libertinus Serif",)
_UNSHOWABLE = "\u25a1"
_REGIONS = {"nb": "NO", "nn": "NO", "en": "GB"}


class PdfError(Exception):
    """The template does not fit the data, or asks for something that the standards forbid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What stands around the content on every page.

    ``kind`` is what the document is («Saksframlegg»), ``unit`` who made it, ``reference`` the
    case number that the footer carries.
    """

    organization: str
    kind: str = ""
    unit: str = ""
    reference: str = ""


def render(
    template: Path, data: Mapping[str, Any], *, title: str, sheet: Sheet, now: dt.datetime, lang: str = "nb"
) -> bytes:
    """Return the PDF that ``template`` makes of ``data``, the same bytes for the same input.

    Dates, points in time and decimal numbers in ``data`` are written in words of ``lang``;
    text is taken as it is, and characters that no font has are shown as an empty square.

    :param template: a ``.typ`` file of ours that imports ``core/pdf/templates/_house.typ``.
    :param now: the time that the file says it was made.
    :raises PdfError: if typst refuses; a mistake in the template, never in what people wrote.
    """
    language = lang.split("-", maxsplit=1)[0]
    with translation.override(lang):
        document = {
            **showable(asdict(sheet)),
            "title": showable(title),
            "data": showable(data),
            "texts": translated_texts(template),
            "lang": language,
            "region": _REGIONS.get(language, "NO"),
        }
    compile_document = _compiler(template, now)
    try:
        return compile_document(document)
    except typst.TypstError as refused:
        missing = _characters_without_font(refused)
        if not missing:
            raise PdfError(f"{template.name}: {refused.message}") from refused
    logger.warning("no font has %s, shown as an empty square", ", ".join(sorted(map(ascii, missing))))
    try:
        return compile_document(_without(document, missing))
    except typst.TypstError as refused:
        raise PdfError(f"{template.name}: {refused.message}") from refused


def _compiler(template: Path, now: dt.datetime) -> Callable[[dict[str, Any]], bytes]:
    has_fonts = any(settings.PDF_FONT_DIR.glob("Inter-*.ttf"))
    if not has_fonts:
        logger.warning("no fonts in %s: make them with python -m core.pdf.fonts", settings.PDF_FONT_DIR)
    fonts = FONTS if has_fonts else _FALLBACK_FONTS

    def compile_document(document: dict[str, Any]) -> bytes:
        pdf: bytes = typst.compile(
            template,
            root=settings.BASE_DIR,
            font_paths=[settings.PDF_FONT_DIR] if has_fonts else [],
            ignore_system_fonts=True,
            sys_inputs={"document": json.dumps(document | {"fonts": fonts})},
            pdf_standards=STANDARDS,
            timestamp=now.replace(microsecond=0),  # typst writes whole seconds
        )
        return pdf

    return compile_document


# --- What people wrote --------------------------------------------------------------------------
# Characters that nobody sees and that no page needs, apart from those that join emoji.
_INVISIBLE = re.compile(
    "[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_LONG_RUN = re.compile(r"\S{41,}")
_PIECE = re.compile(r"\S{1,12}")


def showable(value: Any) -> Any:
    """Return ``value`` as JSON can carry it and a page can show it, in the active language."""
    if isinstance(value, Mapping):
        return {str(key): showable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [showable(one) for one in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return clean_text(_written(value))


def _written(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return formats.moment(value)
    if isinstance(value, dt.date):
        return formats.long_date(value)
    if isinstance(value, Decimal):
        return formats.number(value)
    return str(value)


def clean_text(text: str) -> str:
    """Return ``text`` with one kind of line break, without control characters and reversed letters.

    Runs without a space that are longer than a line, such as addresses, get places to break.
    """
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    text = _INVISIBLE.sub("", text)
    text = "".join(char for char in text if char == "\n" or unicodedata.category(char) not in {"Cc", "Cs"})
    return _LONG_RUN.sub(lambda run: "\u200b".join(_PIECE.findall(run[0])), text)


_MISSING = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)
_ESCAPE = re.compile(r"\\u\{([0-9a-f]+)\}|\\(.)", re.DOTALL)


def _characters_without_font(refused: typst.TypstError) -> set[str]:
    texts = _MISSING.findall(str(refused.diagnostic))
    plain = "".join(
        _ESCAPE.sub(lambda part: chr(int(part[1], 16)) if part[1] else part[2], text) for text in texts
    )
    return set(plain) - {" ", "\n"}


def _without(value: Any, missing: set[str]) -> Any:
    if isinstance(value, str):
        return "".join(_UNSHOWABLE if char in missing else char for char in value)
    if isinstance(value, dict):
        return {key: _without(one, missing) for key, one in value.items()}
    if isinstance(value, list):
        return [_without(one, missing) for one in value]
    return value
