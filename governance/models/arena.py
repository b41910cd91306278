"""Meetings of professional groups outside the council: what is suggested for them, who came, and the notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import constraints
from core.history import Tracked, tracked
from core.textsearch import CONFIG
from governance.arena.queries import GroupMeetingQuerySet, GroupNoteQuerySet, OfGroupMeeting, OfGroupNote
from governance.models.initiative import Initiative
from governance.models.written import WrittenText, version_constraints
from organization.models import ProfessionalGroup, Unit

if TYPE_CHECKING:
    from datetime import datetime


@tracked()
class GroupMeeting(Tracked):
    """A meeting of a professional group.  ``municipality`` is that of the group.

    It is concluded when the responsible says that its notes are finished; until then everybody in the group writes.
    """

    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    group = models.ForeignKey(
        ProfessionalGroup, models.PROTECT, related_name="meetings", verbose_name=_("faggruppe")
    )
    title = models.CharField(_("tittel"), max_length=160)
    starts_at = models.DateTimeField(_("begynner"))
    ends_at = models.DateTimeField(_("slutter"), null=True, blank=True)
    place = models.CharField(_("sted"), max_length=200, blank=True)
    link = models.URLField(_("lenke til nettmøte"), max_length=500, blank=True)
    cancelled_at = models.DateTimeField(null=True, editable=False)
    cancel_reason = models.CharField(max_length=300, blank=True, editable=False)
    concluded_at = models.DateTimeField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = GroupMeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("gruppemøte")
        verbose_name_plural = _("gruppemøter")
        indexes = [
            models.Index(fields=["group", "-starts_at", "-id"], name="group_meetings"),
            models.Index(fields=["municipality", "-starts_at", "-id"], name="group_meetings_of_place"),
        ]
        constraints = [
            constraints.ordered("group_meeting_ends", "starts_at", "ends_at", _("Møtet må slutte etter at det begynner.")),
            constraints.check(
                "group_meeting_where", ~Q(place="") | ~Q(link=""), _("Skriv hvor møtet er: et sted, en lenke eller begge."),
            ),
            constraints.check(
                "group_meeting_cancelled", Q(cancelled_at=None, cancel_reason="") | (Q(cancelled_at__isnull=False) & ~Q(cancel_reason="")),
                _("Et avlyst møte har en grunn."),
            ),
            constraints.check(
                "group_meeting_ended", Q(cancelled_at=None) | Q(concluded_at=None), _("Et avlyst møte har ingen ferdige notater."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("governance:arena_meeting", args=[self.pk])

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None

    @property
    def is_concluded(self) -> bool:
        return self.concluded_at is not None

    @property
    def is_open(self) -> bool:
        """Whether points can be suggested and notes written."""
        return not self.is_cancelled and not self.is_concluded

    def has_begun(self, now: datetime) -> bool:
        return self.starts_at <= now


@tracked()
class GroupPoint(Tracked):
    """Something that somebody in the group wants to take up in a meeting."""

    meeting = models.ForeignKey(GroupMeeting, models.CASCADE, related_name="points")
    title = models.CharField(_("punkt"), max_length=160)
    detail = models.TextField(_("mer om punktet"), max_length=2000, blank=True)
    suggested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = OfGroupMeeting.as_manager()

    class Meta:
        verbose_name = _("punkt til gruppemøte")
        verbose_name_plural = _("punkter til gruppemøte")
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.title


@tracked()
class GroupParticipant(Tracked):
    """Somebody who was in a meeting of a group."""

    meeting = models.ForeignKey(GroupMeeting, models.CASCADE, related_name="participants")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = OfGroupMeeting.as_manager()

    class Meta:
        verbose_name = _("deltaker på gruppemøte")
        verbose_name_plural = _("deltakere på gruppemøte")
        constraints = [
            constraints.unique(
                "group_participant_once", "meeting", "person", message=_("Personen er alt ført opp.")
            )
        ]

    def __str__(self) -> str:
        return str(self.person)


@tracked(exclude=("search",))
class GroupNote(WrittenText):
    """One note from a meeting, as it stands.  The events of the row are its versions.

    ``key`` is chosen before the note is first saved, so that a save that is repeated is the same note.
    """

    LONGEST = 5000

    meeting = models.ForeignKey(GroupMeeting, models.CASCADE, related_name="notes")
    key = models.UUIDField(editable=False)
    point = models.ForeignKey(GroupPoint, models.PROTECT, null=True, blank=True, related_name="notes")

    # Kept by the database
    search = models.GeneratedField(
        expression=SearchVector("text", config=CONFIG), output_field=SearchVectorField(), db_persist=True
    )

    objects = GroupNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("notat fra gruppemøte")
        verbose_name_plural = _("notater fra gruppemøte")
        ordering = ("pk",)
        indexes = [GinIndex(fields=["search"], name="group_note_search")]
        constraints = [
            constraints.unique("group_note_key", "meeting", "key", message=_("Notatet finnes alt.")),
            *version_constraints("group_note"),
        ]

    def __str__(self) -> str:
        return self.first_line

    @property
    def first_line(self) -> str:
        lines = self.text.strip().splitlines()
        return lines[0].strip() if lines else ""


@tracked()
class GroupOutcome(Tracked):
    """What came of a note: the initiative it became, or the reason why nothing does.

    One initiative may come of several notes.  A reason is taken back by taking the row away.
    """

    note = models.OneToOneField(GroupNote, models.CASCADE, related_name="outcome")
    initiative = models.ForeignKey(Initiative, models.PROTECT, null=True, related_name="group_outcomes")
    reason = models.CharField(_("hvorfor ikke"), max_length=500, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = OfGroupNote.as_manager()

    class Meta:
        verbose_name = _("utfall av notat")
        verbose_name_plural = _("utfall av notater")
        constraints = [
            constraints.check(
                "group_outcome_is_one", Q(initiative=None) & ~Q(reason="") | Q(initiative__isnull=False, reason=""),
                _("Et notat blir til et tiltak, eller har en grunn til at det ikke gjør det."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.reason or str(self.initiative)
