"""Which files may be uploaded, told from what is in them and never from what they are called.

The list is short on purpose: every kind on it can be opened by anybody, filed in an archive
and served without risk.  A file whose name says something else than its content is refused,
because the next person is going to trust the name.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, BinaryIO

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.errors import Refused
from core.safezip import UnsafeZip, open_zip, read_member

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.utils.functional import Promise

_HEAD = 1024
_CHUNK = 65_536
_MAX_UNPACKED = 500_000_000
_MAX_SHOWN_NAME = 80


class UnacceptableFile(Refused):
    """The file cannot be taken; the reason names it and says what to do about it."""

    @property
    def reason(self) -> str:
        return str(self.reasons[0])


@dataclass(frozen=True, slots=True)
class FileType:
    """What a file is.  ``inline`` says whether a browser may show it instead of saving it."""

    mime: str
    extension: str
    inline: bool


@dataclass(frozen=True, slots=True)
class _Kind:
    type: FileType
    label: str | Promise
    suffixes: tuple[str, ...]


def _kind(mime: str, label: str | Promise, *suffixes: str, inline: bool = False) -> _Kind:
    return _Kind(FileType(mime, suffixes[0], inline), label, suffixes)


_OOXML = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."

_PDF = _kind("application/pdf", _("et PDF-dokument"), ".pdf", inline=True)
_PNG = _kind("image/png", _("et PNG-bilde"), ".png", inline=True)
_JPEG = _kind("image/jpeg", _("et JPEG-bilde"), ".jpg", ".jpeg", ".jfif", inline=True)
_WEBP = _kind("image/webp", _("et WebP-bilde"), ".webp", inline=True)
_GIF = _kind("image/gif", _("et GIF-bilde"), ".gif", inline=True)
_TEXT = _kind("text/plain", _("ren tekst"), ".txt")
_CSV = _kind("text/csv", _("en CSV-fil"), ".csv")
_OFFICE = {
    "wordprocessingml.document": _kind(f"{_OOXML}wordprocessingml.document", _("et Word-dokument"), ".docx"),
    "spreadsheetml.sheet": _kind(f"{_OOXML}spreadsheetml.sheet", _("et Excel-regneark"), ".xlsx"),
    "presentationml.presentation": _kind(
        f"{_OOXML}presentationml.presentation", _("en PowerPoint-presentasjon"), ".pptx"
    ),
}
_OPEN_DOCUMENT = {
    "text": _kind(f"{_ODF}text", _("et ODF-dokument"), ".odt"),
    "spreadsheet": _kind(f"{_ODF}spreadsheet", _("et ODF-regneark"), ".ods"),
    "presentation": _kind(f"{_ODF}presentation", _("en ODF-presentasjon"), ".odp"),
}

_SIGNATURES: tuple[tuple[re.Pattern[bytes], _Kind], ...] = (
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*%PDF-"), _PDF),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), _PNG),
    (re.compile(rb"\xff\xd8\xff"), _JPEG),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), _WEBP),
    (re.compile(rb"GIF8[79]a"), _GIF),
)

_PROGRAM = _("«%(name)s» er et program eller et skript, og slike kan ikke lastes opp.")
_PACKED = _("«%(name)s» er en pakket fil. Pakk den ut, og last opp filene i den hver for seg.")
_MARKUP = _(
    "«%(name)s» er en nettside, SVG- eller XML-fil. Lagre den som PDF, eller som PNG hvis det er et bilde."
)
_PHOTO = _(
    "Bildet «%(name)s» er i et format som mange ikke kan åpne (HEIC eller AVIF). "
    "Lagre det som JPEG, og prøv igjen."
)
_OLD_OFFICE = _(
    "«%(name)s» er i et eldre eller passordbeskyttet format. "
    "Lagre den uten passord som DOCX, XLSX, PPTX eller PDF."
)
_RICH_TEXT = _("«%(name)s» er i et format som ikke kan tas imot. Lagre den som DOCX eller PDF.")
_MACROS = _("«%(name)s» inneholder makroer. Lagre den uten makroer (DOCX, XLSX eller PPTX), og prøv igjen.")
_UNSAFE_ZIP = _(
    "«%(name)s» er skadet eller pakket på en uvanlig måte. Åpne den, lagre den på nytt, og prøv igjen."
)
_MAIL = _("«%(name)s» er en e-post. Lagre e-posten som PDF, og last opp vedleggene hver for seg.")
_OTHER = _(
    "«%(name)s» er av en type som ikke kan tas imot. Last opp PDF, Word, Excel, PowerPoint, OpenDocument, "
    "bilde (JPEG, PNG, WebP eller GIF), ren tekst eller CSV."
)

_REFUSED: tuple[tuple[re.Pattern[bytes], str | Promise], ...] = (
    (
        re.compile(rb"MZ.{0,60}\0|\x7fELF|#!|\xca\xfe\xba\xbe|[\xce\xcf]\xfa\xed\xfe|\0asm", re.DOTALL),
        _PROGRAM,
    ),
    (re.compile(rb"Rar!|7z\xbc\xaf|\x1f\x8b|BZh[1-9]1AY|\xfd7zXZ|\x28\xb5\x2f\xfd"), _PACKED),
    (re.compile(rb"....ftyp(?:hei|hev|mif1|msf1|avi)", re.DOTALL), _PHOTO),
    (re.compile(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), _OLD_OFFICE),
    (re.compile(rb"\{\\rtf|%!PS"), _RICH_TEXT),
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*<[!?a-zA-Z]"), _MARKUP),
)


def sniff(fileobj: BinaryIO, name: str) -> FileType:
    """Tell what ``fileobj`` is, and refuse it when it is not on the list or ``name`` lies.

    Reads the beginning, the list of members of a ZIP file, and the whole of a text; leaves
    the file at its start.

    :raises UnacceptableFile: with a reason that names the file and the remedy.
    """
    suffix = PurePosixPath(name.strip().lower()).suffix
    try:
        kind = _recognize(fileobj, name, suffix)
    finally:
        fileobj.seek(0)
    if suffix not in kind.suffixes:
        reason = gettext(
            "«%(name)s» er egentlig %(kind)s, men navnet sier noe annet. "
            "Gi filen endelsen %(suffix)s, og prøv igjen."
        )
        raise UnacceptableFile(
            reason % {"name": shown_name(name), "kind": kind.label, "suffix": kind.type.extension}
        )
    return kind.type


def shown_name(name: str) -> str:
    """Return a file name that is safe to show: short, without invisible or reversing characters."""
    visible = "".join(char for char in name if unicodedata.category(char)[0] != "C")
    if len(visible) <= _MAX_SHOWN_NAME:
        return visible
    return f"{visible[: _MAX_SHOWN_NAME - 12]}…{visible[-11:]}"


def _recognize(fileobj: BinaryIO, name: str, suffix: str) -> _Kind:
    fileobj.seek(0)
    head = fileobj.read(_HEAD)
    if not head:
        raise _refusal(_("«%(name)s» er tom. Kontroller filen, og prøv igjen."), name)
    if kind := next((kind for signature, kind in _SIGNATURES if signature.match(head)), None):
        return kind
    if reason := next((reason for signature, reason in _REFUSED if signature.match(head)), None):
        raise _refusal(reason, name)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _office_document(fileobj, name)
    if not _is_text(fileobj, head):
        raise _refusal(_OTHER, name)
    if suffix in {".eml", ".mht", ".mhtml"}:
        raise _refusal(_MAIL, name)
    return _CSV if suffix in _CSV.suffixes else _TEXT


def _office_document(fileobj: BinaryIO, name: str) -> _Kind:
    try:
        with open_zip(fileobj, max_unpacked=_MAX_UNPACKED) as archive:
            members = set(archive.namelist())
            if "mimetype" in members:
                declared = read_member(archive, "mimetype", max_bytes=200).decode("ascii", "replace").strip()
                kind = _OPEN_DOCUMENT.get(declared.removeprefix(_ODF))
            elif "[Content_Types].xml" in members:
                kind = _main_part(read_member(archive, "[Content_Types].xml", max_bytes=2_000_000), name)
            else:
                raise _refusal(_PACKED, name)
    except UnsafeZip as unsafe:
        raise _refusal(_UNSAFE_ZIP, name) from unsafe
    if kind is None:
        raise _refusal(_OTHER, name)
    if any(member.lower().endswith("vbaproject.bin") for member in members):
        raise _refusal(_MACROS, name)
    return kind


def _main_part(content_types: bytes, name: str) -> _Kind | None:
    if b"macroenabled" in content_types.lower():
        raise _refusal(_MACROS, name)
    for part, kind in _OFFICE.items():
        if f'"{_OOXML}{part}.main+xml"'.encode() in content_types:
            return kind
    return None


# Tab, line feed, form feed and carriage return are text; every other control character is not.
_CONTROL = bytes(set(range(32)) - {9, 10, 12, 13}) + b"\x7f"


def _is_text(fileobj: BinaryIO, head: bytes) -> bool:
    fileobj.seek(0)
    chunks: Iterator[bytes] = iter(partial(fileobj.read, _CHUNK), b"")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _is_utf16(chunks)
    # Any byte is a letter in Latin-1, so only control characters tell that it is something else.
    return all(len(chunk.translate(None, _CONTROL)) == len(chunk) for chunk in chunks)


def _is_utf16(chunks: Iterator[bytes]) -> bool:
    decode: Callable[..., str] = codecs.getincrementaldecoder("utf-16")().decode
    try:
        texts = [decode(chunk) for chunk in chunks] + [decode(b"", final=True)]
    except UnicodeDecodeError:
        return False
    return not any(char in text for text in texts for char in _CONTROL.decode("ascii"))


def _refusal(reason: str | Promise, name: str) -> UnacceptableFile:
    return UnacceptableFile(str(reason) % {"name": shown_name(name)})
