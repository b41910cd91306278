"""What a municipality needs before its messages can go over Fiks IO: who gets it, where, and whether it is here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from archive.models import ArchiveRules


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """``is_here`` is ``None`` for what Stafett cannot know."""

    what: str
    why: str
    who: str
    is_here: bool | None = None

    @property
    def tone(self) -> str:
        return {True: "success", False: "warning", None: "neutral"}[self.is_here]

    @property
    def state(self) -> str:
        return {True: _("På plass"), False: _("Mangler"), None: _("Stafett kan ikke se det")}[self.is_here]


def needs_of(rules: ArchiveRules) -> list[Need]:
    """Return what is needed, in the order it is got."""
    return [*_of_municipality(rules), *_of_fiks(), *_of_operator()]


def _of_municipality(rules: ArchiveRules) -> list[Need]:
    """Return what is agreed with the archive, and the two accounts."""
    municipality = _("Kommunen")
    both = _("Kommunen og leverandøren av arkivet")
    return [
        Need(
            what=_("Organisasjonsnummer på kommunen i Stafett"), who=_("Kommunens administrator"),
            why=_("Det står i meldingen som arkivskaper."), is_here=bool(rules.municipality.orgnr),
        ),
        Need(
            what=_("Et arkiv som tar imot Fiks Arkiv V1"), who=both,
            why=_("Spør leverandøren hvilken versjon av protokollen arkivet støtter, og hvilken konto det svarer på."),
        ),
        Need(
            what=_("Koder avtalt med den som leverer arkivet"), who=both,
            why=_("Klasser, arkivdel og tilgangsrestriksjon har ingen felles kodeliste. De står i reglene, med kilde."),
        ),
        Need(
            what=_("Fiks-konto for Stafett"), who=municipality,
            why=_("Lages i Fiks Forvaltning under Fiks Protokoll. Konto-id-en skrives i reglene."),
            is_here=rules.own_account is not None,
        ),
        Need(
            what=_("Fiks-kontoen til arkivet"), who=both,
            why=_("Mottakeren av meldingene. De to kontoene må få lov til å snakke sammen i Fiks Forvaltning."),
            is_here=rules.archive_account is not None,
        ),
    ]  # fmt: skip


def _of_fiks() -> list[Need]:
    """Return what the municipality gets from KS and Digdir."""
    municipality = _("Kommunen")
    return [
        Need(
            what=_("Integrasjon i Fiks"), who=municipality,
            why=_("En integrasjons-id med passord, med tilgang til kontoen. Gis til den som drifter, ikke skrevet i Stafett."),
        ),
        Need(
            what=_("Maskinporten-klient med scope «ks:fiks»"), who=municipality,
            why=_("Gir bæreren tokener fra Maskinporten. Kommunen lager klienten, eller delegerer til den som drifter."),
        ),
        Need(
            what=_("Virksomhetssertifikat eller egen nøkkel til Maskinporten"), who=municipality,
            why=_("Det Maskinporten-klienten beviser seg med."),
        ),
    ]  # fmt: skip


def _of_operator() -> list[Need]:
    """Return what whoever runs Stafett gets."""
    operator = _("Den som drifter Stafett")
    return [
        Need(
            what=_("Nøkkelpar for kontoen"), who=operator,
            why=_("Innholdet krypteres med mottakerens offentlige nøkkel. Den offentlige lastes opp på kontoen; den private blir hos bæreren."),
        ),
        Need(
            what=_("En bærer for Fiks IO (FIKS_IO_CARRIER)"), who=operator,
            why=_(
                "KS gir ut klienter for Java og .NET, ikke for Python. Stafett lager meldingene og leser svarene; "
                "bæreren henter tokener, krypterer og snakker med køen (AMQP)."
            ),
            is_here=bool(settings.FIKS_IO_CARRIER),
        ),
    ]  # fmt: skip
