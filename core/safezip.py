"""Open ZIP files from strangers: DOCX, XLSX and the like, without falling for a bomb.

The standard library reads the whole list of members before anybody can look at it, and
unpacks as much as the file says.  So the size of the list is read first, and what the
members claim to hold is added up before any of them is opened.
"""

from __future__ import annotations

import struct
import zipfile
from typing import BinaryIO

_END = struct.Struct("<4s4H2LH")
_END_MARK = b"PK\x05\x06"
_ZIP64_MARK = b"PK\x06\x07"
_ZIP64_LOCATOR_SIZE = 20
_MAX_COMMENT = 65_535
_MAX_LIST_BYTES = 2_000_000
_MAX_MEMBERS = 10_000
_COMPRESSIONS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


class UnsafeZip(Exception):
    """The file is broken, encrypted, or would unpack to more than anybody may ask for."""


def open_zip(fileobj: BinaryIO, *, max_unpacked: int) -> zipfile.ZipFile:
    """Open ``fileobj`` as a ZIP file whose members together hold at most ``max_unpacked`` bytes.

    What a member claims is what it can give: reading stops at the claimed size.

    :raises UnsafeZip: if it is not a ZIP file that is safe to read.
    """
    if _list_bytes(fileobj) > _MAX_LIST_BYTES:
        raise UnsafeZip("the list of members is too long")
    try:
        archive = zipfile.ZipFile(fileobj)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as broken:
        raise UnsafeZip("not a ZIP file that can be read") from broken
    members = archive.infolist()
    if len(members) > _MAX_MEMBERS:
        raise UnsafeZip("too many members")
    if sum(member.file_size for member in members) > max_unpacked:
        raise UnsafeZip("unpacks to too much")
    if any(member.flag_bits & 1 or member.compress_type not in _COMPRESSIONS for member in members):
        raise UnsafeZip("encrypted, or packed in an unusual way")
    return archive


def read_member(archive: zipfile.ZipFile, name: str, *, max_bytes: int) -> bytes:
    """Read one small member whole.

    :raises UnsafeZip: if it is not there, is larger than ``max_bytes`` or is broken.
    """
    try:
        if archive.getinfo(name).file_size > max_bytes:
            raise UnsafeZip(f"{name} is too large")
        return archive.read(name)
    except (KeyError, zipfile.BadZipFile, ValueError, EOFError, OSError) as broken:
        raise UnsafeZip(f"{name} is missing or broken") from broken


def _list_bytes(fileobj: BinaryIO) -> int:
    """Return how many bytes the list of members takes, as the standard library will find it."""
    size = fileobj.seek(0, 2)
    start = max(size - _END.size - _MAX_COMMENT - _ZIP64_LOCATOR_SIZE, 0)
    fileobj.seek(start)
    tail = fileobj.read()
    fileobj.seek(0)
    at = len(tail) - _END.size
    if not (at >= 0 and tail[at : at + 4] == _END_MARK and tail.endswith(b"\0\0")):
        at = tail.rfind(_END_MARK)
    if at < 0 or len(tail) - at < _END.size:
        raise UnsafeZip("no end of the list of members")
    if tail[max(at - _ZIP64_LOCATOR_SIZE, 0) : at].startswith(_ZIP64_MARK):
        raise UnsafeZip("a ZIP file of the kind made for several gigabytes")
    return int(_END.unpack_from(tail, at)[5])
