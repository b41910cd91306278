"""The council's meetings: agenda, attendance, minutes."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import constraints
from core.history import Tracked, tracked
from governance.models.cycle import LateCategory, late_words
from governance.models.initiative import Initiative
from governance.models.locks import OF_MEETING, locked, locked_meeting
from governance.models.mandate import CouncilMandate
from governance.models.matter import Matter
from governance.queries import AgendaItemQuerySet, MeetingQuerySet
from organization.feed import in_feed
from organization.models import Unit

_RENEW_CARDS = """
    update governance_decision set card = '' where agenda_item_id = new.id;
    return null;
"""


class MeetingStatus(models.TextChoices):
    PLANNED = "planned", _("Planlagt")
    SUMMONED = "summoned", _("Innkalt")
    IN_SESSION = "in_session", _("Pågår")
    CONCLUDED = "concluded", _("Avsluttet")
    MINUTES_APPROVED = "minutes_approved", _("Protokoll godkjent")
    CANCELLED = "cancelled", _("Avlyst")


MEETING_TONES = {
    MeetingStatus.PLANNED: "neutral", MeetingStatus.SUMMONED: "info", MeetingStatus.IN_SESSION: "warning",
    MeetingStatus.CONCLUDED: "info", MeetingStatus.MINUTES_APPROVED: "success", MeetingStatus.CANCELLED: "neutral",
}  # fmt: skip


@in_feed(kind="council-meeting", resource="council-meetings")
@tracked()
class Meeting(Tracked):
    """One meeting of the digitalisation council of a municipality or region."""

    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="meetings")
    mandate = models.ForeignKey(CouncilMandate, models.PROTECT, related_name="+")
    number = models.CharField(_("møtenummer"), max_length=20)
    starts_at = models.DateTimeField(_("tid"))
    place = models.CharField(_("sted"), max_length=200)
    status = models.CharField(
        _("status"), max_length=20, choices=MeetingStatus.choices, default=MeetingStatus.PLANNED
    )
    status_since = models.DateTimeField()
    chair = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("møteleder"),
    )
    notes = models.TextField(_("merknader til innkalling og saksliste"), max_length=8000, blank=True)
    summoned_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    opening_roll = models.JSONField(null=True, editable=False)
    concluded_at = models.DateTimeField(null=True)
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)
    # Whether the papers told of earlier decisions that waited (``governance.standing``): older ones did not.
    tells_standing = models.BooleanField(default=False, db_default=False, editable=False)

    reads_papers: bool
    """Whether the actor of ``with_access`` reads what has been made ready: there after that only."""

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("møte")
        verbose_name_plural = _("møter")
        indexes = [
            models.Index(fields=["-starts_at", "-id"], name="meeting_latest"),
            models.Index(
                fields=["municipality", "starts_at"],
                name="meeting_unfinished",
                condition=Q(status__in=["planned", "summoned", "in_session", "concluded"]),
            ),
        ]
        constraints = [
            constraints.known("meeting_status", "status", MeetingStatus),
            constraints.unique(
                "meeting_number", "municipality", "number", message=_("Møtenummeret er alt i bruk.")
            ),
            constraints.together(
                "meeting_approved",
                "approved_at",
                "approved_by",
                _("Godkjenningen må ha både tidspunkt og navn."),
            ),
        ]
        triggers = [
            locked_meeting(
                "status", "municipality", "mandate", "number", "starts_at", "place", "chair", "notes", "summoned_at", "opened_at",
                "opening_roll", "concluded_at", "approved_at", "approved_by", "tells_standing",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.number}"

    def get_absolute_url(self) -> str:
        return reverse("governance:meeting_detail", args=[self.pk])

    @property
    def tone(self) -> str:
        return MEETING_TONES[MeetingStatus(self.status)]

    @property
    def takes_cases(self) -> bool:
        return self.status in {MeetingStatus.PLANNED, MeetingStatus.SUMMONED}

    @property
    def is_in_session(self) -> bool:
        return self.status == MeetingStatus.IN_SESSION

    @property
    def takes_attendance(self) -> bool:
        return self.takes_cases or self.is_in_session

    @property
    def is_cancelled(self) -> bool:
        return self.status == MeetingStatus.CANCELLED

    @property
    def papers_are_out(self) -> bool:
        return self.summoned_at is not None

    @property
    def seated(self) -> models.QuerySet[Attendance]:
        """Those on the list of the meeting, without who has left the council since."""
        return self.attendances.filter(gone_at=None)

    def had_in_lead(self, person_id: int) -> bool:
        """Tell whether the person was there as leader or deputy: at the opening, in a case or last."""
        led = self.seated.filter(person_id=person_id, seat__in=["leader", "deputy"])
        return led.exists() and self.was_there(person_id)

    def was_there(self, person_id: int) -> bool:
        """Tell whether the person was in the meeting: at the opening, in a case or last."""
        row = self.attendances.filter(person_id=person_id).first()
        if row is None:
            return False
        at_opening = str(row.pk) in (self.opening_roll or {}).get("present", {})
        return row.is_present or at_opening or self.items.filter(decision__roll__contains=[row.pk]).exists()

    @property
    def next_chair_id(self) -> int | None:
        """Who led the council's next meeting, once that is opened."""
        later = Meeting.objects.filter(
            municipality_id=self.municipality_id, starts_at__gt=self.starts_at, opened_at__isnull=False
        )
        chair_id: int | None = later.order_by("starts_at", "pk").values_list("chair_id", flat=True).first()
        return chair_id

    @property
    def awaits_approval(self) -> bool:
        return self.status == MeetingStatus.CONCLUDED

    @property
    def minutes_are_locked(self) -> bool:
        return self.status == MeetingStatus.MINUTES_APPROVED


@tracked()
class Attendance(Tracked):
    """A seat of the council in one meeting: who holds it, and whether they are there.

    ``seat`` tells members, who count against the quorum, from those who only attend.
    A substitute takes the seat of ``substitute_for``.
    """

    class Seat(models.TextChoices):
        LEADER = "leader", _("Leder")
        DEPUTY = "deputy", _("Nestleder")
        MEMBER = "member", _("Medlem")
        SUBSTITUTE = "substitute", _("Vara")
        SECRETARY = "secretary", _("Sekretær")
        GUEST = "guest", _("Andre til stede")

    class Presence(models.TextChoices):
        EXPECTED = "expected", _("Ikke meldt")
        PRESENT = "present", _("Til stede")
        ABSENT = "absent", _("Forfall")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendances")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    seat = models.CharField(_("plass"), max_length=20, choices=Seat.choices)
    field = models.CharField(_("fagfelt"), max_length=120, blank=True)
    presence = models.CharField(
        _("frammøte"), max_length=20, choices=Presence.choices, default=Presence.EXPECTED
    )
    substitute_for = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="substitutes"
    )
    # Who has left the council keeps the row, since impartiality and substitutes may point at it.
    gone_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("frammøte")
        verbose_name_plural = _("frammøte")
        triggers = [locked("governance_attendance", OF_MEETING)]
        constraints = [
            constraints.unique("attendance_once", "meeting", "person", message=_("Personen står alt på lista.")),
            constraints.check(
                "attendance_seat", Q(seat__in=["leader", "deputy", "member", "substitute", "secretary", "guest"]),
                _("Ukjent plass."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.person_id} {self.seat}"

    @property
    def is_present(self) -> bool:
        return self.presence == self.Presence.PRESENT

    @property
    def is_absent(self) -> bool:
        return self.presence == self.Presence.ABSENT

    @property
    def votes(self) -> bool:
        """Whether this seat votes when the person is present."""
        sits = self.seat in {"leader", "deputy", "member"} or (
            self.seat == "substitute" and self.substitute_for_id is not None
        )
        return sits and self.gone_at is None


@tracked()
class AgendaItem(Tracked):
    """One item of the agenda.  The recommendation is copied when papers go out and never changed after."""

    class Kind(models.TextChoices):
        DECISION = "DS", _("Vedtakssak")
        NOTICE = "RS", _("Referatsak")
        INFORMATION = "AN", _("Orientering")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="items")
    initiative = models.ForeignKey(Initiative, models.PROTECT, null=True, related_name="agenda_items")
    matter = models.ForeignKey(Matter, models.PROTECT, null=True, related_name="agenda_items")
    kind = models.CharField(_("sakstype"), max_length=2, choices=Kind.choices, default=Kind.DECISION)
    position = models.PositiveSmallIntegerField(_("rekkefølge"))
    case_number = models.CharField(_("saksnummer"), max_length=20, blank=True)
    title = models.CharField(_("tittel"), max_length=200)
    recommendation = models.TextField(_("innstilling"), blank=True)
    discussion = models.TextField(_("drøfting i hovedtrekk"), max_length=8000, blank=True)
    impartiality = models.TextField(_("habilitet"), max_length=2000, blank=True)
    # Why it came to a meeting outside the annual cycle after the deadline of that.
    late_category = models.CharField(
        _("grunn til sen innmelding"),
        max_length=20,
        choices=LateCategory.choices,
        blank=True,
        default="",
        db_default="",
    )
    late_reason = models.TextField(
        _("begrunnelse for sen innmelding"), max_length=2000, blank=True, default="", db_default=""
    )
    # Where the case stood among those of the meeting when the papers went out, and why (governance.scoring.standing).
    ranking = models.JSONField(null=True, editable=False, encoder=DjangoJSONEncoder)
    removed_at = models.DateTimeField(null=True)

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("sak på sakslista")
        verbose_name_plural = _("saker på sakslista")
        ordering = ["position", "pk"]
        triggers = [
            pgtrigger.Trigger(
                name="card_of_decisions", when=pgtrigger.After, operation=pgtrigger.Update, func=_RENEW_CARDS,
                condition=pgtrigger.AnyChange("case_number", "title"),
            ),
            locked("governance_agendaitem", OF_MEETING),
        ]  # fmt: skip
        constraints = [
            constraints.unique(
                "agenda_initiative_once", "meeting", "initiative",
                condition=Q(removed_at=None, matter=None), message=_("Tiltaket står alt på sakslista."),
            ),
            constraints.unique(
                "agenda_matter_once", "meeting", "matter",
                condition=Q(removed_at=None), message=_("Saken står alt på sakslista."),
            ),
            constraints.check(
                "agenda_late", Q(late_category="", late_reason="") | (Q(late_category__in=LateCategory.values) & ~Q(late_reason="")),
                _("En sen sak må ha både grunn og begrunnelse."),
            ),
            constraints.check("agenda_kind", Q(kind__in=["DS", "RS", "AN"]), _("Ukjent sakstype.")),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.case_number} {self.title}"

    @property
    def late_words(self) -> str:
        """Why the case came after the deadline of this meeting, as the papers tell it; nothing when it was in time."""
        if self.initiative is None or self.matter_id is not None:
            return ""
        return late_words(self.late_category, self.late_reason) or self.initiative.late_words

    @property
    def is_notice(self) -> bool:
        return self.kind == self.Kind.NOTICE
