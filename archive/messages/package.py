"""The package: a ZIP file with the message, its files, a manifest and their checksums."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from archive.messages.builder import build, message_type
from archive.messages.documents import documents_of, each_file
from archive.schema import profile

if TYPE_CHECKING:
    from collections.abc import Mapping

MESSAGE, MANIFEST, SUMS = "arkivmelding.xml", "manifest.json", "SHA256SUMS"
# A ZIP file knows no earlier day; the same content gives the same bytes.
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Package:
    """``name`` follows from the message and the content, so a repeat is known as one."""

    name: str
    message: bytes
    content: bytes
    sha256: str


def pack(
    content: dict[str, Any], *, number: int, key: str, opens_folder: bool, codes: Mapping[str, Any],
    parent: Mapping[str, Any],
) -> Package:  # fmt: skip
    """Return the package of a frozen filing that is thawed.

    :param number: of the row in the outbox.
    :raises Unfit: the message does not live up to our profile; with every reason.
    :raises MissingFile: an attachment is gone.
    """
    documents = documents_of(content["entry"], formats=codes["formats"], at=content["at"])
    xml = build(content, key=key, opens_folder=opens_folder, codes=codes, parent=parent, documents=documents)
    files = {file.name: file.content for file in each_file(documents)}
    profile.check(xml, files={name: len(body) for name, body in files.items()}, codes=codes)
    manifest = _manifest(content, key, xml, [file.name for file in each_file(documents)], files)
    members = {MESSAGE: xml, **files, MANIFEST: manifest}
    sums = "".join(f"{hashlib.sha256(body).hexdigest()}  {name}\n" for name, body in members.items())
    whole = _zipped({**members, SUMS: sums.encode()})
    digest = hashlib.sha256(whole).hexdigest()
    return Package(f"{number:08d}-{digest[:12]}", xml, whole, digest)


def _manifest(
    content: dict[str, Any], key: str, xml: bytes, names: list[str], files: Mapping[str, bytes]
) -> bytes:
    told = {
        "messageType": message_type(content), "key": key, "folderKey": content["folder"]["key"],
        "archiveCreator": {"organizationNumber": content["creator_orgnr"], "name": content["creator"]},
        "happenedAt": content["at"].isoformat(), "message": {"file": MESSAGE, "sha256": hashlib.sha256(xml).hexdigest()},
        "files": [
            {"file": name, "sha256": hashlib.sha256(files[name]).hexdigest(), "size": len(files[name])} for name in names
        ],
    }  # fmt: skip
    return json.dumps(told, ensure_ascii=False, indent=2).encode()


def _zipped(members: Mapping[str, bytes]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.external_attr = 0o600 << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, body)
    return whole.getvalue()
