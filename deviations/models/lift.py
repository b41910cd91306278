"""A lift (løftet problem): what one unit cannot solve alone, told anew and without names to those who may."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core import constraints
from core.history import Tracked, tracked
from deviations.lift_queries import LiftChildQuerySet, LiftQuerySet, OfferQuerySet
from deviations.models.action import CorrectiveAction
from deviations.models.deviation import Deviation
from organization.models import ProfessionalGroup, Unit
from organization.roles import Role

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise


class LiftStatus(models.TextChoices):
    RAISED = "raised", _("Venter på løsning")
    BEING_SOLVED = "being_solved", _("Noen løser det")
    SOLVED = "solved", _("Løst")
    WITHDRAWN = "withdrawn", _("Trukket")
    MERGED = "merged", _("Slått sammen med et annet problem")


LIFT_OPEN = frozenset({LiftStatus.RAISED, LiftStatus.BEING_SOLVED})
LIFT_TONES: dict[str, str] = {
    LiftStatus.RAISED: "warning", LiftStatus.BEING_SOLVED: "info", LiftStatus.SOLVED: "success",
    LiftStatus.WITHDRAWN: "neutral", LiftStatus.MERGED: "neutral",
}  # fmt: skip
FUNCTIONS: tuple[Role, ...] = (
    Role.IKT_LEADER, Role.ENTERPRISE_ARCHITECT, Role.HR, Role.CHIEF_OF_FINANCE, Role.QUALITY_MANAGER, Role.PRIVACY_OFFICER,
    Role.VERNEOMBUD, Role.ARCHIVIST, Role.SERVICE_OWNER, Role.CHANGE_AGENT,
)  # fmt: skip
"""Roles that a problem can be raised to, beside all leaders and the leaders of a sector."""


@tracked(exclude=("search",))
class Lift(Tracked):
    """A problem behind a deviation, raised to all leaders, to the leaders of a sector, to a role or to a group.

    Its words are typed for it and never taken from the deviation, which only those who see it
    anyway find their way back to.  ``unit`` is set where the leader chose to name it.  A lift
    outlives its deviation, whose retention is its own.
    """

    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    deviation = models.ForeignKey(
        Deviation, models.SET_NULL, null=True, related_name="lifts", verbose_name=_("avvik")
    )
    title = models.CharField(_("problemet i én setning"), max_length=120)
    problem = models.TextField(_("problemet"), max_length=3000)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("enhet")
    )
    role = models.CharField(_("funksjon"), max_length=30, choices=Role.choices, blank=True)
    sector = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("sektor")
    )
    group = models.ForeignKey(
        ProfessionalGroup,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("faggruppe"),
    )
    status = models.CharField(
        _("status"), max_length=20, choices=LiftStatus.choices, default=LiftStatus.RAISED
    )
    status_since = models.DateTimeField()
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="lifts", verbose_name=_("løftet av")
    )
    raised_at = models.DateTimeField()
    action = models.ForeignKey(
        CorrectiveAction, models.PROTECT, null=True, related_name="lifts", verbose_name=_("tiltaket som løser det")
    )  # fmt: skip
    solution = models.TextField(_("hva løste det?"), max_length=2000, blank=True)
    ended_at = models.DateTimeField(null=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged_from")

    search = models.GeneratedField(
        expression=SearchVector("title", "problem", "solution", config="norwegian"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = LiftQuerySet.as_manager()

    class Meta:
        verbose_name = _("løftet problem")
        verbose_name_plural = _("løftede problemer")
        indexes = [
            models.Index(fields=["municipality", "-raised_at", "-id"], name="lift_latest"),
            models.Index(fields=["raised_by", "status"], name="lift_of_raiser"),
            models.Index(
                fields=["municipality", "id"], name="lift_waiting", condition=Q(status=LiftStatus.RAISED)
            ),
            GinIndex(fields=["search"], name="lift_search"),
        ]
        constraints = [
            constraints.known("lift_status", "status", LiftStatus),
            constraints.check(
                "lift_addressed",
                Q(role="", sector=None) | Q(role="", group=None) | Q(sector=None, group=None),
                _("Et problem løftes til en sektor, til en funksjon eller til en faggruppe, ikke til flere."),
            ),
            constraints.check(
                "lift_being_solved",
                ~Q(status=LiftStatus.BEING_SOLVED) | Q(action__isnull=False),
                _("Et problem som noen løser, har et tiltak."),
            ),
            constraints.check(
                "lift_solved",
                ~Q(status=LiftStatus.SOLVED) | ~Q(solution=""),
                _("Et løst problem sier hva som løste det."),
            ),
            constraints.check(
                "lift_ended",
                (Q(status__in=sorted(LIFT_OPEN)) & Q(ended_at=None))
                | (~Q(status__in=sorted(LIFT_OPEN)) & Q(ended_at__isnull=False)),
                _("Et avsluttet problem har en dato."),
            ),
            constraints.check(
                "lift_merged",
                (Q(status=LiftStatus.MERGED) & Q(merged_into__isnull=False) & ~Q(merged_into=F("id")))
                | (~Q(status=LiftStatus.MERGED) & Q(merged_into=None)),
                _("Et problem slås sammen med et annet problem."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("deviations:lift_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.status in LIFT_OPEN

    @property
    def is_waiting(self) -> bool:
        """Whether somebody may still say that they can solve it."""
        return self.status == LiftStatus.RAISED

    @property
    def tone(self) -> str:
        return LIFT_TONES[self.status]

    @property
    def audience(self) -> StrOrPromise:
        """Whom it is raised to, in words."""
        if self.role:
            return str(Role(self.role).label)
        if self.group is not None:
            return str(self.group)
        if self.sector is not None:
            return _t("Lederne i %(sector)s") % {"sector": self.sector}
        return _t("Alle ledere")


class LiftOffer(models.Model):
    """Somebody's «Jeg kan løse dette»: how, by whom, and by when."""

    lift = models.ForeignKey(Lift, models.CASCADE, related_name="offers")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("enhet"))
    plan = models.TextField(_("hvordan?"), max_length=2000)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("ansvarlig")
    )
    due_on = models.DateField(_("ferdig innen"))
    made_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("tilbud om å løse et problem")
        verbose_name_plural = _("tilbud om å løse problemer")
        ordering = ["pk"]
        constraints = [
            constraints.unique(
                "lift_offer_once", "lift", "person", condition=Q(withdrawn_at=None, accepted_at=None),
                message=_("Du har alt sagt at du kan løse dette."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.lift_id}: {self.person_id}"

    @property
    def is_standing(self) -> bool:
        return self.withdrawn_at is None and self.accepted_at is None


class LiftMessage(models.Model):
    """One line of the talk about a lift: a question, or what the one who raised it answers."""

    lift = models.ForeignKey(Lift, models.CASCADE, related_name="messages")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    from_raiser = models.BooleanField()
    text = models.TextField(_("tekst"), max_length=2000)
    at = models.DateTimeField()

    objects = LiftChildQuerySet.as_manager()

    class Meta:
        verbose_name = _("spørsmål eller svar om et problem")
        verbose_name_plural = _("spørsmål og svar om problemer")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text[:80]


class ReplyKind(models.TextChoices):
    SAME = "same", _("Vi har det samme")
    NOT_US = "not_us", _("Ikke noe for oss")


class LiftReply(models.Model):
    """What somebody who cannot solve it said: that they have the same problem, or that it is nothing for them."""

    Kind = ReplyKind

    lift = models.ForeignKey(Lift, models.CASCADE, related_name="replies")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=ReplyKind.choices)
    at = models.DateTimeField()

    objects = LiftChildQuerySet.as_manager()

    class Meta:
        verbose_name = _("svar på et løftet problem")
        verbose_name_plural = _("svar på løftede problemer")
        constraints = [
            constraints.known("lift_reply_kind", "kind", ReplyKind),
            constraints.unique("lift_reply_once", "lift", "person", message=_("Du har alt svart.")),
        ]

    def __str__(self) -> str:
        return f"{self.lift_id}: {self.kind}"
