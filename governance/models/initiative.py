"""The initiative (tiltak): one record from the first draft to the proven benefit."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Case, F, Q, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import constraints
from core.history import Tracked, tracked
from governance.models import authority
from governance.models.cycle import CyclePeriod, LateCategory, late_words
from governance.models.status import (
    ADOPTED_AND_LATER,
    EDITABLE_BY_SUBMITTER,
    FINAL,
    TONES,
    UNDER_WAY,
    Status,
    stage_of,
)
from governance.queries import InitiativeQuerySet
from organization.feed import in_feed
from organization.models import Goal, ProfessionalGroup, Unit

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise


_RENEW_CARDS = """
    update governance_decision set card = '' where initiative_id = new.id;
    return null;
"""


class Answer(models.TextChoices):
    YES = "yes", _("Ja")
    NO = "no", _("Nei")
    UNKNOWN = "unknown", _("Vet ikke ennå")


def _person(label: StrOrPromise, **options: Any) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=label,
        **options,
    )


@in_feed(
    kind="initiative",
    resource="initiatives",
    derived=("card_title", "search_card", "search_papers"),
)
@tracked(exclude=("card_title", "search_card", "search_papers"))
class Initiative(Tracked):
    """A measure that somebody wants the municipality to carry out.

    ``municipality`` is the legal entity that owns the record.  A regional one belongs to the
    region and lists its participating municipalities in ``Participation``.
    """

    class Category(models.TextChoices):
        OPERATIONS = "operations", _("Drift og forvaltning")
        DEVELOPMENT = "development", _("Utvikling")
        PROCUREMENT = "procurement", _("Anskaffelse")
        STUDY = "study", _("Utredning")
        REGIONAL = "regional", _("Regionalt eller felles")

    class Financing(models.TextChoices):
        OWN_BUDGET = "own_budget", _("Innenfor egen ramme")
        SECRETARIAT_BUDGET = "secretariat_budget", _("Sekretariatets ramme")
        BUDGET_APPLICATION = "budget_application", _("Det søkes om budsjett")
        GRANT = "grant", _("Tilskudd")

    class ShieldBasis(models.TextChoices):
        """Legal bases for shielding, chosen from a list, never typed (domain/governance 4.2)."""

        NONE = "", _("Ikke skjermet")
        CONFIDENTIAL = "offl_13", _("Offentleglova § 13: taushetsplikt")
        INTERNAL = "offl_14", _("Offentleglova § 14: organinternt dokument")
        NEGOTIATION = "offl_23", _("Offentleglova § 23: forhandlingsposisjon og anskaffelse")
        SECURITY = "offl_24", _("Offentleglova § 24: kontroll og sikkerhet")

    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="initiatives", verbose_name=_("enhet"))
    number = models.CharField(_("nummer"), max_length=20, blank=True)
    status = models.CharField(_("status"), max_length=30, choices=Status.choices, default=Status.DRAFT)
    status_since = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    # 1 Om tiltaket
    title = models.CharField(_("tittel"), max_length=200)
    summary = models.TextField(_("kort beskrivelse"), max_length=600, blank=True)
    need = models.TextField(_("behov"), max_length=10_000, blank=True)
    target_group = models.CharField(_("målgruppe"), max_length=500, blank=True)
    category = models.CharField(_("kategori"), max_length=20, choices=Category.choices, blank=True)
    is_statutory = models.BooleanField(_("lovpålagt"), default=False)
    statutory_basis = models.CharField(_("hjemmel"), max_length=300, blank=True)
    statutory_deadline = models.DateField(_("lovpålagt frist"), null=True, blank=True)
    goals = models.ManyToManyField(
        Goal,
        through="InitiativeGoal",
        related_name="initiatives",
        blank=True,
        verbose_name=_("strategiske mål"),
    )
    professional_group = models.ForeignKey(
        ProfessionalGroup, models.PROTECT, null=True, blank=True, related_name="initiatives",
        verbose_name=_("på vegne av faggruppe"),
    )  # fmt: skip
    desired_start = models.DateField(_("ønsket oppstart"), null=True, blank=True)

    # 3 Kostnad og ressurser (investments per year are CostLine rows)
    operation_per_year = models.DecimalField(
        _("årlig drift"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    internal_hours = models.PositiveIntegerField(_("interne timer"), null=True, blank=True)
    financing = models.CharField(_("finansiering"), max_length=20, choices=Financing.choices, blank=True)
    cost_note = models.TextField(_("merknad om kostnad"), max_length=2000, blank=True)

    # 4 Ansvar
    submitter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="submitted_initiatives",
        verbose_name=_("innmelder"),
    )
    co_editors = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        related_name="co_edited_initiatives",
        blank=True,
        verbose_name=_("medforfattere"),
    )
    service_owner = _person(_("tjenesteeier"))
    project_owner = _person(_("prosjekteier"))

    # 5 Vurderinger
    personal_data = models.CharField(
        _("personopplysninger"), max_length=10, choices=Answer.choices, blank=True
    )
    personal_data_note = models.TextField(_("om personopplysninger"), max_length=2000, blank=True)
    security_note = models.TextField(_("informasjonssikkerhet"), max_length=2000, blank=True)
    accessibility_note = models.TextField(_("universell utforming"), max_length=2000, blank=True)
    integration_note = models.TextField(_("integrasjoner og arkitektur"), max_length=2000, blank=True)
    archive_note = models.TextField(_("arkiv"), max_length=2000, blank=True)
    affects_staff = models.CharField(_("påvirker ansatte"), max_length=10, choices=Answer.choices, blank=True)
    affects_staff_note = models.TextField(_("hvordan ansatte påvirkes"), max_length=2000, blank=True)
    dependency_note = models.TextField(_("avhengigheter"), max_length=2000, blank=True)
    regional_note = models.TextField(_("regionalt samarbeid"), max_length=2000, blank=True)
    reuse_note = models.TextField(_("løsning fra før"), max_length=2000, blank=True)

    # 6 Nullalternativ, 7 skjerming
    null_alternative = models.TextField(_("nullalternativ"), max_length=5000, blank=True)
    shield_basis = models.CharField(
        _("skjermingshjemmel"), max_length=20, choices=ShieldBasis.choices, blank=True
    )
    public_title = models.CharField(_("offentlig tittel"), max_length=200, blank=True)

    # Which round of the annual cycle it is meant for, and why it may come late to it
    cycle_period = models.ForeignKey(
        CyclePeriod, models.PROTECT, null=True, related_name="initiatives", verbose_name=_("meldt inn til")
    )
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

    # Along the line
    submitted_at = models.DateTimeField(null=True)
    due_on = models.DateField(_("frist for steget"), null=True)
    missing = models.JSONField(_("mangler"), default=list, blank=True)
    case_handler = _person(_("saksbehandler"))
    is_principle = models.BooleanField(_("prinsipiell sak"), default=False, db_default=False)
    principle_reason = models.TextField(
        _("hvorfor saken er prinsipiell eller ikke"), max_length=2000, blank=True, db_default=""
    )
    review_on = models.DateField(_("vurderes på nytt"), null=True)
    hearing_round = models.PositiveSmallIntegerField(_("høringsrunde"), default=1, db_default=1)
    papers_published_at = models.DateTimeField(null=True)
    archive_reference = models.CharField(_("saksnummer i arkivet"), max_length=60, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged_from")
    referred_to = models.CharField(_("henvist til"), max_length=300, blank=True)

    # Kept by the database
    card_title = models.GeneratedField(
        expression=Case(When(shield_basis="", then=F("title")), default=F("public_title")),
        output_field=models.CharField(max_length=200),
        db_persist=True,
    )
    search_card = models.GeneratedField(
        expression=SearchVector(
            Case(When(shield_basis="", then=F("title")), default=F("public_title")),
            "number",
            config="norwegian",
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    search_papers = models.GeneratedField(
        expression=SearchVector("title", "number", "summary", "need", config="norwegian"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = InitiativeQuerySet.as_manager()

    class Meta:
        verbose_name = _("tiltak")
        verbose_name_plural = _("tiltak")
        indexes = [
            models.Index(fields=["-changed_at", "-id"], name="initiative_latest"),
            models.Index(fields=["municipality", "-changed_at", "-id"], name="initiative_of_municipality"),
            models.Index(fields=["status", "-changed_at", "-id"], name="initiative_of_status"),
            # What waits for a secretariat, in the order of the inbox; the order of its queue is read off it too.
            models.Index(
                fields=["municipality", "status", "due_on", "id"],
                include=["status_since"],
                name="initiative_waiting",
            ),
            models.Index(fields=["unit", "status"], name="initiative_of_unit"),
            models.Index(fields=["municipality"], name="initiative_shielded", condition=~Q(shield_basis="")),
            models.Index(fields=["submitter", "-changed_at"], name="initiative_of_submitter"),
            models.Index(fields=["case_handler", "status", "due_on", "id"], name="initiative_of_handler"),
            models.Index(
                fields=["municipality", "review_on"],
                name="initiative_to_review",
                condition=Q(status=Status.ON_HOLD),
            ),
            models.Index(fields=["status", "due_on"], name="initiative_due"),
            models.Index(
                fields=["-papers_published_at", "-id"],
                name="initiative_published",
                condition=Q(papers_published_at__isnull=False),
            ),
            GinIndex(fields=["search_card"], name="initiative_search_card"),
            GinIndex(fields=["search_papers"], name="initiative_search_papers"),
            GinIndex(OpClass(F("card_title"), name="gin_trgm_ops"), name="initiative_title_trigram"),
            GinIndex(OpClass(F("number"), name="gin_trgm_ops"), name="initiative_number_trigram"),
            GinIndex(
                F("search_card"),
                OpClass(F("card_title"), name="gin_trgm_ops"),
                OpClass(F("number"), name="gin_trgm_ops"),
                name="initiative_under_way_search",
                condition=Q(status__in=sorted(UNDER_WAY)),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="card_of_decisions",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("number", "title", "public_title", "shield_basis"),
                func=_RENEW_CARDS,
            ),
            authority.adopted_on_authority(),
        ]
        constraints = [
            constraints.check(
                "initiative_principle",
                Q(is_principle=False) | ~Q(principle_reason=""),
                _("Skriv hvorfor saken er prinsipiell."),
            ),
            constraints.known("initiative_status", "status", Status),
            constraints.unique(
                "initiative_number", "municipality", "number",
                condition=~Q(number=""), message=_("Nummeret er alt i bruk."),
            ),
            constraints.check(
                "initiative_numbered",
                Q(submitted_at=None) | ~Q(number=""),
                _("Et innmeldt tiltak har nummer."),
            ),
            constraints.check(
                "initiative_shielded_title",
                Q(shield_basis="") | ~Q(public_title=""),
                _("Et skjermet tiltak må ha en offentlig tittel."),
            ),
            constraints.not_negative(
                "initiative_operation", "operation_per_year", _("Årlig drift kan ikke være negativ.")
            ),
            constraints.check(
                "initiative_late", Q(late_category="", late_reason="") | (~Q(late_category="") & ~Q(late_reason="") & ~Q(cycle_period=None)),
                _("En sen innmelding må ha både grunn og begrunnelse, og gjelde en periode i årshjulet."),
            ),
            constraints.check(
                "initiative_late_category", Q(late_category__in=["", *LateCategory.values]), _("Ukjent grunn til sen innmelding.")
            ),
            constraints.check(
                "initiative_merged", Q(merged_into=None) | ~Q(merged_into=F("id")), _("Et tiltak kan ikke slås sammen med seg selv."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.card_title or self.title

    def get_absolute_url(self) -> str:
        return reverse("governance:initiative_detail", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        return self.status == Status.DRAFT

    @property
    def is_editable_by_submitter(self) -> bool:
        return self.status in EDITABLE_BY_SUBMITTER

    @property
    def is_final(self) -> bool:
        return self.status in FINAL

    @property
    def participant_ids(self) -> frozenset[int]:
        """The legal entities whose people and goals belong to it; reads ``participations`` of a regional one."""
        if self.pk is None:
            return frozenset()
        if self.municipality.kind != Unit.Kind.REGION:  # nobody else can take part
            return frozenset({self.municipality_id})
        taking_part = (row.municipality_id for row in self.participations.all() if row.left_at is None)
        return frozenset({self.municipality_id, *taking_part})

    @property
    def is_adopted(self) -> bool:
        return self.status in ADOPTED_AND_LATER

    @property
    def is_shielded(self) -> bool:
        return self.shield_basis != ""

    @property
    def needs_budget(self) -> bool:
        return self.financing == self.Financing.BUDGET_APPLICATION

    @property
    def late_words(self) -> str:
        """Why the case came after the deadline of its meeting, as the papers tell it; nothing when it was in time.

        Of the meeting whose agenda it stands on, where that is loaded (``agenda``) and says so itself.
        """
        item = (getattr(self, "agenda", None) or [{}])[0]
        at_meeting = late_words(item.get("late_category", ""), item.get("late_reason", ""))
        return at_meeting or late_words(self.late_category, self.late_reason)

    @property
    def stage(self) -> str:
        return stage_of(self.status)

    @property
    def tone(self) -> str:
        return TONES.get(self.status, "info")

    def lifetime_amount(self, years: int) -> Decimal:
        """Return all investments plus ``years`` of operation, in kroner.

        The whole life counts against a delegation, so that a measure cannot be split to fit
        (domain/governance 4.6).
        """
        invested = sum((line.amount for line in self.cost_lines.all()), Decimal(0))
        return invested + (self.operation_per_year or Decimal(0)) * years


class CostLine(models.Model):
    """What the initiative costs to establish in one year, in kroner."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="cost_lines")
    year = models.PositiveSmallIntegerField(_("år"))
    amount = models.DecimalField(_("investering"), max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = _("kostnad")
        verbose_name_plural = _("kostnader")
        ordering = ["year"]
        constraints = [
            constraints.unique("cost_year", "initiative", "year", message=_("Året er alt ført.")),
            constraints.not_negative("cost_amount", "amount", _("Investeringen kan ikke være negativ.")),
        ]

    def __str__(self) -> str:
        return f"{self.year}: {self.amount}"


@tracked()
class Participation(Tracked):
    """A municipality that takes part in a regional initiative, with its share of the cost."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="participations")
    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    cost_share = models.DecimalField(_("andel i prosent"), max_digits=5, decimal_places=2, null=True)
    left_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("deltakelse")
        verbose_name_plural = _("deltakelser")
        indexes = [models.Index(fields=["municipality", "initiative"], name="participation_of")]
        constraints = [
            constraints.unique(
                "participation_once", "initiative", "municipality", message=_("Kommunen deltar alt.")
            ),
            constraints.check(
                "participation_share",
                Q(cost_share=None) | Q(cost_share__gte=0, cost_share__lte=100),
                _("Andelen er mellom 0 og 100 prosent."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.municipality_id}: {self.cost_share} %"


_WHEN_CHOSEN = """
    new.changed_at := coalesce(
        new.changed_at, (select changed_at from governance_initiative where id = new.initiative_id), now()
    );
    return new;
"""


@tracked()
class InitiativeGoal(Tracked):
    """That an initiative serves a strategic goal.

    The form that sets the goals saves the initiative first, and the database copies when that was.
    """

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="goal_links")
    goal = models.ForeignKey(Goal, models.CASCADE, related_name="+")

    class Meta:
        db_table = "governance_initiative_goals"
        verbose_name = _("kobling til mål")
        verbose_name_plural = _("koblinger til mål")
        constraints = [
            constraints.unique("initiative_goal_once", "initiative", "goal", message=_("Målet er alt valgt."))
        ]
        triggers = [
            pgtrigger.Trigger(
                name="when_chosen", when=pgtrigger.Before, operation=pgtrigger.Insert, func=_WHEN_CHOSEN
            )
        ]

    def __str__(self) -> str:
        return f"{self.initiative_id} {self.goal_id}"
