"""Consultations: a draft strategy is open for comments for some days, and each comment is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import constraints
from core.history import Tracked, tracked
from organization.consultation_queries import (
    ASKED,
    AnswerQuerySet,
    CommentQuerySet,
    ConsultationQuerySet,
    PointQuerySet,
)
from organization.feed import in_feed
from organization.models.consultation_locks import answered_when_closed, kept_as_heard, written_while_open
from organization.models.strategy import Goal, Strategy
from organization.models.unit import Unit

if TYPE_CHECKING:
    from datetime import date

    from organization.roles import Role

LONGEST = 4000


class ConsultationStatus(models.TextChoices):
    PLANNED = "planned", _("Høringen er planlagt")
    OPEN = "open", _("Åpen for innspill")
    CLOSED = "closed", _("Innspillene skal besvares")
    ANSWERED = "answered", _("Innspillene er besvart")
    CANCELLED = "cancelled", _("Høringen er avlyst")
    UNHEARD = "unheard", _("Høringen gikk ut uten at den åpnet")


STANDING = (ConsultationStatus.PLANNED, ConsultationStatus.OPEN)
# Nobody has been asked yet, or nobody was.
NOT_BEGUN = (ConsultationStatus.PLANNED, ConsultationStatus.CANCELLED, ConsultationStatus.UNHEARD)
TONES: dict[str, str] = {
    ConsultationStatus.PLANNED: "neutral", ConsultationStatus.OPEN: "info", ConsultationStatus.CLOSED: "warning",
    ConsultationStatus.ANSWERED: "success", ConsultationStatus.CANCELLED: "neutral",
    ConsultationStatus.UNHEARD: "danger",
}  # fmt: skip


@in_feed(kind="consultation", resource="consultations")
@tracked()
class Consultation(Tracked):
    """One round of a draft strategy among elected representatives, and others if those who open it say so.

    The first and the last day are both open, by Norwegian time.
    """

    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    strategy = models.ForeignKey(Strategy, models.PROTECT, related_name="consultations")
    text = models.TextField(_("til dem som blir hørt"), max_length=LONGEST)
    opens_on = models.DateField(_("åpner"))
    closes_on = models.DateField(_("siste dag for innspill"))
    hears_leaders = models.BooleanField(_("ledere blir hørt"), default=False)
    hears_secretariat = models.BooleanField(_("sekretariatet blir hørt"), default=False)
    status = models.CharField(
        _("status"), max_length=20, choices=ConsultationStatus.choices, default=ConsultationStatus.PLANNED
    )

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        verbose_name = _("høring av strategi")
        verbose_name_plural = _("høringer av strategier")
        constraints = [
            constraints.known("consultation_status", "status", ConsultationStatus),
            constraints.check(
                "consultation_period",
                Q(closes_on__gte=F("opens_on")),
                _("Høringen kan ikke slutte før den åpner."),
            ),
            constraints.unique(
                "consultation_standing", "strategy", condition=Q(status__in=[state.value for state in STANDING]),
                message=_("Strategien er alt på høring."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.strategy}"

    def get_absolute_url(self) -> str:
        return reverse("organization:consultation_detail", args=[self.pk])

    @property
    def asked_roles(self) -> list[Role]:
        """The roles whose holders are asked."""
        return [role for roles, choice in ASKED if not choice or getattr(self, choice) for role in roles]

    @property
    def tone(self) -> str:
        return TONES[self.status]

    @property
    def is_standing(self) -> bool:
        """Tell whether it is to come, or goes on: the strategy is not adopted meanwhile."""
        return self.status in STANDING

    @property
    def has_begun(self) -> bool:
        return self.status not in NOT_BEGUN

    @property
    def is_to_come(self) -> bool:
        """Tell whether it is planned and not yet open."""
        return self.status == ConsultationStatus.PLANNED

    @property
    def is_cancelled(self) -> bool:
        return self.status == ConsultationStatus.CANCELLED

    @property
    def is_unheard(self) -> bool:
        """Tell whether all its days went by before it was opened, so that nobody was asked."""
        return self.status == ConsultationStatus.UNHEARD

    @property
    def is_closed(self) -> bool:
        return self.status == ConsultationStatus.CLOSED

    @property
    def is_answered(self) -> bool:
        return self.status == ConsultationStatus.ANSWERED

    def is_open_on(self, day: date) -> bool:
        return self.status == ConsultationStatus.OPEN and self.opens_on <= day <= self.closes_on


@tracked()
class ConsultationPoint(Tracked):
    """The strategy as a whole (without a code), or one goal, in the words that were heard.

    The draft may be changed meanwhile: comments stay with the words they are about, also when the goal is gone.
    """

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="points")
    goal = models.ForeignKey(Goal, models.SET_NULL, null=True, related_name="heard_as")
    code = models.CharField(_("nummer"), max_length=20, blank=True)
    title = models.CharField(_("mål"), max_length=300, blank=True)
    indicator = models.CharField(_("indikator"), max_length=300, blank=True)

    objects = PointQuerySet.as_manager()

    class Meta:
        verbose_name = _("høringspunkt")
        verbose_name_plural = _("høringspunkter")
        constraints = [
            constraints.unique(
                "point_goal", "consultation", "goal", message=_("Målet er alt med i høringen.")
            ),
            constraints.unique(
                "point_whole", "consultation", condition=Q(code=""), message=_("Strategien er alt med i høringen.")
            ),
        ]  # fmt: skip
        triggers = [kept_as_heard()]

    def __str__(self) -> str:
        return f"{self.code} {self.title}" if self.code else str(_("Strategien som helhet"))

    @property
    def is_whole(self) -> bool:
        return not self.code

    @property
    def shown_title(self) -> str:
        """The words beside the number."""
        return self.title or str(self)

    @property
    def is_taken_out(self) -> bool:
        """Tell whether the goal is no longer in the draft."""
        return bool(self.code) and self.goal is None

    @property
    def is_reworded(self) -> bool:
        """Tell whether the goal has other words in the draft than were heard."""
        heard = (self.code, self.title, self.indicator)
        return self.goal is not None and heard != (self.goal.code, self.goal.title, self.goal.indicator)


@tracked()
class ConsultationComment(Tracked):
    """What somebody who was asked means about one point; one each, changed and withdrawn by nobody else."""

    point = models.ForeignKey(ConsultationPoint, models.PROTECT, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = models.TextField(_("innspill"), max_length=LONGEST, blank=True)
    has_no_remarks = models.BooleanField(_("ingen merknader"), default=False)
    withdrawn_at = models.DateTimeField(null=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("innspill til strategi")
        verbose_name_plural = _("innspill til strategier")
        constraints = [
            constraints.unique("comment_author", "point", "author", message=_("Du har alt skrevet her.")),
            constraints.check(
                "comment_words", Q(has_no_remarks=True, text="") | (Q(has_no_remarks=False) & ~Q(text="")),
                _("Skriv innspillet, eller svar at du ikke har merknader."),
            ),
        ]  # fmt: skip
        triggers = [written_while_open()]

    def __str__(self) -> str:
        return f"{self.point}"

    @property
    def is_standing(self) -> bool:
        """Tell whether it counts: neither withdrawn nor an answer that there is nothing to say."""
        return self.withdrawn_at is None and not self.has_no_remarks

    @property
    def is_silent(self) -> bool:
        """Tell whether it is an answer that there is nothing to say."""
        return self.withdrawn_at is None and self.has_no_remarks


@tracked()
class ConsultationAnswer(Tracked):
    """What those who write the strategy do with a comment, and why."""

    class Outcome(models.TextChoices):
        FOLLOWED = "followed", _("Tas til følge")
        PARTLY = "partly", _("Tas delvis til følge")
        NOT_FOLLOWED = "not_followed", _("Tas ikke til følge")

    comment = models.OneToOneField(ConsultationComment, models.PROTECT, related_name="answer")
    outcome = models.CharField(_("svar"), max_length=20, choices=Outcome.choices)
    text = models.TextField(_("begrunnelse"), max_length=LONGEST)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("svar på innspill til strategi")
        verbose_name_plural = _("svar på innspill til strategier")
        constraints = [
            constraints.check("answer_words", ~Q(text=""), _("Skriv hvorfor.")),
        ]
        triggers = [answered_when_closed()]

    def __str__(self) -> str:
        return str(self.get_outcome_display())

    @property
    def tone(self) -> str:
        return {"followed": "success", "partly": "info"}.get(self.outcome, "neutral")
