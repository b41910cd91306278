"""What a message must live up to before it is packed: the official schema leaves open what archives demand in practice.

Knows the finished XML and nothing of how it was made.  Every rule names the element and what to do about it.
Sources: Fiks Arkiv V1, Noark 5 (M-numbers of the metadata catalogue), shared/archive/guide.md 5.4 to 5.6.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from django.utils.functional import _StrOrPromise as StrOrPromise

_BASE = "https://ks-no.github.io/standarder/fiks-protokoll/fiks-arkiv"
_NS = {
    "c": f"{_BASE}/arkivmelding/opprett/v1", "u": f"{_BASE}/arkivmelding/oppdater/v1",
    "k": f"{_BASE}/metadatakatalog/v1", "o": "urn:stafett:arkiv:v1",
}  # fmt: skip
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_ORGNR = re.compile(r"[0-9]{9}")
_SHA = re.compile(r"[0-9a-f]{64}")
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
CODES = {
    "journalposttype": {"I", "U", "N", "X", "S"},
    "journalstatus": {"J", "F", "G", "E", "A", "U", "M", "S", "R"},
    "saksstatus": {"B", "A", "U", "R", "S", "P", "F"},
    "korrespondanseparttype": {"EA", "EM", "EK", "GM", "IA", "IM", "IK"},
    "tilknyttetRegistreringSom": {"H", "V"},
    "variantformat": {"P", "A", "O", "S"},
    "dokumentstatus": {"B", "F"},
    "moetesakstype": {"PS", "DS", "RS", "FO", "AN"},
    "moetedokumenttype": {"MI", "SF", "SP", "MP", "SL", "OL", "VL"},
    "dokumenttype": {
        "SØKNAD", "MELDING", "KORR", "VEDTAK", "SAKSFRAMLEGG", "RAPPORT", "ROS-ANALYSE", "UTREDNING", "UTTALELSE",
        "NOTAT", "ANALYSE", "PROTOKOLL", "VEDLEGG", "DOKUMENT",
    },
}  # fmt: skip
# Who must be named in which kind of entry.
_PARTIES_OF = {"I": {"EA", "IM"}, "U": {"EM"}, "N": {"IA", "IM"}, "S": {"IA", "IM"}, "X": {"IA"}}


class Unfit(Exception):
    """The message is not as an archive needs it; ``reasons`` name the elements."""

    def __init__(self, reasons: list[StrOrPromise]) -> None:
        super().__init__("; ".join(map(str, reasons)))
        self.reasons = reasons


def check(xml: bytes, *, files: Mapping[str, int], codes: Mapping[str, object]) -> None:
    """Refuse a message that breaks a rule.

    :param files: the size of each file that goes with it.
    :raises Unfit: with every reason.
    """
    top = etree.fromstring(xml, _parser())
    reasons = [str(reason) for rule in _RULES for reason in rule(top)]
    reasons += [str(reason) for reason in _files(top, files)]
    if codes["algorithm"] not in {"SHA-256", "SHA256"}:
        reasons.append(_("sjekksumAlgoritme: velg SHA-256 eller SHA256 i reglene for arkivet."))
    if reasons:
        raise Unfit(list(dict.fromkeys(reasons)))


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def _all(node: etree._Element, path: str) -> list[etree._Element]:
    found: list[etree._Element] = node.xpath(path, namespaces=_NS)
    return found


def _text(node: etree._Element, path: str) -> str:
    found = _all(node, path)
    return (found[0].text or "").strip() if found else ""


def _missing(node: etree._Element, paths: Mapping[str, StrOrPromise], where: str) -> Iterator[str]:
    for path, remedy in paths.items():
        if not _text(node, path):
            name = path.replace("c:", "").replace("k:", "").replace("o:", "").removeprefix(".//")
            yield _("%(where)s/%(name)s mangler. %(remedy)s") % {
                "where": where,
                "name": name,
                "remedy": remedy,
            }


# --- Rules ---------------------------------------------------------------------------------------
def _structure(top: etree._Element) -> Iterator[str]:
    if etree.QName(top).localname == "arkivmeldingOppdatering":
        if not _all(top, ".//u:saksstatus/k:kode") or not _all(top, ".//u:referanseTilMappe/*"):
            yield _("arkivmeldingOppdatering: mappen og saksstatus må stå der.")
        return
    if not _text(top, "c:system"):
        yield _("system mangler. Før fagsystem i reglene for arkivet.")
    if len(_all(top, "c:mappe")) > 1 or len(_all(top, "c:registrering")) != 1:
        yield _("arkivmelding: høyst én mappe og én registrering i hver melding.")


def _folder(top: etree._Element) -> Iterator[str]:
    system = _("Skriv til den som drifter Stafett: meldingen er bygd feil.")
    for folder in _all(top, "c:mappe"):
        needed: dict[str, StrOrPromise] = {
            "c:tittel": system, "c:referanseEksternNoekkel/k:fagsystem": system, "c:referanseEksternNoekkel/k:noekkel": system,
            "c:klassifikasjon/c:klasseID": _("Før klasse i reglene for arkivet."),
            "c:klassifikasjon/c:klassifikasjonssystemID": _("Før klassifikasjonssystem i reglene for arkivet."),
        }  # fmt: skip
        if folder.get(_TYPE) == "moetemappe":
            needed |= {"c:moetenummer": system, "c:utvalg/k:navn": system, "c:moetedato": system}
        else:
            needed |= {
                "c:saksdato": system, "c:administrativEnhet/k:navn": system, "c:saksansvarlig/k:navn": system,
                "c:saksstatus/k:kode": system,
            }  # fmt: skip
        yield from _missing(folder, needed, "mappe")


def _record(top: etree._Element) -> Iterator[str]:
    system = _("Skriv til den som drifter Stafett: meldingen er bygd feil.")
    for record in _all(top, "c:registrering"):
        yield from _missing(
            record, {"c:tittel": system, "c:referanseEksternNoekkel/k:noekkel": system}, "registrering"
        )
        if not _all(record, "c:referanseForelderMappe/*"):
            yield _("registrering/referanseForelderMappe mangler. %(remedy)s") % {"remedy": system}
        kind = record.get(_TYPE)
        if kind == "journalpost":
            yield from _journal(record, system)
        elif kind == "moetesak":
            case = {
                "c:moetesakstype/k:kode": system,
                "c:moetesaksaar": system,
                "c:moetesakssekvensnummer": system,
            }
            yield from _missing(record, case, "registrering")
        elif kind == "moetedokument":
            yield from _missing(record, {"c:moetedokumenttype/k:kode": system}, "registrering")
        if kind != "moetesak" and not _all(record, "c:dokumentbeskrivelse"):
            yield _("registrering/dokumentbeskrivelse mangler. %(remedy)s") % {"remedy": system}  # fmt: skip


def _journal(record: etree._Element, system: str) -> Iterator[str]:
    needed: dict[str, StrOrPromise] = {
        "c:journalposttype/k:kode": system,
        "c:journalstatus/k:kode": system,
        "c:dokumentetsDato": system,
    }
    kind = _text(record, "c:journalposttype/k:kode")
    if kind == "I":
        needed["c:mottattDato"] = system
    if kind == "U":
        needed["c:sendtDato"] = system
    yield from _missing(record, needed, "registrering")
    named = {
        _text(party, "c:korrespondanseparttype/k:kode") for party in _all(record, "c:korrespondansepart")
    }
    for code in sorted(_PARTIES_OF.get(kind, set()) - named):
        yield _("registrering/korrespondansepart: %(code)s mangler for journalposttype %(kind)s.") % {
            "code": code, "kind": kind,
        }  # fmt: skip
    if kind in {"N", "X", "S"} and named & {"EA", "EM", "EK"}:
        yield _(
            "registrering/journalposttype %(kind)s: et dokument mellom to organer er ikke organinternt."
        ) % {"kind": kind}


def _creator(top: etree._Element) -> Iterator[str]:
    for place in _all(top, "c:mappe | c:registrering"):
        where = etree.QName(place).localname
        orgnr = _text(place, "c:virksomhetsspesifikkeMetadata/o:arkivskaper/o:arkivskaperID")
        if not _ORGNR.fullmatch(orgnr):
            yield _(
                "%(where)s/arkivskaperID: organisasjonsnummeret mangler. Før det på kommunen under Organisasjon."
            ) % {"where": where}
    for party in _all(top, ".//c:korrespondansepart[c:organisasjonid]"):
        if not _ORGNR.fullmatch(_text(party, "c:organisasjonid")):
            yield _("korrespondansepart/organisasjonid er ikke et organisasjonsnummer med ni sifre.")


def _shielding(top: etree._Element) -> Iterator[str]:
    secret = []
    for place in _all(top, "c:mappe[c:skjerming] | c:registrering[c:skjerming]"):
        where = etree.QName(place).localname
        public = _text(place, "c:offentligTittel")
        if not public:
            yield _(
                "%(where)s/offentligTittel mangler på en skjermet sak. Skriv en offentlig tittel nedenfor."
            ) % {"where": where}
        elif (title := _text(place, "c:tittel")) != public:
            secret.append(title)
    for shield in _all(top, ".//c:skjerming"):
        access = _("Før koden i reglene for arkivet.")
        basis = _("Velg hjemmel på saken.")
        yield from _missing(
            shield, {"c:tilgangsrestriksjon/k:kode": access, "c:skjermingshjemmel": basis}, "skjerming"
        )
    open_texts = _all(top, ".//c:dokumentbeskrivelse/c:tittel | .//c:filnavn | .//c:offentligTittel")
    for text in open_texts:
        if any(title and title.lower() in (text.text or "").lower() for title in secret):
            yield _("%(name)s: den skjermede tittelen står i klartekst. Skriv en annen offentlig tittel.") % {
                "name": etree.QName(text).localname
            }


def _codes(top: etree._Element) -> Iterator[str]:
    for name, allowed in CODES.items():
        for code in _all(top, f".//c:{name}/k:kode | .//u:{name}/k:kode"):
            if code.text not in allowed:
                yield _("%(name)s: «%(code)s» er ingen kode i Fiks Arkiv V1.") % {
                    "name": name,
                    "code": code.text,
                }


def _documents(top: etree._Element) -> Iterator[str]:
    codes = _("Før formatkoden i reglene for arkivet.")
    system = _("Skriv til den som drifter Stafett: meldingen er bygd feil.")
    for document in _all(top, ".//c:dokumentbeskrivelse"):
        needed: dict[str, StrOrPromise] = {
            "c:dokumenttype/k:kode": system, "c:dokumentstatus/k:kode": system, "c:tittel": system,
            "c:dokumentnummer": system, "c:dokumentobjekt/c:filnavn": system,
        }  # fmt: skip
        yield from _missing(document, needed, "dokumentbeskrivelse")
    for file in _all(top, ".//c:dokumentobjekt"):
        needed = {"c:format/k:kode": codes, "c:mimeType": system, "c:sjekksumAlgoritme": system}
        where = _("dokumentobjekt (%(file)s)") % {"file": _text(file, "c:filnavn")}
        yield from _missing(file, needed, where)
        if not _SHA.fullmatch(_text(file, "c:sjekksum")):
            yield _("%(where)s/sjekksum er ikke en SHA-256 i små heksadesimaler.") % {"where": where}
    main = _all(top, ".//c:registrering/c:dokumentbeskrivelse[c:tilknyttetRegistreringSom/k:kode='H']")
    if main and not _all(main[0], "c:dokumentobjekt/c:variantformat[k:kode='A']"):
        yield _("dokumentobjekt/variantformat: hoveddokumentet må finnes i arkivformat (A).")


_RULES: tuple[Callable[[etree._Element], Iterator[str]], ...] = (
    _structure, _folder, _record, _creator, _shielding, _codes, _documents,
)  # fmt: skip


def _files(top: etree._Element, files: Mapping[str, int]) -> Iterator[str]:
    named = {_text(file, "c:referanseDokumentfil"): file for file in _all(top, ".//c:dokumentobjekt")}
    if etree.QName(top).localname == "arkivmelding" and _text(top, "c:antallFiler") != str(len(files)):
        yield _("antallFiler: %(said)s stemmer ikke med de %(real)s filene i pakken.") % {
            "said": _text(top, "c:antallFiler"),
            "real": len(files),
        }
    for name in sorted(named.keys() ^ files.keys()):
        yield _("referanseDokumentfil «%(name)s» har ingen fil, eller filen har ingen referanse.") % {
            "name": name
        }
    for name in named.keys() & files.keys():
        if _text(named[name], "c:filstoerrelse") != str(files[name]):
            yield _("filstoerrelse stemmer ikke for «%(name)s».") % {"name": name}
        if not _FILE.fullmatch(name):
            yield _("referanseDokumentfil «%(name)s» har tegn som ikke alle systemer tåler.") % {"name": name}
