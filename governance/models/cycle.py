"""The annual cycle (årshjul): by when a case must be where, to reach which meeting of the council."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import constraints
from core.history import Tracked, tracked
from core.workdays import is_working_day
from governance.cycle.queries import CycleQuerySet
from organization.models import Unit

if TYPE_CHECKING:
    from datetime import date


class BudgetTrack(models.TextChoices):
    """Which process of the budget the meeting feeds (domain/governance 4.7)."""

    ECONOMIC_PLAN = "economic_plan", _("Økonomiplan")
    FIRST_TERTIAL = "first_tertial", _("1. tertial")
    SECOND_TERTIAL = "second_tertial", _("2. tertial")
    OUTSIDE = "outside", _("Utenfor løp")


class LateCategory(models.TextChoices):
    """Why a case may come after the deadline of its meeting."""

    STATUTORY = "statutory", _("Lov- eller myndighetskrav")
    UNFORESEEN = "unforeseen", _("Uforutsett behov")


def late_words(category: str, reason: str) -> str:
    """Return why a case came after a deadline as papers tell it; nothing when it was in time."""
    return f"{LateCategory(category).label}. {reason}" if category else ""


@tracked()
class CyclePeriod(Tracked):
    """One round of the annual cycle: three deadlines and the meeting they lead to.

    Every day in it is a working day.  ``meeting`` is the meeting once it is set up; until then
    ``meeting_on`` says when it is meant to be.
    """

    DAYS: ClassVar[tuple[str, ...]] = ("submission_on", "hearing_on", "papers_on", "meeting_on")

    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="cycle_periods")
    name = models.CharField(
        _("periode"), max_length=60, help_text=_("For eksempel «Februar» eller «1. tertial».")
    )
    submission_on = models.DateField(_("innmeldingsfrist"))
    hearing_on = models.DateField(_("høringsfrist"))
    papers_on = models.DateField(_("utsendingsfrist"))
    meeting_on = models.DateField(_("møtedato"))
    budget_track = models.CharField(
        _("budsjettløp"), max_length=20, choices=BudgetTrack.choices, default=BudgetTrack.OUTSIDE
    )
    meeting = models.OneToOneField(
        "governance.Meeting",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="cycle_period",
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = CycleQuerySet.as_manager()

    class Meta:
        verbose_name = _("periode i årshjulet")
        verbose_name_plural = _("perioder i årshjulet")
        constraints = [
            constraints.unique(
                "cycle_meeting_day", "municipality", "meeting_on",
                message=_("Årshjulet har alt en periode med møte den dagen."),
            ),
            constraints.known("cycle_budget_track", "budget_track", BudgetTrack),
            constraints.check(
                "cycle_submission_first", Q(submission_on__lt=F("hearing_on")),
                _("Innmeldingsfristen må komme før høringsfristen."),
            ),
            constraints.check(
                "cycle_hearing_next", Q(hearing_on__lt=F("papers_on")),
                _("Høringsfristen må komme før utsendingsfristen."),
            ),
            constraints.check(
                "cycle_papers_before_meeting", Q(papers_on__lt=F("meeting_on")),
                _("Papirene må sendes ut før møtet."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.name} {self.meeting_on.year}"

    def clean(self) -> None:
        """Let no deadline fall on a day that is not a working day.

        :raises ValidationError: with the fault at each field.
        """
        days = {name: getattr(self, name) for name in self.DAYS}
        free = [name for name, day in days.items() if day is not None and not is_working_day(day)]
        if free:
            words = gettext(
                "Dagen er ikke en virkedag. Velg en dag fra mandag til fredag som ikke er helligdag."
            )
            raise ValidationError(dict.fromkeys(free, words))

    @property
    def meets_on(self) -> date:
        """The day of the meeting as it is set up, else as it is meant to be."""
        return timezone.localdate(self.meeting.starts_at) if self.meeting is not None else self.meeting_on
