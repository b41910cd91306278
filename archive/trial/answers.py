"""The answers of the trial archive, written as text: not by the means that Stafett's own messages are written."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from archive.models import TrialRecord

_HOME = "https://ks-no.github.io/standarder/fiks-protokoll/fiks-arkiv"
_RECEIPT = f"{_HOME}/arkivmelding/opprett/kvittering/v1"
_CATALOGUE = f"{_HOME}/metadatakatalog/v1"
_ERROR = f"{_HOME}/feil/feilmelding/v1"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def error(kind: str, words: str) -> bytes:
    """Return an error message of Fiks Arkiv: ``ugyldigforespoersel``, ``serverfeil`` or ``ikkefunnet``."""
    home = f"{_HOME}/feil/{kind}/v1"
    return f'{_DECLARATION}<{kind} xmlns="{home}" xmlns:f="{_ERROR}">{_failure(words)}</{kind}>\n'.encode()


def _failure(words: str) -> str:
    return f"<f:feilId>{uuid.uuid4()}</f:feilId><f:feilmelding>{escape(words)}</f:feilmelding>"


class Receipt:
    """A receipt, part by part."""

    def __init__(self) -> None:
        self._parts: list[str] = []

    def add_folder(self, row: TrialRecord, *, is_new: bool, kind: str, key: tuple[str, str]) -> None:
        is_case = kind == "saksmappe"
        numbers = (
            f"<saksaar>{row.year}</saksaar><sakssekvensnummer>{row.number}</sakssekvensnummer>"
            if is_case
            else ""
        )
        type_ = ' xsi:type="saksmappeKvittering"' if is_case else ""
        name = "" if is_case else f"<mappeID>{row.year}/M{row.number}</mappeID>"
        self._parts.append(
            f"<mappeKvittering{type_}><systemID>{row.system_id}</systemID>{name}{_key(key)}{_made(is_new=is_new)}{numbers}"
            "</mappeKvittering>"
        )

    def add_record(self, row: TrialRecord, *, is_new: bool, kind: str, key: tuple[str, str]) -> None:
        is_journal = kind == "journalpost"
        type_ = ' xsi:type="journalpostKvittering"' if is_journal else ""
        numbers = (
            f"<journalaar>{row.year}</journalaar><journalsekvensnummer>{row.number}</journalsekvensnummer>"
        )
        name = "" if is_journal else f"<registreringsID>{row.year}/{row.number}</registreringsID>"
        self._parts.append(
            f"<registreringKvittering{type_}><systemID>{row.system_id}</systemID>{name}{_key(key)}{_made(is_new=is_new)}"
            f"{numbers if is_journal else ''}</registreringKvittering>"
        )

    def fail_record(self, words: str) -> None:
        self._parts.append(f"<registreringFeilet>{_failure(words)}</registreringFeilet>")

    def written(self) -> bytes:
        head = f'xmlns="{_RECEIPT}" xmlns:k="{_CATALOGUE}" xmlns:f="{_ERROR}" xmlns:xsi="{_XSI}"'
        return f"{_DECLARATION}<arkivmeldingKvittering {head}>{''.join(self._parts)}</arkivmeldingKvittering>\n".encode()


def _key(key: tuple[str, str]) -> str:
    system, name = map(escape, key)
    return (
        f"<referanseEksternNoekkel><k:fagsystem>{system}</k:fagsystem><k:noekkel>{name}</k:noekkel>"
        "</referanseEksternNoekkel>"
    )


def _made(*, is_new: bool) -> str:
    return f"<opprettetEllerEksisterende>{'Opprettet' if is_new else 'Eksisterende'}</opprettetEllerEksisterende>"
