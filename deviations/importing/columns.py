"""What can be told of an older case, and under which headings files say it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from core.spreadsheets import Column
from core.spreadsheets.tables import plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

COLUMNS: tuple[Column, ...] = (
    Column("external", _("Nummer i systemet"), (_("Nummer"), _("Saksnummer"), _("Avviksnummer"), _("Avviksnr"), _("Saksnr"), _("Sak-ID"), _("ID"), _("Referanse"))),
    Column("unit", _("Enhet"), (_("Enhetskode"), _("Avdeling"), _("Virksomhet"), _("Sted/enhet"), _("Organisasjonsenhet"), _("Tjenestested"))),
    Column("type", _("Type"), (_("Avvikstype"), _("Hendelsestype"), _("Type avvik"), _("Underkategori")), required=False),
    Column("category", _("Kategori"), (_("Hovedkategori"), _("Avvikskategori"), _("Område")), required=False),
    Column("description", _("Hva skjedde"), (_("Beskrivelse"), _("Hendelse"), _("Hendelsesbeskrivelse"), _("Beskrivelse av avviket"), _("Tekst"))),
    Column("reported", _("Meldt"), (_("Meldt dato"), _("Opprettet"), _("Opprettet dato"), _("Registrert"), _("Registrert dato"), _("Dato"))),
    Column("title", _("Tittel"), (_("Overskrift"), _("Emne")), required=False),
    Column("kind", _("Hva slags melding"), (_("Meldingstype"), _("Art")), required=False),
    Column("discovered", _("Oppdaget"), (_("Oppdaget dato"), _("Hendelsesdato"), _("Dato for hendelsen"), _("Skjedde")), required=False),
    Column("place", _("Sted"), (_("Hvor"), _("Lokasjon")), required=False),
    Column("severity", _("Alvorlighet"), (_("Alvorlighetsgrad"), _("Alvorsgrad"), _("Grad"), _("Konsekvens")), required=False),
    Column("immediate", _("Strakstiltak"), (_("Straks"), _("Hva ble gjort med en gang")), required=False),
    Column("cause", _("Årsak"), (_("Årsaker"), _("Bakenforliggende årsak")), required=False),
    Column("status", _("Status"), (_("Tilstand"), _("Saksstatus")), required=False),
    Column("closed", _("Lukket"), (_("Lukket dato"), _("Avsluttet"), _("Avsluttet dato"), _("Ferdigbehandlet")), required=False),
    Column("outcome", _("Hva ble endret"), (_("Tiltak"), _("Konklusjon"), _("Resultat"), _("Løsning"), _("Lukkenotat")), required=False),
)  # fmt: skip

_TELLING = 4  # «ID» begins too many words


def guess(headings: Sequence[str], remembered: Mapping[str, str]) -> dict[str, str]:
    """Return the heading of each column: as it was read last time, else by its name, else by the beginning of one."""
    left = {plain(heading): heading for heading in headings}
    found = {key: heading for key, heading in remembered.items() if plain(heading) in left}
    for key, heading in found.items():
        found[key] = left.pop(plain(heading), "")
    for whole in (True, False):
        for column in COLUMNS:
            if column.key not in found and (heading := _heading_of(column, left, whole=whole)):
                found[column.key] = left.pop(heading)
    return {key: heading for key, heading in found.items() if heading}


def _heading_of(column: Column, left: Mapping[str, str], *, whole: bool) -> str:
    names = [plain(str(name)) for name in (column.title, *column.aliases)]
    if whole:
        return next((name for name in names if name in left), "")
    return next(
        (heading for heading in left for name in names if len(name) >= _TELLING and heading.startswith(name)),
        "",
    )
