"""The official schemas of Fiks Arkiv V1, as an archive holds a message to them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from lxml import etree

SCHEMAS = Path(__file__).resolve().parent / "fiks_arkiv_v1"
_PREFIX = "no.ks.fiks.arkiv.v1"
# The root element of a document, and the schema that describes it.
FILES = {
    "arkivmelding": f"{_PREFIX}.arkivering.arkivmelding.opprett.xsd",
    "arkivmeldingOppdatering": f"{_PREFIX}.arkivering.arkivmelding.oppdater.xsd",
    "arkivmeldingKvittering": f"{_PREFIX}.arkivering.arkivmelding.opprett.kvittering.xsd",
    "ugyldigforespoersel": f"{_PREFIX}.feilmelding.ugyldigforespoersel.xsd",
    "serverfeil": f"{_PREFIX}.feilmelding.serverfeil.xsd",
    "ikkefunnet": f"{_PREFIX}.feilmelding.ikkefunnet.xsd",
}


@cache
def _schema(name: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(SCHEMAS / FILES[name])))


def problems_of(document: bytes) -> list[str]:
    """Return what the official schema has against a document; nothing when it is valid."""
    try:
        top = etree.fromstring(
            document, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        )
    except etree.XMLSyntaxError as broken:
        return [str(broken)]
    name = etree.QName(top).localname
    if name not in FILES:
        return [f"unknown root element {name}"]
    schema = _schema(name)
    schema.validate(top)
    return [f"{entry.line}: {entry.message}" for entry in schema.error_log]
