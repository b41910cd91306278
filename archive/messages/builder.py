"""Write ``arkivmelding.xml`` of Fiks Arkiv V1 from a frozen filing, the codes of the municipality and the files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lxml import etree

from archive.messages.nodes import CATALOGUE, CREATE, OWN, UPDATE, Node, root

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from archive.messages.documents import PackedDocument, PackedFile

_LABELS = {
    "I": "Inngående dokument", "U": "Utgående dokument", "N": "Organinternt dokument for oppfølging",
    "X": "Organinternt dokument uten oppfølging", "S": "Saksframlegg",
}  # fmt: skip
_PARTIES = {"EA": "Avsender", "EM": "Mottaker", "IA": "Intern avsender", "IM": "Intern mottaker"}
_VARIANTS = {
    "A": "Arkivformat",
    "P": "Produksjonsformat",
    "O": "Dokument hvor deler av innholdet er skjermet",
}
_MEETING_DOCUMENTS = {"MI": "Møteinnkalling", "MP": "Møteprotokoll"}
_CASES = {"DS": "Delegert møtesak", "RS": "Referatsak", "AN": "Annet"}
_FUNCTIONS = {
    "LEDER": "Leder", "NESTL": "Nestleder", "MEDL": "Medlem", "VARA": "Varamedlem", "SEKR": "Sekretær",
}  # fmt: skip
CREATE_TYPE = "no.ks.fiks.arkiv.v1.arkivering.arkivmelding.opprett"
UPDATE_TYPE = "no.ks.fiks.arkiv.v1.arkivering.arkivmelding.oppdater"

Content = dict[str, Any]


def message_type(content: Content) -> str:
    return CREATE_TYPE if content["entry"] else UPDATE_TYPE


def build(
    content: Content, *, key: str, opens_folder: bool, codes: Mapping[str, Any], parent: Mapping[str, Any],
    documents: Sequence[PackedDocument],
) -> bytes:  # fmt: skip
    """Return the message as XML, the same bytes for the same input.

    :param content: a filing that is thawed.
    :param codes: the settings of the municipality (``ArchiveRules``), as plain values.
    :param parent: how the archive knows the folder (``Node.folder``).
    """
    if content["entry"] is None:
        return _written(_closing(content, key=key, codes=codes, parent=parent))
    top = root("arkivmelding", CREATE)
    message = Node(top)
    message.text("system", codes["system"])
    message.text("regel", codes["rule"])
    message.text("antallFiler", sum(len(one.files) for one in documents))
    if opens_folder:
        _folder(message, content, codes)
    _entry(message, content, key=key, codes=codes, parent=parent, documents=documents)
    return _written(top)


def _written(top: etree._Element) -> bytes:
    return etree.tostring(top, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _closing(
    content: Content, *, key: str, codes: Mapping[str, Any], parent: Mapping[str, Any]
) -> etree._Element:
    del key  # an update points at what it changes, and has no key of its own in the schema
    top = root("arkivmeldingOppdatering", UPDATE)
    change = Node(top).child("mappeOppdateringer", of_type="saksmappeOppdatering")
    change.folder("referanseTilMappe", parent)
    change.text("avsluttetDato", content["at"])
    change.code("saksstatus", codes.get("closed_status", "A"), "Avsluttet")
    return top


def _folder(message: Node, content: Content, codes: Mapping[str, Any]) -> None:
    folder = content["folder"]
    meets = folder["gathering"]
    made = message.child("mappe", of_type="moetemappe" if meets else "saksmappe")
    made.text("tittel", folder["title"])
    made.text("offentligTittel", folder["public_title"])
    made.code("arkivdel", codes["archive_part"])
    _creator(made, content)
    _shield(made, folder["shield"], codes)
    _class(made, codes, folder["subject"])
    made.key(codes["system"], folder["key"])
    if meets:
        _gathering(made, meets)
    else:
        made.text("saksdato", folder["day"])
        made.named("administrativEnhet", folder["unit"])
        made.named("saksansvarlig", folder["officer"] or folder["unit"])
        made.code("saksstatus", "B", "Under behandling")


def _gathering(made: Node, meets: Mapping[str, Any]) -> None:
    made.text("moetenummer", meets["number"])
    made.named("utvalg", meets["body"])
    made.text("moetedato", meets["day"])
    made.text("moetested", meets["place"])
    for one in meets["participants"]:
        _participant(made, one["name"], one["function"])


def _participant(made: Node, name: str, function: str = "") -> None:
    seat = made.child("moetedeltaker")
    seat.child("identifikator", namespace=CATALOGUE).text("navn", name, namespace=CATALOGUE)
    if function:
        held = seat.child("funksjon", namespace=CATALOGUE)
        held.text("kode", function)
        held.text("beskrivelse", _FUNCTIONS.get(function, ""))


def _creator(made: Node, content: Content) -> None:
    """Name who makes the archive; Fiks Arkiv has no element of its own for it in a message."""
    own = made.child("virksomhetsspesifikkeMetadata").child("arkivskaper", namespace=OWN)
    own.text("arkivskaperID", content["creator_orgnr"])
    own.text("arkivskaperNavn", content["creator"])


def _class(made: Node, codes: Mapping[str, Any], subject: str) -> None:
    if class_id := codes[f"{subject}_class"]:
        found = made.child("klassifikasjon")
        found.text("klassifikasjonssystemID", codes["class_system"])
        found.text("klasseID", class_id)


def _shield(made: Node, shield: Mapping[str, Any] | None, codes: Mapping[str, Any]) -> None:
    if shield:
        found = made.child("skjerming")
        found.code("tilgangsrestriksjon", codes["access_code"], codes["access_label"])
        found.text("skjermingshjemmel", shield["basis"])


def _entry(
    message: Node, content: Content, *, key: str, codes: Mapping[str, Any], parent: Mapping[str, Any],
    documents: Sequence[PackedDocument],
) -> None:  # fmt: skip
    entry = content["entry"]
    made = message.child("registrering", of_type=entry["kind"])
    made.folder("referanseForelderMappe", parent)
    _shield(made, entry["shield"], codes)
    for number, document in enumerate(documents, start=1):
        _document(made, document, number, codes)
    made.text("tittel", entry["title"])
    made.text("offentligTittel", entry["public_title"])
    _creator(made, content)
    for related in entry["related"]:
        cross = made.child("kryssreferanse")
        cross.folder("referanseTilMappe", {"system": codes["system"], "key": related})
    for party in entry["parties"]:
        _party(made, party)
    made.key(codes["system"], key)
    _rest(made, entry)


def _rest(made: Node, entry: Mapping[str, Any]) -> None:
    """Add what only this kind of record has."""
    if entry["journal_type"]:
        made.code("journalposttype", entry["journal_type"], _LABELS[entry["journal_type"]])
        made.code("journalstatus", "J", "Journalført")
        made.text("dokumentetsDato", entry["day"])
        made.text("mottattDato", entry["received_at"])
        made.text("sendtDato", entry["sent_at"])
    if entry["document_type"]:
        made.code(
            "moetedokumenttype", entry["document_type"], _MEETING_DOCUMENTS.get(entry["document_type"], "")
        )
    if entry["treatment"]:
        _treatment(made, entry["treatment"])


def _party(made: Node, party: Mapping[str, Any]) -> None:
    found = made.child("korrespondansepart")
    found.code("korrespondanseparttype", party["kind"], _PARTIES[party["kind"]])
    found.text("korrespondansepartNavn", party["name"])
    found.text("organisasjonid", party["orgnr"])
    found.named("administrativEnhet", party["unit"])
    found.text("erPersonnavn", "true" if party["is_person"] else "false")


def _treatment(made: Node, case: Mapping[str, Any]) -> None:
    made.code("moetesakstype", case["kind"], _CASES.get(case["kind"], ""))
    made.text("moetesaksaar", case["year"])
    made.text("moetesakssekvensnummer", case["number"])
    made.named("administrativEnhet", case["unit"])
    paper = made.child("utredning")
    paper.prose("saksbeskrivelse", case["description"])
    paper.prose("innstilling", case["recommendation"])
    made.prose("innstilling", case["recommendation"])
    if case["decision"]:
        decided = made.child("vedtak")
        decided.prose("vedtakstekst", case["decision"])
        for ballot in case["ballots"]:
            vote = decided.child("votering")
            _participant(vote, ballot["name"])
            vote.text("stemme", ballot["vote"])
        if case["proceedings"]:
            decided.prose("behandlingsprotokoll", case["proceedings"])
        decided.text("dato", case["decided_at"])


def _document(made: Node, document: PackedDocument, number: int, codes: Mapping[str, Any]) -> None:
    found = made.child("dokumentbeskrivelse")
    found.code("dokumenttype", document.kind)
    found.code("dokumentstatus", "F", "Dokumentet er ferdigstilt")
    found.text("tittel", document.title)
    found.code("tilknyttetRegistreringSom", *(("H", "Hoveddokument") if number == 1 else ("V", "Vedlegg")))
    found.text("dokumentnummer", number)
    _shield(found, document.shield, codes)
    for file in document.files:
        _file(found, file, codes)


def _file(found: Node, file: PackedFile, codes: Mapping[str, Any]) -> None:
    made = found.child("dokumentobjekt")
    made.text("versjonsnummer", 1)
    made.code("variantformat", file.variant, _VARIANTS[file.variant])
    made.code("format", file.format)
    made.text("mimeType", file.mime)
    made.text("filnavn", file.shown_name)
    made.text("referanseDokumentfil", file.name)
    made.text("sjekksum", file.sha256)
    made.text("sjekksumAlgoritme", codes["algorithm"])
    made.text("filstoerrelse", file.size)
