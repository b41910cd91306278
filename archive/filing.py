"""What is to stand in the archive, in the words of the archive, frozen when it happened.

The apps above fill a ``Filing`` in the transaction of what it tells about; the outbox keeps it as JSON, and
whatever changes afterwards, that is what is sent.  One filing is one message of Fiks Arkiv: at most one folder
(mappe) and one record (registrering).  Papers are kept as the data that a template draws, and drawn when packed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.db.models import Model

    from core.models import Attachment
    from organization.models import Unit

# Names of the codes of Fiks Arkiv V1 that the product uses.
CASE, MEETING = "saksmappe", "moetemappe"
JOURNAL_ENTRY, MEETING_CASE, MEETING_DOCUMENT = "journalpost", "moetesak", "moetedokument"
INCOMING, OUTGOING, FOLLOWED_UP, INTERNAL, CASE_PAPER = "I", "U", "N", "X", "S"
SENDER, RECIPIENT, INTERNAL_SENDER, INTERNAL_RECIPIENT = "EA", "EM", "IA", "IM"
ARCHIVE_COPY, ORIGINAL, PUBLIC_COPY = "A", "P", "O"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shield:
    """Why it is exempt from public access."""

    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Who sends or receives; ``orgnr`` only of another legal entity."""

    kind: str
    name: str
    orgnr: str = ""
    unit: str = ""
    is_person: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A file of a document: a paper that ``renderer`` (``ARCHIVE_PAPERS``) draws of ``data``, or one that is stored."""

    kind: str = ARCHIVE_COPY
    renderer: str = ""
    data: Mapping[str, Any] | None = None
    stored: str = ""
    name: str = ""
    mime: str = "application/pdf"
    sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """``title`` is never shielded: a document has no public title beside it."""

    title: str
    kind: str
    variants: tuple[Variant, ...]
    shield: Shield | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    name: str
    function: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathering:
    """What a folder of a meeting has beside what every folder has."""

    number: str
    body: str
    day: dt.date
    place: str
    participants: tuple[Participant, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """``subject`` chooses the class: ``initiative``, ``meeting`` or ``deviation`` (``ArchiveRules``)."""

    key: str
    title: str
    day: dt.date
    subject: str
    unit: str
    officer: str = ""
    public_title: str = ""
    shield: Shield | None = None
    gathering: Gathering | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot:
    name: str
    vote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment:
    """A case as a meeting treated it; there is no field for impartiality, so it stands in ``proceedings``."""

    kind: str
    year: int
    number: int
    unit: str
    description: str
    recommendation: str
    decision: str = ""
    proceedings: str = ""
    decided_at: dt.datetime | None = None
    ballots: tuple[Ballot, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A record: an entry of the journal, a case of a meeting or a document of a meeting."""

    kind: str
    title: str
    day: dt.date
    public_title: str = ""
    shield: Shield | None = None
    journal_type: str = ""
    received_at: dt.datetime | None = None
    sent_at: dt.datetime | None = None
    parties: tuple[Party, ...] = ()
    documents: tuple[Document, ...] = ()
    document_type: str = ""
    treatment: Treatment | None = None
    related: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """One message: ``entry`` in ``folder``, or, without an entry, that the folder is closed."""

    creator: str
    creator_orgnr: str
    folder: Folder
    at: dt.datetime
    entry: Entry | None = None

    def frozen(self) -> dict[str, Any]:
        body: dict[str, Any] = freeze(asdict(self))
        return body


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is put in the outbox: a filing under its key, and what the list of messages says of it.

    ``title`` is the public one.  Without a filing the message waits to be filed by hand.  A key that ends in ``/`` gets
    the next number: what is filed anew each time it is changed.
    """

    kind: str
    key: str
    title: str
    about: Model
    municipality_id: int
    payload: Mapping[str, Any]
    filing: Filing | None = None

    @property
    def is_numbered(self) -> bool:
        return self.key.endswith("/")


def creator_of(municipality: Unit) -> dict[str, str]:
    """Return who makes the archive: the legal entity that owns the record."""
    return {"creator": municipality.name, "creator_orgnr": municipality.orgnr}


def sheet(  # noqa: PLR0913 - the parts of a paper, keyword-only
    *, organization: str, kind: str, title: str, facts: list[tuple[str, str]], unit: str = "", reference: str = "",
    introduction: str = "", sections: list[tuple[str, str]] | None = None,
) -> Variant:  # fmt: skip
    """Return a paper with facts, and texts under their headings; those without text are left out."""
    data = {
        "organization": organization, "kind": kind, "unit": unit, "reference": reference, "title": title,
        "introduction": introduction, "facts": [pair for pair in facts if pair[1]],
        "sections": [pair for pair in sections or [] if pair[1].strip()],
    }  # fmt: skip
    return Variant(renderer="sheet", data=data)


def attachments(files: list[Attachment], *, basis: str) -> tuple[Document, ...]:
    """Return the files of a record as they are stored; the name of one that is shielded is not told."""
    found = []
    for number, file in enumerate(files, start=1):
        suffix = file.name.rpartition(".")[2] if "." in file.name else "bin"
        stored = Variant(
            kind=ORIGINAL, stored=str(file.file.name), mime=file.mime, sha256=file.sha256,
            name=f"Vedlegg {number}.{suffix}" if file.is_shielded else file.name,
        )  # fmt: skip
        title = f"Vedlegg {number}" if file.is_shielded else file.name
        shield = Shield(basis=basis) if file.is_shielded else None
        found.append(Document(title=title, kind="VEDLEGG", variants=(stored,), shield=shield))
    return tuple(found)


# --- JSON and back -------------------------------------------------------------------------------
def freeze(value: Any) -> Any:
    """Return ``value`` as JSON can carry it; days, times and amounts are marked, so that ``thaw`` knows them."""
    if isinstance(value, Mapping):
        return {str(key): freeze(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [freeze(one) for one in value]
    if isinstance(value, dt.datetime):
        return {"$time": value.isoformat()}
    if isinstance(value, dt.date):
        return {"$day": value.isoformat()}
    if isinstance(value, Decimal):
        return {"$number": str(value)}
    if value is None or isinstance(value, bool | int | float):
        return value
    return str(value).replace("\x00", "")


_MARKS: dict[str, Any] = {
    "$time": dt.datetime.fromisoformat,
    "$day": dt.date.fromisoformat,
    "$number": Decimal,
}


def thaw(value: Any) -> Any:
    if isinstance(value, list):
        return [thaw(one) for one in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1 and (mark := next(iter(value))) in _MARKS:
        return _MARKS[mark](value[mark])
    return {key: thaw(one) for key, one in value.items()}
