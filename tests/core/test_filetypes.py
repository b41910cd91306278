from __future__ import annotations

import struct
import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import safezip
from core.filetypes import FileType, UnacceptableFile, shown_name, sniff

OOXML = "application/vnd.openxmlformats-officedocument."
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 20
WEBP = b"RIFF\x10\0\0\0WEBPVP8 " + b"\0" * 20
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"
PROGRAM = b"MZ\x90\0\3\0\0\0"
OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500


def zipped(**members: str | bytes) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def office(part: str, **more: str | bytes) -> bytes:
    types = f'<Types><Override PartName="/x.xml" ContentType="{OOXML}{part}.main+xml"/></Types>'
    return zipped(**{"[Content_Types].xml": types, **more})


def open_document(kind: str) -> bytes:
    return zipped(mimetype=f"application/vnd.oasis.opendocument.{kind}", **{"content.xml": "<x/>"})


def refusal(content: bytes, name: str) -> str:
    with pytest.raises(UnacceptableFile) as caught:
        sniff(BytesIO(content), name)
    assert shown_name(name) in caught.value.reason
    return caught.value.reason


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        (b"%PDF-1.7\n...", "Sak 12.PDF", FileType("application/pdf", ".pdf", inline=True)),
        (PNG, "bilde.png", FileType("image/png", ".png", inline=True)),
        (JPEG, "bilde.jpeg", FileType("image/jpeg", ".jpg", inline=True)),
        (WEBP, "bilde.webp", FileType("image/webp", ".webp", inline=True)),
        (b"GIF89a\1\0\1\0", "bilde.gif", FileType("image/gif", ".gif", inline=True)),
        ("Blåbærsyltetøy\n".encode(), "notat.txt", FileType("text/plain", ".txt", inline=False)),
        ("Blåbærsyltetøy\n".encode("latin-1"), "notat.txt", FileType("text/plain", ".txt", inline=False)),
        (b"MZ er ikke alltid et program", "notat.txt", FileType("text/plain", ".txt", inline=False)),
        ("a;b\n1;2\n".encode("utf-16"), "tall.csv", FileType("text/csv", ".csv", inline=False)),
        (b"a;b\n1;2\n", "tall.csv", FileType("text/csv", ".csv", inline=False)),
        (
            office("wordprocessingml.document"),
            "x.docx",
            FileType(f"{OOXML}wordprocessingml.document", ".docx", inline=False),
        ),
        (
            office("spreadsheetml.sheet"),
            "x.xlsx",
            FileType(f"{OOXML}spreadsheetml.sheet", ".xlsx", inline=False),
        ),
        (
            office("presentationml.presentation"),
            "x.pptx",
            FileType(f"{OOXML}presentationml.presentation", ".pptx", inline=False),
        ),
        (
            open_document("text"),
            "x.odt",
            FileType("application/vnd.oasis.opendocument.text", ".odt", inline=False),
        ),
        (
            open_document("spreadsheet"),
            "x.ods",
            FileType("application/vnd.oasis.opendocument.spreadsheet", ".ods", inline=False),
        ),
    ],
)
def test_sniff_recognizes_content_and_rewinds(content: bytes, name: str, expected: FileType) -> None:
    fileobj = BytesIO(content)
    fileobj.seek(3)
    assert sniff(fileobj, name) == expected
    assert fileobj.tell() == 0


@pytest.mark.parametrize(
    ("content", "name", "remedy"),
    [
        (PROGRAM, "faktura.pdf", "program"),
        (b"\x7fELF\2\1", "bilde.png", "program"),
        (b"#!/bin/sh\nrm -rf /\n", "notat.txt", "skript"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "bilde.png", "PNG"),
        (b"\xef\xbb\xbf  <html>", "notat.txt", "nettside"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "logo.svg", "SVG"),
        (b"<?xml version='1.0'?><a/>", "data.xml", "XML"),
        (HEIC, "IMG_1.heic", "JPEG"),
        (HEIC, "IMG_1.jpg", "JPEG"),
        (OLD_WORD, "gammel.doc", "DOCX"),
        (OLD_WORD, "melding.msg", "DOCX"),
        (b"From: a@b.no\nSubject: Hei\n\nHei\n", "melding.eml", "PDF"),
        (b"{\\rtf1\\ansi}", "brev.rtf", "DOCX"),
        (zipped(a="b"), "alt.zip", "Pakk den ut"),
        (b"7z\xbc\xaf\x27\x1c", "alt.7z", "Pakk den ut"),
        (b"", "tom.txt", "er tom"),
        (bytes(range(256)), "data.bin", "Last opp PDF"),
        (b"ren tekst og saa\0en NUL", "notat.txt", "Last opp PDF"),
        (office("wordprocessingml.document", **{"word/vbaProject.bin": b"x"}), "brev.docx", "makroer"),
        (
            zipped(**{"[Content_Types].xml": "application/vnd.ms-word.document.macroEnabled.main+xml"}),
            "brev.docm",
            "makroer",
        ),
        (zipped(**{"[Content_Types].xml": "<Types/>"}), "brev.docx", "Last opp PDF"),
        (office("wordprocessingml.document")[:-10], "brev.docx", "lagre den på nytt"),
    ],
)
def test_sniff_refuses_and_says_what_to_do(content: bytes, name: str, remedy: str) -> None:
    assert remedy in refusal(content, name)


@pytest.mark.parametrize(
    ("content", "name", "truth"),
    [
        (PNG, "bilde.jpg", "et PNG-bilde"),
        (b"%PDF-1.4", "rapport.docx", "et PDF-dokument"),
        (office("spreadsheetml.sheet"), "x.docx", "et Excel-regneark"),
        (b"Hei", "bilde.png", "ren tekst"),
        (b"Hei", "les.meg", "ren tekst"),
        (PNG, "bilde", "et PNG-bilde"),
        (PNG, "bilde.png.exe", "et PNG-bilde"),
    ],
)
def test_sniff_refuses_a_name_that_lies(content: bytes, name: str, truth: str) -> None:
    reason = refusal(content, name)
    assert truth in reason
    assert "Gi filen endelsen ." in reason


def test_reason_shows_no_reversing_characters() -> None:
    reason = refusal(PROGRAM, "rapport\u202efdp.exe")
    assert "\u202e" not in reason


def test_shown_name_cuts_the_middle_and_keeps_the_suffix() -> None:
    name = shown_name("a" * 300 + ".docx")
    assert len(name) == 80
    assert name.endswith("…aaaaaa.docx")


def test_text_is_read_to_the_end() -> None:
    assert "Last opp PDF" in refusal(b"a" * 200_000 + b"\0", "notat.txt")
    assert "Last opp PDF" in refusal(b"\xff\xfe" + b"a\0" * 100_000 + b"\0\xd8", "notat.txt")


def bomb(claimed: int) -> bytes:
    """Return a small ZIP file that claims to unpack to ``claimed`` bytes."""
    packed = bytearray(office("wordprocessingml.document", big=b"\0" * 1000))
    entry = packed.rfind(b"PK\x01\x02")
    packed[entry + 24 : entry + 28] = struct.pack("<I", claimed)
    return bytes(packed)


def test_sniff_refuses_a_zip_bomb() -> None:
    assert "uvanlig måte" in refusal(bomb(4_000_000_000), "stor.docx")


def test_open_zip_refuses_a_long_list_before_reading_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def explode(*_args: object) -> None:
        raise AssertionError("the list was read")

    packed = bytearray(zipped(a="b"))
    end = packed.rfind(b"PK\x05\x06")
    packed[end + 12 : end + 16] = struct.pack("<I", 3_000_000_000)
    monkeypatch.setattr(safezip.zipfile, "ZipFile", explode)
    with pytest.raises(safezip.UnsafeZip, match="too long"):
        safezip.open_zip(BytesIO(packed), max_unpacked=1000)


def test_open_zip_refuses_encryption() -> None:
    packed = bytearray(zipped(a="b"))
    packed[packed.find(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(safezip.UnsafeZip, match="encrypted"):
        safezip.open_zip(BytesIO(packed), max_unpacked=1000)


def test_open_zip_refuses_zip64() -> None:
    packed = zipped(a="b")
    end = packed.rfind(b"PK\x05\x06")
    with pytest.raises(safezip.UnsafeZip, match="gigabytes"):
        safezip.open_zip(BytesIO(packed[:end] + b"PK\x06\x07" + b"\0" * 16 + packed[end:]), max_unpacked=1000)


def test_read_member_gives_no_more_than_was_claimed() -> None:
    with safezip.open_zip(BytesIO(zipped(a=b"x" * 5000)), max_unpacked=10_000) as archive:
        with pytest.raises(safezip.UnsafeZip, match="too large"):
            safezip.read_member(archive, "a", max_bytes=4999)
        with pytest.raises(safezip.UnsafeZip, match="missing"):
            safezip.read_member(archive, "b", max_bytes=4999)


starts = st.sampled_from(
    [b"", b"PK\x03\x04", b"PK\x05\x06", b"%PDF-", b"\xff\xfe", b"RIFF", PNG, zipped(a="b")]
)


@given(starts, st.binary(max_size=400), st.text(max_size=30))
def test_sniff_answers_or_refuses_anything(start: bytes, rest: bytes, name: str) -> None:
    fileobj = BytesIO(start + rest)
    try:
        sniff(fileobj, name)
    except UnacceptableFile as refused:
        assert refused.reason  # noqa: PT017 - both outcomes are right, any other exception is not
    assert fileobj.tell() == 0
