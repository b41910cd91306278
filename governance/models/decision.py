"""Decisions: the log of what was decided, by whom and with which votes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import constraints
from core.history import Tracked, tracked
from governance.decision_queries import DecisionQuerySet
from governance.models import authority, voters
from governance.models.initiative import Initiative
from governance.models.locks import OF_DECISION, locked
from governance.models.meeting import AgendaItem
from governance.queries import MunicipalDecisionQuerySet
from organization.bodies import PoliticalBody
from organization.feed import in_feed
from organization.models import Unit

if TYPE_CHECKING:
    from datetime import date


class Outcome(models.TextChoices):
    PRIORITIZE = "prioritize", _("Prioriteres og tas inn i porteføljen")
    RECOMMEND = "recommend", _("Innstilles til kommunedirektør eller politisk nivå")
    POSTPONE = "postpone", _("Utsettes")
    SEND_BACK = "send_back", _("Sendes tilbake for ny utredning")
    HOLD = "hold", _("Settes i kø")
    REJECT = "reject", _("Avslås")
    APPROVE = "approve", _("Godkjennes")
    APPROVE_ON_TERMS = "approve_on_terms", _("Godkjennes med vilkår")
    STOP = "stop", _("Prosjektet stoppes")
    NOTE = "note", _("Tas til orientering")


# What the log searches must stand in its own table: across tables no index helps.  The share lock lets nobody change
# a title, or shield it, between this look and the end of the transaction.
_CARD = """
    if tg_op = 'UPDATE' and (new.card, new.number, new.initiative_id, new.agenda_item_id)
        is not distinct from (old.card, old.number, old.initiative_id, old.agenda_item_id) then
        return new;
    end if;
    new.card := concat_ws(' ', new.number, (
        select concat_ws(' ', case_number, case when new.initiative_id is null then title end)
        from governance_agendaitem where id = new.agenda_item_id
    ), (
        select concat_ws(' ', number, card_title) from governance_initiative where id = new.initiative_id for share
    ));
    return new;
"""


class Registered(models.Model):
    """What a decision taken outside the council's meeting is found by, and what it says beside its words."""

    decided_on = models.DateField(_("vedtatt"), null=True, blank=True)
    budget_year = models.PositiveSmallIntegerField(_("budsjettår"), null=True, blank=True)
    conditions = models.TextField(_("vilkår"), max_length=4000, blank=True, default="", db_default="")
    document_url = models.URLField(
        _("lenke til saksdokumentet"), max_length=500, blank=True, default="", db_default=""
    )

    class Meta:
        abstract = True


@in_feed(
    kind="decision",
    resource="decisions",
    derived=("card",),
    visible=lambda rows, actor: rows.logged_for(actor),
)
@tracked(exclude=("card",))
class Decision(Registered, Tracked):
    """One line of the decision log."""

    class Body(models.TextChoices):
        SECRETARIAT = "secretariat", _("Sekretariatet")
        COUNCIL = "council", _("Digitaliseringsrådet")
        KOMMUNEDIREKTOR = "kommunedirektor", _("Kommunedirektøren")
        FORMANNSKAP = PoliticalBody.FORMANNSKAP.value, PoliticalBody.FORMANNSKAP.label
        KOMMUNESTYRE = PoliticalBody.KOMMUNESTYRE.value, PoliticalBody.KOMMUNESTYRE.label
        REGION = PoliticalBody.REGION.value, PoliticalBody.REGION.label

    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    number = models.CharField(_("løpenummer"), max_length=20)
    initiative = models.ForeignKey(Initiative, models.PROTECT, null=True, related_name="decisions")
    agenda_item = models.OneToOneField(AgendaItem, models.PROTECT, null=True, related_name="decision")
    body = models.CharField(_("organ"), max_length=20, choices=Body.choices)
    outcome = models.CharField(_("utfall"), max_length=20, choices=Outcome.choices)
    text = models.TextField(_("vedtak"), max_length=8000)
    amount = models.DecimalField(_("beløp"), max_digits=14, decimal_places=2, null=True, blank=True)
    reference = models.CharField(_("vedtaksreferanse"), max_length=100, blank=True)
    votes_for = models.PositiveSmallIntegerField(_("for"), null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField(_("mot"), null=True, blank=True)
    votes_blank = models.PositiveSmallIntegerField(_("blankt"), null=True, blank=True)
    present = models.PositiveSmallIntegerField(_("til stede i saken"), null=True, blank=True)
    seats = models.PositiveSmallIntegerField(_("plasser i rådet"), null=True, blank=True)
    roll = models.JSONField(null=True, editable=False)
    casting_vote = models.BooleanField(_("avgjort med møteleders dobbeltstemme"), default=False)
    decided_at = models.DateTimeField()
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("ansvarlig"),
    )
    due_on = models.DateField(_("frist"), null=True, blank=True)

    # Kept by the database: what everybody who sees the line may find it by.
    card = models.TextField(editable=False, default="", db_default="")

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("vedtak")
        verbose_name_plural = _("vedtak")
        ordering = ["-decided_at", "-pk"]
        indexes = [
            models.Index(fields=["-decided_at", "-id"], name="decision_latest"),
            models.Index(fields=["-changed_at", "-id"], name="decision_changed"),
            models.Index(
                fields=["municipality", "body", "decided_at"],
                include=["amount"],
                name="decision_delegated",
                condition=Q(outcome=Outcome.PRIORITIZE, amount__isnull=False),
            ),
            GinIndex(OpClass(F("card"), name="gin_trgm_ops"), name="decision_card_trigram"),
            GinIndex(OpClass(F("text"), name="gin_trgm_ops"), name="decision_text_trigram"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="card", when=pgtrigger.Before, operation=pgtrigger.Insert | pgtrigger.Update, func=_CARD
            ),
            pgtrigger.Trigger(
                name="by_a_quorum",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=voters.DECISION,
                declare=[
                    ("the_item", "bigint"),
                    ("the_meeting", "bigint"),
                    ("the_status", "text"),
                    ("part", "integer"),
                    ("whole", "integer"),
                    ("seats", "integer"),
                    ("voters", "integer"),
                ],
            ),
            authority.within_delegation(),
            locked(
                "governance_decision",
                OF_DECISION,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    "agenda_item",
                    "body",
                    "outcome",
                    "text",
                    "votes_for",
                    "votes_against",
                    "votes_blank",
                    "present",
                    "seats",
                    "roll",
                    "casting_vote",
                    "decided_at",
                    "number",
                    "responsible",
                    "due_on",
                ),
            ),
        ]
        constraints = [
            constraints.known("decision_outcome", "outcome", Outcome),
            constraints.unique(
                "decision_number", "municipality", "number", message=_("Løpenummeret er i bruk.")
            ),
            constraints.unique(
                "decision_once",
                "initiative",
                "municipality",
                "body",
                "reference",
                "decided_on",
                condition=Q(decided_on__isnull=False) & ~Q(reference=""),
                message=_("Vedtaket er alt ført."),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("governance:decision_detail", args=[self.pk])

    @property
    def day(self) -> date:
        """The day it was decided, which for another body's decision is before it was registered here."""
        return self.decided_on or timezone.localdate(self.decided_at)

    @property
    def open_title(self) -> str:
        """What it is about, as everybody who sees the line may know it."""
        if self.initiative is not None:
            return self.initiative.card_title
        return self.agenda_item.title if self.agenda_item is not None else ""

    @property
    def is_unanimous(self) -> bool:
        return not self.votes_against and not self.votes_blank


@tracked()
class MunicipalDecision(Registered, Tracked):
    """What one municipality decides after the council, with its own share of the cost."""

    class Verdict(models.TextChoices):
        PENDING = "pending", _("Venter på avgjørelse")
        APPROVED = "approved", _("Vedtatt")
        REFUSED = "refused", _("Avslått")

    initiative = models.ForeignKey(Initiative, models.PROTECT, related_name="municipal_decisions")
    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    verdict = models.CharField(
        _("avgjørelse"), max_length=20, choices=Verdict.choices, default=Verdict.PENDING
    )
    body = models.CharField(
        _("organ"), max_length=20, choices=Decision.Body.choices, default=Decision.Body.KOMMUNEDIREKTOR
    )
    cost_share = models.DecimalField(_("andel i prosent"), max_digits=5, decimal_places=2, null=True)
    amount = models.DecimalField(_("beløp"), max_digits=14, decimal_places=2, null=True)
    granted = models.DecimalField(_("bevilget"), max_digits=14, decimal_places=2, null=True, blank=True)
    reference = models.CharField(_("vedtaksreferanse"), max_length=100, blank=True)
    text = models.TextField(_("vedtak"), max_length=8000, blank=True)
    due_on = models.DateField(_("frist"), null=True)
    confirms_new_share = models.BooleanField(default=False)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = MunicipalDecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("kommunens avgjørelse")
        verbose_name_plural = _("kommunenes avgjørelser")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["municipality"], name="municipal_pending", condition=Q(verdict="pending"))
        ]
        constraints = [
            constraints.unique(
                "municipal_decision_once",
                "initiative",
                "municipality",
                message=_("Kommunen har alt en rad her."),
            ),
            constraints.together(
                "municipal_decided",
                "decided_at",
                "decided_by",
                _("Avgjørelsen må ha både tidspunkt og navn."),
            ),
            constraints.check(
                "municipal_verdict",
                Q(verdict="pending", decided_at=None)
                | Q(verdict__in=["approved", "refused"], decided_at__isnull=False),
                _("En avgjørelse har tidspunkt, en åpen har det ikke."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.municipality_id}: {self.verdict}"

    def get_absolute_url(self) -> str:
        return reverse("governance:municipal_decision", args=[self.pk])

    @property
    def is_pending(self) -> bool:
        return self.verdict == self.Verdict.PENDING

    @property
    def is_approved(self) -> bool:
        return self.verdict == self.Verdict.APPROVED

    @property
    def is_refused(self) -> bool:
        return self.verdict == self.Verdict.REFUSED
