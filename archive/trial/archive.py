"""The trial archive: checks a package as a stranger would, journals it, and leaves its answers to be fetched."""

from __future__ import annotations

import hashlib
import io
import uuid
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from lxml import etree

from archive.models import TrialAnswer, TrialRecord, TrialReply
from archive.trial import answers
from archive.trial.official import problems_of

if TYPE_CHECKING:
    from collections.abc import Mapping

_XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_LOCAL = "*[local-name()='{}']"


class Refusal(Exception):
    """Why a package is not taken: the kind of error message, and its words."""

    def __init__(self, kind: str, words: str) -> None:
        super().__init__(words)
        self.kind, self.words = kind, words


@dataclass(frozen=True, slots=True)
class TrialArchive:
    """``reply`` is what it is set to answer with (``TrialReply``)."""

    municipality_id: int
    reply: str = TrialReply.RECEIPT

    @transaction.atomic
    def take(self, name: str, package: bytes) -> None:
        """Take a package and leave the answers: only an error where it is refused at once, else *mottatt* first."""
        try:
            message = _opened(package)
            self._answer_as_set(name)
        except Refusal as refusal:
            self._leave(f"{name}.feilmelding.xml", answers.error(refusal.kind, refusal.words))
            return
        self._leave(f"{name}.mottatt", b"")
        if self.reply == TrialReply.SILENCE:
            return
        try:
            receipt = self._journal(message)
        except Refusal as refusal:
            self._leave(f"{name}.feilmelding.xml", answers.error(refusal.kind, refusal.words))
            return
        self._leave(f"{name}.arkivmelding-kvittering.xml" if receipt else f"{name}.kvittering", receipt)

    def _answer_as_set(self, name: str) -> None:
        refused = {
            TrialReply.INVALID: ("ugyldigforespoersel", "Prøvearkivet er satt til å avvise alt."),
            TrialReply.SERVER_ERROR: ("serverfeil", "Prøvearkivet er satt til å feile."),
            TrialReply.NOT_FOUND: ("ikkefunnet", "Prøvearkivet er satt til ikke å finne noe."),
        }
        if self.reply in refused:
            raise Refusal(*refused[TrialReply(self.reply)])

    def _leave(self, name: str, content: bytes) -> None:
        TrialAnswer.objects.create(municipality_id=self.municipality_id, name=name, content=content)

    # --- The journal -----------------------------------------------------------------------------
    def _journal(self, top: etree._Element) -> bytes:
        """Enter what the message brings, and return the receipt, which an update has none of."""
        if etree.QName(top).localname == "arkivmeldingOppdatering":
            self._parent(_one(top, "mappeOppdateringer", "referanseTilMappe"))
            return b""
        folder, record = _one(top, "mappe"), _one(top, "registrering")
        told = answers.Receipt()
        if folder is not None:
            row, is_new = self._entered(folder, "mappe")
            told.add_folder(row, is_new=is_new, kind=folder.get(_XSI_TYPE) or "mappe", key=_key(folder))
        if record is not None and self.reply == TrialReply.PARTIAL:
            told.fail_record("Prøvearkivet er satt til å avvise registreringer.")
        elif record is not None:
            self._parent(_one(record, "referanseForelderMappe"))
            row, is_new = self._entered(record, "registrering")
            told.add_record(
                row, is_new=is_new, kind=record.get(_XSI_TYPE) or "registrering", key=_key(record)
            )
        return told.written()

    def _parent(self, reference: etree._Element | None) -> None:
        """Refuse a record whose folder is not here; one that is named by number was made by hand elsewhere."""
        key = _text(reference, "referanseEksternNoekkel", "noekkel")
        rows = TrialRecord.objects.filter(municipality_id=self.municipality_id, key=key)
        if key and not rows.exists():
            raise Refusal("ikkefunnet", f"Ingen mappe har nøkkelen {key}.")

    def _entered(self, node: etree._Element, kind: str) -> tuple[TrialRecord, bool]:
        _system, key = _key(node)
        year = int(
            (_text(node, "saksdato") or _text(node, "moetedato") or _text(node, "dokumentetsDato") or "2026")[
                :4
            ]
        )
        rows = TrialRecord.objects.select_for_update().filter(municipality_id=self.municipality_id)
        if standing := rows.filter(key=key).first():
            return standing, False
        last = rows.filter(kind=kind, year=year).aggregate(last=Max("number"))["last"] or 0
        made = TrialRecord.objects.create(
            municipality_id=self.municipality_id, key=key, kind=kind, year=year, number=last + 1,
            system_id=uuid.uuid5(uuid.NAMESPACE_URL, f"{self.municipality_id}/{key}"),
        )  # fmt: skip
        return made, True


# --- The package ---------------------------------------------------------------------------------
def _opened(package: bytes) -> etree._Element:
    """Return the message of a package whose sums and files are right.

    :raises Refusal: something is not.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(package)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, OSError) as broken:
        raise Refusal("ugyldigforespoersel", "Pakken kan ikke åpnes.") from broken
    _check_sums(members)
    message = members.get("arkivmelding.xml", b"")
    if problems := problems_of(message):
        raise Refusal("ugyldigforespoersel", "; ".join(problems)[:2000])
    top = etree.fromstring(message, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    _check_files(top, members)
    return top


def _check_sums(members: Mapping[str, bytes]) -> None:
    lines = members.get("SHA256SUMS", b"").decode().splitlines()
    said = {name: digest for digest, _space, name in (line.partition("  ") for line in lines)}
    real = {name: hashlib.sha256(body).hexdigest() for name, body in members.items() if name != "SHA256SUMS"}
    if said != real:
        raise Refusal("ugyldigforespoersel", "SHA256SUMS stemmer ikke med filene i pakken.")


def _check_files(top: etree._Element, members: Mapping[str, bytes]) -> None:
    for file in top.xpath(".//*[local-name()='dokumentobjekt']"):
        name = _text(file, "referanseDokumentfil")
        body = members.get(name)
        if body is None:
            raise Refusal("ugyldigforespoersel", f"Filen {name} er ikke i pakken.")
        if _text(file, "sjekksum") != hashlib.sha256(body).hexdigest() or _text(file, "filstoerrelse") != str(
            len(body)
        ):
            raise Refusal("ugyldigforespoersel", f"Sjekksum eller størrelse stemmer ikke for {name}.")


# --- XML -----------------------------------------------------------------------------------------
def _one(node: etree._Element | None, *path: str) -> etree._Element | None:
    if node is None:
        return None
    found = node.xpath("/".join(_LOCAL.format(name) for name in path))
    return found[0] if found else None


def _text(node: etree._Element | None, *path: str) -> str:
    found = _one(node, *path)
    return (found.text or "").strip() if found is not None else ""


def _key(node: etree._Element) -> tuple[str, str]:
    return _text(node, "referanseEksternNoekkel", "fagsystem"), _text(
        node, "referanseEksternNoekkel", "noekkel"
    )
