"""What can be imported: the columns of each file, and an example of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from core.spreadsheets import Column
from organization.importing.exposures import ExposureImporter
from organization.importing.people import PeopleImporter
from organization.importing.units import UnitImporter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.utils.functional import _StrOrPromise as StrOrPromise

    from organization.importing.plans import Importer


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: its name in addresses, its words, its columns, two example rows, and who reads it."""

    slug: str
    label: StrOrPromise
    help: StrOrPromise
    columns: tuple[Column, ...]
    examples: Sequence[Sequence[str]]
    importer: type[Importer]
    action: str

    @property
    def required(self) -> list[str]:
        return [str(column.title) for column in self.columns if column.required]

    @property
    def optional(self) -> list[str]:
        return [str(column.title) for column in self.columns if not column.required]


_UNIT_CODE = Column("unit", _("Enhetskode"), (_("Kode"), _("Organisasjonskode"), _("Orgkode")))

UNITS = Kind(
    "units",
    _("Enheter"),
    _("Enheter finnes igjen på koden. Overordnet kode sier hvor de ligger; tomt betyr rett under kommunen."),
    (
        Column("code", _("Kode"), (_("Enhetskode"), _("Organisasjonskode"), _("Orgkode"))),
        Column("name", _("Navn"), (_("Enhet"), _("Enhetsnavn"))),
        Column("kind", _("Nivå"), (_("Type"),)),
        Column("parent", _("Overordnet kode"), (_("Overordnet"), _("Ligger under")), required=False),
        Column("short_name", _("Kortnavn"), required=False),
        Column("orgnr", _("Organisasjonsnummer"), (_("Orgnr"), _("Org.nr.")), required=False),
        Column("closed_on", _("Nedlagt fra"), (_("Nedlagt"),), required=False),
    ),
    (
        ("2000", "Oppvekst", "Sektor", "", "Oppvekst", "", ""),
        ("2100", "Bjørkelia skole", "Enhet", "2000", "", "", ""),
        ("2110", "SFO", "Avdeling", "2100", "", "", ""),
    ),
    UnitImporter,
    "import_units",
)

PEOPLE = Kind(
    "people",
    _("Personer og roller"),
    _("En rad per rolle. Personer finnes igjen på brukernavn eller ansattnummer, roller på person, rolle, enhet og dato."),
    (
        Column("username", _("Brukernavn"), (_("Bruker"),), required=False),
        Column("employee_number", _("Ansattnummer"), (_("Ansattnr"), _("Ressursnr")), required=False),
        Column("name", _("Navn")),
        Column("email", _("E-post"), (_("Epost"), _("E-postadresse")), required=False),
        Column("phone", _("Telefon"), (_("Mobil"),), required=False),
        Column("title", _("Stilling"), (_("Tittel"),), required=False),
        Column("role", _("Rolle")),
        _UNIT_CODE,
        Column("valid_from", _("Fra"), (_("Fra og med"), _("Gjelder fra"))),
        Column("valid_to", _("Slutter"), (_("Til"), _("Sluttdato")), required=False),
        Column("is_main", _("Hovedstilling"), required=False),
        Column("allocated_percentage", _("Avsatt tid i prosent"), (_("Prosent"),), required=False),
        Column("field", _("Fagfelt"), required=False),
        Column("competence", _("Kompetanse"), required=False),
    ),
    (
        ("kari.nordmann", "10234", "Kari Nordmann", "kari.nordmann@kommune.example", "", "Rektor", "Leder", "2100",
         "01.08.2026", "", "ja", "", "", ""),
        ("ola.hansen", "10377", "Ola Hansen", "ola.hansen@kommune.example", "", "Lærer", "Ansatt", "2100",
         "01.08.2026", "01.08.2027", "ja", "", "", ""),
    ),
    PeopleImporter,
    "import_people",
)  # fmt: skip

EXPOSURES = Kind(
    "exposures",
    _("Nevnere"),
    _("Årsverk, brukere og liggedøgn per enhet og periode. Står tallet fra før, blir det rettet."),
    (
        _UNIT_CODE,
        Column("kind", _("Hva"), (_("Type"), _("Nevner"))),
        Column("period_start", _("Fra og med"), (_("Fra"),)),
        Column("period_end", _("Til og med"), (_("Til"),)),
        Column("value", _("Tall"), (_("Verdi"), _("Antall"))),
        Column("source", _("Kilde")),
    ),
    (
        ("2100", "Årsverk", "01.01.2026", "31.12.2026", "42,5", "Lønnssystemet, uttrekk 15. januar"),
        ("2100", "Brukere", "01.01.2026", "31.12.2026", "310", "GSI per 1. oktober"),
    ),
    ExposureImporter,
    "import_exposures",
)

KINDS: dict[str, Kind] = {kind.slug: kind for kind in (UNITS, PEOPLE, EXPOSURES)}
