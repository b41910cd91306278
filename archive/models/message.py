"""One message that must reach the sak/arkiv system, exactly once in the database."""

from __future__ import annotations

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from archive.models.export import ArchiveExport
from archive.queries import ArchiveMessageQuerySet
from core import constraints
from core.history import Tracked, tracked
from organization.feed import in_feed
from organization.models import Unit


class MessageStatus(models.TextChoices):
    READY = "ready", _("Klar til sending")
    PACKED = "packed", _("Pakket")
    SENT = "sent", _("Sendt")
    ACKNOWLEDGED = "acknowledged", _("Mottatt av arkivet")
    RECEIPTED = "receipted", _("Kvittert")
    PARTLY_RECEIPTED = "partly_receipted", _("Delvis kvittert")
    FAILED = "failed", _("Feilet")
    MANUAL = "manual", _("Ført for hånd")


MESSAGE_TONES = {
    MessageStatus.READY: "info", MessageStatus.PACKED: "info", MessageStatus.SENT: "info",
    MessageStatus.ACKNOWLEDGED: "info", MessageStatus.RECEIPTED: "success", MessageStatus.PARTLY_RECEIPTED: "warning",
    MessageStatus.FAILED: "danger", MessageStatus.MANUAL: "success",
}  # fmt: skip


@in_feed(kind="archive-message", resource="archive-messages")
@tracked(exclude=("content", "export"))
class ArchiveMessage(Tracked):
    """An outbox row written in the transaction of what it tells about.

    ``key`` is the external key (``referanseEksternNoekkel``) of Fiks Arkiv: stable per object
    and case, such as ``initiative/14/submission``, so that a resend never files twice.
    ``content`` is a ``archive.filing.Filing`` as it was then; it never changes, so the history leaves it out.
    ``folder_key`` names the folder (mappe) it belongs in, which the one that ``opens_folder`` makes.
    ``created_at`` is when it happened; one that an ``export`` made afterwards waits behind those of the day.
    """

    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    key = models.CharField(_("nøkkel"), max_length=120, unique=True)
    kind = models.CharField(_("hva"), max_length=40)
    title = models.CharField(_("tittel"), max_length=300)
    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    object_id = models.BigIntegerField()
    subject = GenericForeignKey("content_type", "object_id")
    payload = models.JSONField(default=dict)
    content = models.JSONField(default=dict, db_default={})
    folder_key = models.CharField(max_length=120, blank=True, db_default="")
    opens_folder = models.BooleanField(default=False, db_default=False)
    status = models.CharField(
        _("status"), max_length=20, choices=MessageStatus.choices, default=MessageStatus.READY
    )
    status_since = models.DateTimeField()
    archive_reference = models.CharField(_("saksnummer i arkivet"), max_length=60, blank=True)
    journal_reference = models.CharField(_("journalnummer"), max_length=60, blank=True, db_default="")
    problem = models.TextField(_("hva som er galt"), blank=True, db_default="")
    attempts = models.PositiveSmallIntegerField(_("forsøk"), default=0, db_default=0)
    public_title = models.CharField(_("rettet offentlig tittel"), max_length=300, blank=True, db_default="")
    handled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    export = models.ForeignKey(ArchiveExport, models.PROTECT, null=True, related_name="messages")

    objects = ArchiveMessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("arkivmelding")
        verbose_name_plural = _("arkivmeldinger")
        indexes = [
            models.Index(fields=["municipality", "-created_at", "-id"], name="archive_outbox"),
            models.Index(
                fields=["municipality", "created_at"],
                name="archive_waiting",
                condition=Q(archive_reference=""),
            ),
            models.Index(fields=["content_type", "object_id"], name="archive_of"),
            models.Index(fields=["municipality", "folder_key", "id"], name="archive_folder"),
            models.Index(
                fields=["municipality", "status", "id"],
                name="archive_under_way",
                condition=Q(status__in=["ready", "packed", "sent", "acknowledged"]),
            ),
            models.Index(
                fields=["municipality", "created_at", "id"],
                name="archive_in_trouble",
                condition=Q(status__in=["failed", "partly_receipted"]),
            ),
        ]
        constraints = [constraints.known("archive_status", "status", MessageStatus)]

    def __str__(self) -> str:
        return self.key

    def get_absolute_url(self) -> str:
        return reverse("archive:message_detail", args=[self.pk])

    @property
    def is_receipted(self) -> bool:
        return self.status == MessageStatus.RECEIPTED

    @property
    def may_open_folder(self) -> bool:
        """Whether it has a record: one that only closes a folder does not make it."""
        return bool(self.folder_key and self.content.get("entry"))

    @property
    def is_in_trouble(self) -> bool:
        return self.status in {MessageStatus.FAILED, MessageStatus.PARTLY_RECEIPTED}

    @property
    def tone(self) -> str:
        return MESSAGE_TONES[MessageStatus(self.status)]
