"""The files of a message: papers drawn as PDF/A, and attachments as they are stored."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from core.pdf import Sheet, render

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping

_SHEET = Path(__file__).resolve().parent.parent / "pdf" / "sheet.typ"
_PDF = "application/pdf"
# PDF/A says in its metadata which part and level it lives up to (ISO 19005); as element or as attribute.
_PART = re.compile(rb"pdfaid:part(?:>|=[\"'])(\d)")
_LEVEL = re.compile(rb"pdfaid:conformance(?:>|=[\"'])([ABUabu])")
# Formats that are kept as they are (riksarkivarens forskrift 2017/2286 § 5-17).
_KEPT = {"text/plain", "image/jpeg", "image/tiff"}


class MissingFile(Exception):
    """A file that the message needs is gone, or is not what it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedFile:
    """``name`` is what it is called in the package, ``shown_name`` what people see."""

    name: str
    shown_name: str
    variant: str
    mime: str
    format: str
    content: bytes
    sha256: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedDocument:
    title: str
    kind: str
    shield: Mapping[str, Any] | None
    files: tuple[PackedFile, ...]


def documents_of(
    entry: Mapping[str, Any] | None, *, formats: Mapping[str, str], at: dt.datetime
) -> list[PackedDocument]:
    """Return the documents of a record with their files; the same bytes each time.

    :raises MissingFile: an attachment is gone or changed.
    """
    if entry is None:
        return []
    made = []
    for number, document in enumerate(entry["documents"], start=1):
        files = []
        for variant in document["variants"]:
            file = _file(variant, document["title"], formats=formats, at=at)
            files.append(replace(file, name=f"{number:02d}-{file.variant}-{file.name}"))
        made.append(
            PackedDocument(
                title=document["title"], kind=document["kind"], shield=document["shield"], files=tuple(files)
            )
        )
    return made


def _file(
    variant: Mapping[str, Any], title: str, *, formats: Mapping[str, str], at: dt.datetime
) -> PackedFile:
    content = _drawn(variant, at) if variant["renderer"] else _stored(variant)
    shown = variant["name"] or f"{_without_slashes(title)}.pdf"
    format_, kept = _format(variant["mime"], content, formats)
    return PackedFile(
        name=_plain(shown), shown_name=shown, variant="A" if variant["kind"] == "P" and kept else variant["kind"],
        mime=variant["mime"], format=format_, content=content, sha256=hashlib.sha256(content).hexdigest(), size=len(content),
    )  # fmt: skip


def _drawn(variant: Mapping[str, Any], at: dt.datetime) -> bytes:
    if variant["renderer"] == "sheet":
        return _sheet(variant["data"], at)
    draw = import_string(settings.ARCHIVE_PAPERS[variant["renderer"]])
    pdf: bytes = draw(variant["data"], at)
    return pdf


def _sheet(data: Mapping[str, Any], at: dt.datetime) -> bytes:
    around = Sheet(
        organization=data["organization"],
        kind=data["kind"],
        unit=data["unit"],
        reference=data["reference"],
    )
    return render(_SHEET, data, title=data["title"], sheet=around, now=at)


def _stored(variant: Mapping[str, Any]) -> bytes:
    gone = _("Vedlegget «%(name)s» finnes ikke lenger slik det var. Før meldingen for hånd.") % variant
    try:
        with default_storage.open(variant["stored"]) as file:
            content: bytes = file.read()
    except OSError as missing:
        raise MissingFile(gone) from missing
    if hashlib.sha256(content).hexdigest() != variant["sha256"]:
        raise MissingFile(gone)
    return content


def _format(mime: str, content: bytes, formats: Mapping[str, str]) -> tuple[str, bool]:
    """Return the code of the format, and whether it is one that an archive keeps."""
    if mime == _PDF and (part := _PART.search(content)):
        level = _LEVEL.search(content)
        name = f"pdf/a-{part[1].decode()}{level[1].decode().lower() if level else 'b'}"
        return formats.get(name, formats.get(_PDF, "")), True
    return formats.get(mime, ""), mime in _KEPT


def _without_slashes(title: str) -> str:
    return re.sub(r'[\\/:*?"<>|\x00-\x1f]+', "-", title).strip(" .-") or "dokument"


def _plain(name: str) -> str:
    """Return the name in letters that every system takes, without a path."""
    folded = name.replace("æ", "ae").replace("ø", "o").replace("å", "a")
    folded = folded.replace("Æ", "Ae").replace("Ø", "O").replace("Å", "A")
    folded = unicodedata.normalize("NFKD", folded).encode("ascii", "ignore").decode()
    stem, _dot, suffix = folded.rpartition(".")
    stem = re.sub(r"[^A-Za-z0-9]+", "-", stem or suffix).strip("-")[:80] or "dokument"
    return f"{stem}.{suffix[:10]}" if _dot and suffix.isalnum() else stem


def each_file(documents: list[PackedDocument]) -> Iterator[PackedFile]:
    for document in documents:
        yield from document.files
