"""How a municipality files: where to, and with which codes."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import constraints
from core.history import Tracked, tracked
from organization.models import Unit
from organization.queries import InMunicipality

# PRONOM ids of the formats that attachments come in (nationalarchives.gov.uk/PRONOM); the archive may want others.
FORMATS = {
    "pdf/a-1a": "fmt/95", "pdf/a-1b": "fmt/354", "pdf/a-2a": "fmt/476", "pdf/a-2b": "fmt/477", "pdf/a-2u": "fmt/478",
    "application/pdf": "fmt/276", "text/plain": "x-fmt/111", "text/csv": "x-fmt/18", "image/png": "fmt/11",
    "image/jpeg": "fmt/43", "image/webp": "fmt/566",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "fmt/412",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "fmt/214",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "fmt/215",
    "application/vnd.oasis.opendocument.text": "fmt/291", "application/vnd.oasis.opendocument.spreadsheet": "fmt/295",
}  # fmt: skip


def default_formats() -> dict[str, str]:
    return dict(FORMATS)


class Channel(models.TextChoices):
    BY_HAND = "by_hand", _("Føres for hånd av arkivaren")
    FILE_PACKAGE = "file_package", _("Filpakke som hentes, med kvittering tilbake")
    PULL = "pull", _("Arkivet henter over API og kvitterer der")
    FIKS_IO = "fiks_io", _("Fiks IO, med en bærer som installasjonen har")
    TRIAL = "trial", _("Prøvearkiv i Stafett")


class TrialReply(models.TextChoices):
    RECEIPT = "receipt", _("Kvittering")
    PARTIAL = "partial", _("Delvis kvittering: mappen finnes, registreringen feiler")
    INVALID = "invalid", _("Ugyldig forespørsel")
    SERVER_ERROR = "server_error", _("Serverfeil")
    NOT_FOUND = "not_found", _("Ikke funnet")
    SILENCE = "silence", _("Bare «mottatt», og så ingenting")


class Algorithm(models.TextChoices):
    WITH_HYPHEN = "SHA-256", "SHA-256"
    WITHOUT_HYPHEN = "SHA256", "SHA256"


@tracked()
class ArchiveRules(Tracked):
    """One row per municipality or region; without one, messages wait to be filed by hand.

    Fiks Arkiv V1 has no list of codes for access, classes and parts of an archive: they are agreed with whoever
    delivers the archive, and ``source`` says where they come from.
    """

    municipality = models.OneToOneField(Unit, models.CASCADE, related_name="archive_rules")
    channel = models.CharField(
        _("slik når meldingene arkivet"), max_length=20, choices=Channel.choices, default=Channel.BY_HAND
    )
    own_account = models.UUIDField(_("kommunens egen Fiks-konto"), null=True, blank=True)
    archive_account = models.UUIDField(_("Fiks-kontoen til arkivet"), null=True, blank=True)
    trial_answer = models.CharField(
        _("prøvearkivet svarer med"), max_length=20, choices=TrialReply.choices, default=TrialReply.RECEIPT
    )
    source = models.CharField(
        _("hvor kodene kommer fra"),
        max_length=300,
        default="Eksempel. Avtal kodene med den som leverer arkivet.",
    )
    system = models.CharField(_("fagsystem"), max_length=60, default="Stafett")
    rule = models.CharField(_("regel i arkivet"), max_length=100, blank=True)
    archive_part = models.CharField(_("arkivdel"), max_length=60, blank=True)
    class_system = models.CharField(_("klassifikasjonssystem"), max_length=60, default="KS-koder")
    initiative_class = models.CharField(_("klasse for tiltak"), max_length=60, default="060")
    meeting_class = models.CharField(_("klasse for møter"), max_length=60, default="060")
    deviation_class = models.CharField(_("klasse for avvik"), max_length=60, default="060")
    access_code = models.CharField(_("tilgangsrestriksjon, kode"), max_length=20, default="UO")
    access_label = models.CharField(
        _("tilgangsrestriksjon, tekst"), max_length=60, default="Unntatt offentlighet"
    )
    default_basis = models.CharField(
        _("hjemmel når bare vedlegget er skjermet"), max_length=200, default="Offl. § 13 jf. fvl. § 13"
    )
    algorithm = models.CharField(
        _("navn på sjekksumalgoritmen"),
        max_length=10,
        choices=Algorithm.choices,
        default=Algorithm.WITH_HYPHEN,
    )
    formats = models.JSONField(_("formatkoder"), default=default_formats)
    archives_deviations = models.BooleanField(_("lukkede avvik arkiveres"), default=False)

    objects = InMunicipality.as_manager()

    class Meta:
        verbose_name = _("regler for arkivet")
        verbose_name_plural = _("regler for arkivet")
        constraints = [
            constraints.known("archive_channel", "channel", Channel),
            constraints.known("archive_trial_answer", "trial_answer", TrialReply),
            constraints.known("archive_algorithm", "algorithm", Algorithm),
            constraints.check(
                "archive_fiks_accounts", ~Q(channel="fiks_io") | Q(own_account__isnull=False, archive_account__isnull=False),
                _("Fiks IO trenger både kommunens konto og arkivets."),
            ),
            constraints.check("archive_rules_source", ~Q(source=""), _("Kodene må ha en kilde.")),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.municipality_id}: {self.channel}"

    @property
    def goes_by_itself(self) -> bool:
        return self.channel != Channel.BY_HAND

    def class_of(self, subject: str) -> str:
        return str(getattr(self, f"{subject}_class"))
