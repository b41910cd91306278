"""Read what an archive answers: XML from a stranger, perhaps inside a ZIP file from a stranger.

Nothing is unpacked to a disk, no entity is resolved and nothing outside the file is fetched.
"""

from __future__ import annotations

import io
import json
import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from lxml import etree

from archive.forms import MOST_BYTES
from archive.models import AnswerKind
from archive.trial.official import problems_of
from core.safezip import UnsafeZip, open_zip, read_member

if TYPE_CHECKING:
    from collections.abc import Iterator

_PACKAGE = re.compile(r"^(\d{8,}-[0-9a-f]{12})(?:\.|$)")
# Fiks' own list of messages misspells its name once: «no.ks.fik.arkiv».
_TYPE = re.compile(r"no\.ks\.fiks?\.arkiv\.v1\.[a-z.]*?\.?(mottatt|kvittering|feilmelding\.[a-z]+)$")
# What Fiks IO itself answers with when nobody took the message, or nobody did in time.
_UNDELIVERED = re.compile(
    r"no\.ks\.fiks\.kvittering\.(tidsavbrudd|serverfeil|ugyldigforespoersel|ikkefunnet)(?:\.v1)?$"
)
_ERRORS = {"ugyldigforespoersel", "serverfeil", "ikkefunnet"}
_RECEIPT, _ERROR, _TYPED = "arkivmelding-kvittering.xml", "feilmelding.xml", "melding.json"


_MOST_PROBLEMS = 5


class Unreadable(Exception):
    """It is no answer that can be read; the text says why."""


class Malformed(Unreadable):
    """It is no XML, no JSON and no ZIP file that may be opened."""


class Invalid(Unreadable):
    """It breaks the official schema."""


class Foreign(Unreadable):
    """It is about something that was not sent from this municipality."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What is said of a folder or a record: its numbers, or what failed."""

    key: str = ""
    system: str = ""
    system_id: str = ""
    case_number: str = ""
    journal_number: str = ""
    existed: bool = False
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    kind: AnswerKind
    package: str = ""
    folder: Part | None = None
    record: Part | None = None
    error: str = ""


def read(name: str, content: bytes) -> Reading:
    """Return what an answer says.

    :raises Unreadable: it is none.
    """
    if len(content) > MOST_BYTES:
        raise Unreadable(_("Filen er større enn 2 MB."))
    found = _PACKAGE.match(name)
    package = found[1] if found else ""
    if content.startswith(b"PK"):
        return _from_zip(content, package)
    if content.startswith(b"{"):
        return _by_type({_TYPED: content}, package)
    if not content.strip():
        return _without_content(name, package)
    return _from_xml(content, package)


def _without_content(name: str, package: str) -> Reading:
    """Read an answer whose name says it all: ``.mottatt`` and the receipt of an update have no content."""
    last = name.lower().rsplit(".", 1)[-1]
    if package and last == "mottatt":
        return Reading(kind=AnswerKind.ACKNOWLEDGED, package=package)
    if package and last == "kvittering":
        return Reading(kind=AnswerKind.RECEIPT, package=package)
    raise Unreadable(_("Filen er tom, og navnet sier ikke hvilken pakke den svarer på."))


def hold_to_schema(content: bytes) -> None:
    """Refuse XML that breaks the official schema of what it is.

    :raises Invalid: it does; with the first things that are wrong.
    :raises Malformed: it cannot be opened.
    """
    if content.startswith(b"PK"):
        members = _members(content)
        content = next((members[name] for name in (_RECEIPT, _ERROR) if name in members), b"")
    if not content.strip() or content.startswith(b"{"):
        return
    parse(content)
    if problems := problems_of(content):
        raise Invalid(
            "\n".join([_("Svaret følger ikke skjemaet til Fiks Arkiv V1."), *problems[:_MOST_PROBLEMS]])
        )


def _from_zip(content: bytes, package: str) -> Reading:
    members = _members(content)
    for name in (_RECEIPT, _ERROR):
        if members.get(name, b"").strip():
            return _from_xml(members[name], package)
    return _by_type(members, package)


def _members(content: bytes) -> dict[str, bytes]:
    """Return what is in a ZIP file, by the last part of each name.

    :raises Malformed: it is not safe to open.
    """
    try:
        archive = open_zip(io.BytesIO(content), max_unpacked=MOST_BYTES)
        names = {name: PurePosixPath(name.replace("\\", "/")) for name in archive.namelist()}
        if any(path.is_absolute() or ".." in path.parts for path in names.values()):
            raise Malformed(_("ZIP-filen har navn som peker ut av den."))
        return {
            path.name.lower(): read_member(archive, name, max_bytes=MOST_BYTES)
            for name, path in names.items() if not name.endswith("/")
        }  # fmt: skip
    except UnsafeZip as unsafe:
        raise Malformed(_("ZIP-filen kan ikke åpnes trygt.")) from unsafe


def _by_type(members: dict[str, bytes], package: str) -> Reading:
    """Read an answer without content by the type of message that ``melding.json`` names, or by the name of the file."""
    try:
        told = json.loads(members.get(_TYPED, b"{}"))
        named = str(told.get("meldingstype", "")) if isinstance(told, dict) else ""
    except (ValueError, RecursionError) as broken:
        raise Malformed(_("melding.json kan ikke leses.")) from broken
    if undelivered := _UNDELIVERED.match(named):
        told = _("Fiks IO fikk ikke levert meldingen til arkivet (%(why)s).") % {"why": undelivered[1]}
        return Reading(kind=AnswerKind.ERROR, package=package, error=told)
    match = _TYPE.match(named)
    kind = match[1] if match else next((one for one in ("kvittering", "mottatt") if one in members), "")
    if kind in {"mottatt", "kvittering"}:
        return _without_content(f"{package}.{kind}", package)
    if kind.startswith("feilmelding"):
        return Reading(
            kind=AnswerKind.ERROR, package=package, error=_words_of(kind.rpartition(".")[2], "", "")
        )
    raise Unreadable(
        _("Svaret har verken kvittering, feilmelding eller en meldingstype i Fiks Arkiv V1 som er et svar.")
    )


# --- XML -----------------------------------------------------------------------------------------
def _from_xml(content: bytes, package: str) -> Reading:
    top = parse(content)
    name = etree.QName(top).localname
    if name == "arkivmeldingKvittering":
        return _receipt(top, package)
    if name in _ERRORS:
        return Reading(kind=AnswerKind.ERROR, package=package, error=_error(top, name))
    raise Unreadable(
        _("XML-filen er verken en kvittering eller en feilmelding: «%(name)s».") % {"name": name[:60]}
    )


def parse(content: bytes) -> etree._Element:
    """Return the root of a document that holds nothing but itself.

    :raises Unreadable: it is no XML, or declares a type: entities are how bombs and theft come in.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        top = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as broken:
        raise Malformed(_("Filen er ikke gyldig XML.")) from broken
    if top.getroottree().docinfo.doctype:
        raise Malformed(_("XML-filen har en DOCTYPE. Den leses ikke."))
    return top


def _named(node: etree._Element, *names: str) -> Iterator[etree._Element]:
    for child in node:
        if isinstance(child.tag, str) and etree.QName(child).localname in names:
            yield child


def _text(node: etree._Element | None, *path: str) -> str:
    for name in path:
        node = next(_named(node, name), None) if node is not None else None
    return (node.text or "").strip()[:500] if node is not None else ""


def _receipt(top: etree._Element, package: str) -> Reading:
    folder, record = (_part(top, name) for name in ("mappe", "registrering"))
    if folder is None and record is None:
        raise Unreadable(_("Kvitteringen er tom."))
    parts = [part for part in (folder, record) if part is not None]
    errors = [part.error for part in parts if part.error]
    if len(errors) == len(parts):
        return Reading(
            kind=AnswerKind.ERROR, package=package, folder=folder, record=record, error="\n".join(errors)
        )
    kind = AnswerKind.PARTIAL if errors else AnswerKind.RECEIPT
    return Reading(kind=kind, package=package, folder=folder, record=record, error="\n".join(errors))


def _part(top: etree._Element, name: str) -> Part | None:
    for failed in _named(top, f"{name}Feilet"):
        return Part(error=_error(failed, name))
    for good in _named(top, f"{name}Kvittering"):
        year, number = _text(good, "saksaar"), _text(good, "sakssekvensnummer")
        return Part(
            key=_text(good, "referanseEksternNoekkel", "noekkel"),
            system=_text(good, "referanseEksternNoekkel", "fagsystem"), system_id=_text(good, "systemID"),
            case_number=f"{year}/{number}" if year and number else _text(good, "mappeID"),
            journal_number=_journal_number(good), existed=_text(good, "opprettetEllerEksisterende") == "Eksisterende",
        )  # fmt: skip
    return None


def _journal_number(good: etree._Element) -> str:
    year, number = _text(good, "journalaar"), _text(good, "journalsekvensnummer")
    if not (year and number):
        return _text(good, "registreringsID")
    document = _text(good, "journalpostnummer")
    return f"{year}/{number}" + (_(", dokument %(number)s") % {"number": document} if document else "")


def _error(node: etree._Element, kind: str) -> str:
    return _words_of(kind, _text(node, "feilmelding"), _text(node, "feilId"))


def _words_of(kind: str, said: str, error_id: str) -> str:
    about = {
        "ugyldigforespoersel": _("Arkivet godtar ikke meldingen."),
        "serverfeil": _("Arkivet hadde en feil hos seg."),
        "ikkefunnet": _("Arkivet finner ikke det meldingen peker på."),
        "mappe": _("Mappen ble ikke laget."),
        "registrering": _("Registreringen ble ikke laget."),
    }  # fmt: skip
    words = f"{about.get(kind, '')} {said}".strip()
    return words + (_(" (feil-id %(id)s)") % {"id": error_id} if error_id else "")
