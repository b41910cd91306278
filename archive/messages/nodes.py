"""Elements of Fiks Arkiv V1: two namespaces, and an order that the schema fixes."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Mapping

_HOME = "https://ks-no.github.io/standarder/fiks-protokoll/fiks-arkiv"
CREATE = f"{_HOME}/arkivmelding/opprett/v1"
UPDATE = f"{_HOME}/arkivmelding/oppdater/v1"
CATALOGUE = f"{_HOME}/metadatakatalog/v1"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
OWN = "urn:stafett:arkiv:v1"

# XML 1.0 has no way to write these.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def root(name: str, namespace: str) -> etree._Element:
    return etree.Element(f"{{{namespace}}}{name}", nsmap={None: namespace, "k": CATALOGUE, "xsi": XSI})


class Node:
    """An element that takes children in the order they are added; what is empty is left out."""

    def __init__(self, element: etree._Element) -> None:
        self.element = element

    def _new(self, name: str, namespace: str | None) -> etree._Element:
        namespace = namespace or etree.QName(self.element).namespace
        return etree.SubElement(self.element, f"{{{namespace}}}{name}")

    def child(self, name: str, *, of_type: str = "", namespace: str | None = None) -> Node:
        made = self._new(name, namespace)
        if of_type:
            made.set(f"{{{XSI}}}type", of_type)
        return Node(made)

    def text(self, name: str, value: Any, *, namespace: str | None = None) -> None:
        if value in (None, ""):
            return
        self._new(name, namespace).text = written(value)

    def code(self, name: str, code: str, label: str = "") -> None:
        if code:
            made = self.child(name)
            made.text("kode", code, namespace=CATALOGUE)
            made.text("beskrivelse", label, namespace=CATALOGUE)

    def named(self, name: str, value: str) -> None:
        if value:
            self.child(name).text("navn", value, namespace=CATALOGUE)

    def key(self, system: str, key: str, *, namespace: str | None = None) -> None:
        made = self.child("referanseEksternNoekkel", namespace=namespace)
        made.text("fagsystem", system, namespace=CATALOGUE)
        made.text("noekkel", key, namespace=CATALOGUE)

    def prose(self, name: str, value: str) -> None:
        made = self.child(name)
        made.text("tekstInnhold", value or "–", namespace=CATALOGUE)
        Node(made.element).child("tekstFormat", namespace=CATALOGUE).text(
            "kode", "tekst", namespace=CATALOGUE
        )

    def folder(self, name: str, place: Mapping[str, Any]) -> None:
        """Point at a folder: by its number where it was made by hand, else by our own key."""
        made = self.child(name)
        if place.get("number"):
            number = made.child("saksnummer", namespace=CATALOGUE)
            number.text("saksaar", place["year"], namespace=CATALOGUE)
            number.text("sakssekvensnummer", place["number"], namespace=CATALOGUE)
        elif place.get("name"):
            made.text("mappeID", place["name"], namespace=CATALOGUE)
        else:
            made.key(place["system"], place["key"], namespace=CATALOGUE)


def written(value: Any) -> str:
    """Return a value as XML Schema writes it: days as they are, points in time with the offset of the place."""
    if isinstance(value, dt.datetime):
        return timezone.localtime(value).replace(microsecond=0).isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    return _FORBIDDEN.sub("", str(value))
