"""The follow-up of a decision: who sees to it, by when, and how it went (domain/governance 4.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import constraints
from core.history import Tracked, tracked
from governance.follow_up_queries import FollowUpQuerySet
from governance.models.decision import Decision
from governance.models.locks import finished_follow_up

if TYPE_CHECKING:
    from datetime import date


class FollowUpStatus(models.TextChoices):
    OPEN = "open", _("Åpen")
    UNDER_WAY = "under_way", _("Under arbeid")
    DONE = "done", _("Utført")
    LAPSED = "lapsed", _("Bortfalt")


UNFINISHED = (FollowUpStatus.OPEN, FollowUpStatus.UNDER_WAY)
FOLLOW_UP_TONES: dict[str, str] = {
    FollowUpStatus.OPEN: "info", FollowUpStatus.UNDER_WAY: "info", FollowUpStatus.DONE: "success", FollowUpStatus.LAPSED: "neutral",
}  # fmt: skip


@tracked()
class FollowUp(Tracked):
    """What is done about a decision.

    The decision keeps whom and which day the minutes name; this is where they stand now.  That it is late is seen from the
    deadline, and is no state.
    """

    # Its number is the decision's own, and so is its address.
    decision = models.OneToOneField(Decision, models.PROTECT, primary_key=True, related_name="follow_up")
    status = models.CharField(
        _("status"), max_length=20, choices=FollowUpStatus.choices, default=FollowUpStatus.OPEN
    )
    status_since = models.DateTimeField()
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("ansvarlig"),
    )
    due_on = models.DateField(_("frist"), null=True, blank=True)
    evidence = models.TextField(_("hva som er gjort"), max_length=4000, blank=True)
    evidence_url = models.URLField(_("lenke til dokumentasjon"), max_length=500, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("oppfølging av vedtak")
        verbose_name_plural = _("oppfølging av vedtak")
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["responsible", "due_on"], name="follow_up_waiting", condition=Q(status__in=UNFINISHED)
            ),
            models.Index(fields=["due_on"], name="follow_up_due", condition=Q(status__in=UNFINISHED)),
        ]
        triggers = [
            finished_follow_up(
                "responsible", "due_on", "evidence", "evidence_url", "closed_at", "closed_by", "status_since"
            )
        ]
        constraints = [
            constraints.known("follow_up_status", "status", FollowUpStatus),
            constraints.check(
                "follow_up_of_somebody",
                Q(responsible__isnull=False) | Q(due_on__isnull=False),
                _("Velg en ansvarlig eller en frist."),
            ),
            constraints.together(
                "follow_up_closed_by",
                "closed_at",
                "closed_by",
                _("Avslutningen må ha både tidspunkt og navn."),
            ),
            constraints.check(
                "follow_up_closed",
                Q(status__in=UNFINISHED, closed_at=None)
                | Q(status__in=["done", "lapsed"], closed_at__isnull=False),
                _("En avsluttet oppfølging har tidspunkt, en åpen har det ikke."),
            ),
            constraints.check(
                "follow_up_evidence",
                ~Q(status="done") | ~Q(evidence=""),
                _("Skriv hva som er gjort."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.decision)

    def get_absolute_url(self) -> str:
        return f"{reverse('governance:decision_detail', args=[self.decision_id])}#oppfolging"

    @property
    def is_unfinished(self) -> bool:
        return self.status in UNFINISHED

    @property
    def is_done(self) -> bool:
        return self.status == FollowUpStatus.DONE

    def is_late(self, today: date) -> bool:
        """Tell whether it is past its deadline and not finished."""
        return self.is_unfinished and self.due_on is not None and self.due_on < today
