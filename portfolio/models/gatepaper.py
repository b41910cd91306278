"""What a decision point is decided on (domain/portfolio 3.1)."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import constraints
from core.history import Tracked, tracked
from governance.models import Decision
from portfolio.models.checkpoint import DecisionPoint
from portfolio.models.project import Project
from portfolio.queries import GatePaperQuerySet


class PaperStatus(models.TextChoices):
    DRAFT = "draft", _("Kladd")
    SENT = "sent", _("Venter på avgjørelse")
    APPROVED = "approve", _("Godkjent")
    APPROVED_ON_TERMS = "approve_on_terms", _("Godkjent med vilkår")
    SENT_BACK = "send_back", _("Sendt tilbake")
    TO_BE_STOPPED = "stop", _("Skal stoppes")


S = PaperStatus
APPROVED = (S.APPROVED, S.APPROVED_ON_TERMS)
OPEN = (S.DRAFT, S.SENT)
PAPER_TONES: dict[str, str] = {
    S.DRAFT: "neutral", S.SENT: "info", S.APPROVED: "success", S.APPROVED_ON_TERMS: "success", S.SENT_BACK: "warning",
    S.TO_BE_STOPPED: "danger",
}  # fmt: skip
TEXTS = ("summary", "assessment", "proposal")
PROPOSALS = [
    (S.APPROVED.value, _("Godkjenne, prosjektet går videre")),
    (S.APPROVED_ON_TERMS.value, _("Godkjenne med vilkår")),
    (S.TO_BE_STOPPED.value, _("Stoppe prosjektet")),
]
_SENT_STAYS = """OLD.status <> 'draft' AND NEW.status <> 'draft' AND
    (OLD.facts, OLD.summary, OLD.assessment, OLD.proposal, OLD.proposed, OLD.point)
    IS DISTINCT FROM (NEW.facts, NEW.summary, NEW.assessment, NEW.proposal, NEW.proposed, NEW.point)"""


@tracked(exclude=("facts",))
class GatePaper(Tracked):
    """A paper for one decision point.  ``facts`` is what the register said when it was sent; from then on the paper stays.

    A decision is in force until the project is moved back past its point (``lapsed_at``).
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="gate_papers")
    point = models.CharField(_("beslutningspunkt"), max_length=3, choices=DecisionPoint.choices)
    status = models.CharField(max_length=20, choices=S.choices, default=S.DRAFT)
    for_council = models.BooleanField(_("avgjøres av rådet"), default=False)
    summary = models.TextField(_("kort fortalt"), max_length=2000, blank=True)
    assessment = models.TextField(_("vurdering"), max_length=8000, blank=True)
    proposed = models.CharField(_("tilråding"), max_length=20, choices=PROPOSALS, blank=True)
    proposal = models.TextField(_("forslag til vedtak"), max_length=8000, blank=True)
    facts = models.JSONField(default=dict, editable=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_text = models.TextField(_("vedtak"), max_length=8000, blank=True)
    reference = models.CharField(_("vedtaksreferanse"), max_length=100, blank=True)
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    lapsed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    objects = GatePaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("beslutningsgrunnlag")
        verbose_name_plural = _("beslutningsgrunnlag")
        indexes = [
            models.Index(fields=["project", "-sent_at", "-id"], name="gate_paper_latest", condition=Q(lapsed_at=None) & ~Q(status=S.DRAFT)),
            models.Index(fields=["project", "-created_at", "-id"], name="gate_paper_of_project"),
        ]  # fmt: skip
        constraints = [
            constraints.known("gate_paper_point", "point", DecisionPoint),
            constraints.known("gate_paper_status", "status", PaperStatus),
            constraints.unique(
                "gate_paper_one_open", "project", condition=Q(status__in=OPEN),
                message=_("Prosjektet har alt et beslutningsgrunnlag som ikke er avgjort."),
            ),
            constraints.check(
                "gate_paper_sent", Q(status=S.DRAFT, sent_at=None) | (~Q(status=S.DRAFT) & Q(sent_at__isnull=False)),
                _("Et beslutningsgrunnlag som er sendt, har et tidspunkt."),
            ),
            constraints.check(
                "gate_paper_decided", Q(status__in=OPEN, decided_at=None) | (~Q(status__in=OPEN) & Q(decided_at__isnull=False)),
                _("En avgjørelse har et tidspunkt."),
            ),
        ]  # fmt: skip
        triggers = [
            pgtrigger.Protect(
                name="sent_stays", operation=pgtrigger.Update, condition=pgtrigger.Condition(_SENT_STAYS)
            ),
            pgtrigger.Protect(
                name="sent_is_kept",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.status <> 'draft'"),
            ),
        ]

    def __str__(self) -> str:
        return _("Beslutningsgrunnlag for %(point)s") % {"point": self.point.upper()}

    def get_absolute_url(self) -> str:
        return reverse("portfolio:gate_paper_detail", args=[self.pk])

    @property
    def tone(self) -> str:
        return PAPER_TONES[self.status]

    @property
    def name(self) -> str:
        """What people call the decision point: «BP3»."""
        return self.point.upper()

    @property
    def is_draft(self) -> bool:
        return self.status == S.DRAFT

    @property
    def is_sent(self) -> bool:
        return self.status == S.SENT

    @property
    def is_decided(self) -> bool:
        return self.status not in OPEN
