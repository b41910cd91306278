"""What left for the archive, and what came back."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from archive.models.message import ArchiveMessage
from archive.queries import OfArchive, OfMessage
from core import constraints
from core.history import Tracked, tracked
from organization.models import Unit

FOLDER = "archive"


@tracked()
class Shipment(Tracked):
    """A package of one message: the same content gives the same bytes, and so the same name."""

    message = models.ForeignKey(ArchiveMessage, models.CASCADE, related_name="shipments")
    name = models.CharField(_("pakke"), max_length=60)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    file = models.FileField(max_length=200, blank=True)
    packed_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    objects = OfMessage.as_manager()

    class Meta:
        verbose_name = _("arkivpakke")
        verbose_name_plural = _("arkivpakker")
        ordering = ["-pk"]
        constraints = [
            constraints.unique("shipment_once", "message", "sha256", message=_("Pakken finnes alt.")),
            constraints.unique("shipment_name", "name", message=_("Pakkenavnet er i bruk.")),
        ]

    def __str__(self) -> str:
        return self.name


class AnswerKind(models.TextChoices):
    ACKNOWLEDGED = "acknowledged", _("Mottatt")
    RECEIPT = "receipt", _("Kvittering")
    PARTIAL = "partial", _("Delvis kvittering")
    ERROR = "error", _("Feilmelding")
    PUT_ASIDE = "put_aside", _("Lagt til side")


ANSWER_TONES = {
    AnswerKind.ACKNOWLEDGED: "info", AnswerKind.RECEIPT: "success", AnswerKind.PARTIAL: "warning",
    AnswerKind.ERROR: "danger", AnswerKind.PUT_ASIDE: "neutral",
}  # fmt: skip


class Answer(models.Model):
    """One answer from the archive, also one that could not be used: ``told`` says what it says, or why not.

    The same file twice is one answer (``sha256`` in a municipality), and only what changed a message ``counted``.
    """

    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    message = models.ForeignKey(ArchiveMessage, models.CASCADE, null=True, related_name="answers")
    name = models.CharField(_("fil"), max_length=200)
    kind = models.CharField(_("hva"), max_length=20, choices=AnswerKind.choices)
    sha256 = models.CharField(max_length=64)
    told = models.TextField(_("innhold"), blank=True)
    counted = models.BooleanField(_("gjaldt"), default=False)
    received_at = models.DateTimeField(_("mottatt"))
    brought_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = OfArchive.as_manager()

    class Meta:
        verbose_name = _("svar fra arkivet")
        verbose_name_plural = _("svar fra arkivet")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["municipality", "-id"], name="archive_answer_latest")]
        constraints = [
            constraints.known("archive_answer_kind", "kind", AnswerKind),
            constraints.unique(
                "archive_answer_once", "municipality", "sha256", message=_("Svaret er alt lest.")
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def tone(self) -> str:
        return ANSWER_TONES[AnswerKind(self.kind)]
