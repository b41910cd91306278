"""Change work: actions, change agents, stakeholders and risks of a plan (domain/benefits 3.2 F, 3.3 and 3.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from benefits.change.queries import (
    OPEN,
    BenefitRiskQuerySet,
    ChangeActionQuerySet,
    PlanPartQuerySet,
)
from benefits.models.benefit import Benefit
from benefits.models.map import MapNode
from core import constraints
from core.history import Tracked, tracked
from governance.models import Initiative
from organization.models import RoleAssignment

if TYPE_CHECKING:
    from datetime import date


class ChangeKind(models.TextChoices):
    TRAINING = "training", _("Opplæring")
    ROUTINE = "routine", _("Ny rutine")
    ACCESS = "access", _("Tilganger og rettigheter")
    PHASING_OUT = "phasing_out", _("Utfasing av det gamle")
    INFORMATION = "information", _("Informasjon")
    COST_CUT = "cost_cut", _("Kutt i kostnad")
    OTHER = "other", _("Annet")


class ChangeStatus(models.TextChoices):
    NOT_STARTED = "not_started", _("Ikke startet")
    UNDER_WAY = "under_way", _("Under arbeid")
    DONE = "done", _("Ferdig")
    NOT_DONE = "not_done", _("Ikke gjennomført")


class RiskProfile(models.TextChoices):
    LOW = "low", _("Lav")
    MODERATE = "moderate", _("Moderat")
    HIGH = "high", _("Høy")


class StakeholderGroup(models.TextChoices):
    """*Interessentgruppe* of Prosjektportefølje 365 (domain/portfolio)."""

    USERS = "users", _("Brukere og pårørende")
    EMPLOYEES = "employees", _("Medarbeidere")
    LEADERS = "leaders", _("Ledelse")
    CITIZENS = "citizens", _("Innbyggere")
    UNIONS = "unions", _("Fagforening og vernetjeneste")
    BUSINESS = "business", _("Næringsliv og leverandører")
    VOLUNTARY = "voluntary", _("Frivillighet og organisasjoner")
    OTHER_PUBLIC = "other_public", _("Andre offentlige aktører")


class Influence(models.IntegerChoices):
    SMALL = 1, _("Liten")
    MEDIUM = 2, _("Middels")
    GREAT = 3, _("Stor")


class Attitude(models.IntegerChoices):
    AGAINST = -1, _("Skeptisk")
    NEUTRAL = 0, _("Avventende")
    FOR = 1, _("Positiv")


class RiskState(models.TextChoices):
    """*Status* of *Usikkerhet* in Prosjektportefølje 365 (domain/portfolio)."""

    IDENTIFIED = "identified", _("Identifisert")
    HANDLED = "handled", _("Tiltak gjennomført")
    GONE = "gone", _("Ikke lenger aktuell")


C = ChangeStatus
CHANGE_TONES: dict[str, str] = {
    C.NOT_STARTED: "neutral", C.UNDER_WAY: "info", C.DONE: "success", C.NOT_DONE: "warning",
}  # fmt: skip
STEPS = 5


def _person(label: Any) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=label
    )


class PlanPart(Tracked):
    """A row of a plan beside its benefits.  What is taken out stays, and can be taken in again."""

    removed_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(editable=False)

    class Meta:
        abstract = True

    @property
    def is_removed(self) -> bool:
        return self.removed_at is not None


@tracked()
class ChangeAction(PlanPart):
    """What must be done for the change to stick: what, who, by when, and what it serves."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="change_actions")
    title = models.CharField(_("tiltak"), max_length=200)
    kind = models.CharField(_("type"), max_length=20, choices=ChangeKind.choices)
    how = models.TextField(_("mer om tiltaket"), max_length=2000, blank=True)
    owner = _person(_("ansvarlig"))
    due_on = models.DateField(_("frist"), null=True, blank=True)
    risk_profile = models.CharField(
        _("risikoprofil"), max_length=10, choices=RiskProfile.choices, default=RiskProfile.LOW
    )
    benefit = models.ForeignKey(
        Benefit, models.SET_NULL, null=True, blank=True, related_name="change_actions", verbose_name=_("gevinst")
    )  # fmt: skip
    node = models.ForeignKey(
        MapNode, models.SET_NULL, null=True, blank=True, related_name="change_actions",
        verbose_name=_("boks i gevinstkartet"),
    )  # fmt: skip
    status = models.CharField(
        _("status"), max_length=20, choices=ChangeStatus.choices, default=C.NOT_STARTED, editable=False
    )
    outcome = models.TextField(_("hvordan det gikk"), max_length=2000, blank=True, editable=False)
    concluded_at = models.DateTimeField(null=True, editable=False)

    objects = ChangeActionQuerySet.as_manager()

    class Meta:
        verbose_name = _("tiltak for realisering")
        verbose_name_plural = _("tiltak for realisering")
        ordering = ["due_on", "pk"]
        indexes = [
            models.Index(
                fields=["owner", "due_on"], name="change_action_of_owner",
                condition=Q(status__in=OPEN, removed_at=None),
            ),
            models.Index(
                fields=["due_on", "id"], name="change_action_due", condition=Q(status__in=OPEN, removed_at=None)
            ),
        ]  # fmt: skip
        constraints = [
            constraints.known("change_action_kind", "kind", ChangeKind),
            constraints.known("change_action_status", "status", ChangeStatus),
            constraints.known("change_action_profile", "risk_profile", RiskProfile),
            constraints.check(
                "change_action_concluded",
                Q(status__in=OPEN, concluded_at=None) | Q(status__in=["done", "not_done"], concluded_at__isnull=False),
                _("Et tiltak som er avsluttet, har et tidspunkt."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("benefits:change_action_detail", args=[self.pk])

    @property
    def tone(self) -> str:
        return CHANGE_TONES[self.status]

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def is_done(self) -> bool:
        return self.status == C.DONE

    def is_late(self, today: date) -> bool:
        return self.is_open and self.due_on is not None and self.due_on < today


@tracked()
class ChangeAgent(PlanPart):
    """Somebody with the role of change agent who takes part in this change.

    Person, unit and period are those of the role, which the administrator gives and ends.
    """

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="change_agents")
    role = models.ForeignKey(
        RoleAssignment, models.PROTECT, related_name="+", verbose_name=_("endringsagent")
    )
    task = models.CharField(_("hva endringsagenten gjør"), max_length=300, blank=True)

    objects = PlanPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("endringsagent i planen")
        verbose_name_plural = _("endringsagenter i planen")
        ordering = ["pk"]
        constraints = [
            constraints.unique(
                "change_agent_once", "initiative", "role", condition=Q(removed_at=None),
                message=_("Endringsagenten er alt med i planen."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.role.person)


@tracked()
class Stakeholder(PlanPart):
    """Whom the change matters to: what they win and lose, what they can influence, and how they take part."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="stakeholders")
    name = models.CharField(_("interessent"), max_length=160)
    group = models.CharField(_("interessentgruppe"), max_length=20, choices=StakeholderGroup.choices)
    gains = models.TextField(_("hva de vinner"), max_length=1000, blank=True)
    loses = models.TextField(_("hva de taper"), max_length=1000, blank=True)
    influence = models.PositiveSmallIntegerField(_("innflytelse"), choices=Influence.choices)
    attitude = models.SmallIntegerField(_("holdning"), choices=Attitude.choices)
    involvement = models.TextField(_("strategi"), max_length=1000, blank=True)
    contact = _person(_("kontakt"))

    objects = PlanPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("interessent")
        verbose_name_plural = _("interessenter")
        ordering = ["-influence", "attitude", "pk"]
        constraints = [
            constraints.known("stakeholder_group", "group", StakeholderGroup),
            constraints.check("stakeholder_influence", Q(influence__in=[1, 2, 3]), _("Innflytelse går fra 1 til 3.")),
            constraints.check("stakeholder_attitude", Q(attitude__in=[-1, 0, 1]), _("Holdning går fra −1 til 1.")),
            constraints.unique(
                "stakeholder_once", "initiative", "name", condition=Q(removed_at=None),
                message=_("Interessenten står alt i planen."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


@tracked()
class BenefitRisk(PlanPart):
    """What may keep a benefit from coming: how likely, how grave, what is done about it, and when it was looked at."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="benefit_risks")
    benefit = models.ForeignKey(
        Benefit, models.SET_NULL, null=True, blank=True, related_name="risks", verbose_name=_("gevinst")
    )
    title = models.CharField(_("hva kan gå galt"), max_length=200)
    likelihood = models.PositiveSmallIntegerField(_("sannsynlighet"))
    consequence = models.PositiveSmallIntegerField(_("konsekvens"))
    measure = models.TextField(_("hva som gjøres med det"), max_length=2000, blank=True)
    action = models.ForeignKey(
        ChangeAction, models.SET_NULL, null=True, blank=True, related_name="risks",
        verbose_name=_("tiltak mot risikoen"),
    )  # fmt: skip
    owner = _person(_("risikoeier"))
    state = models.CharField(
        _("status"), max_length=20, choices=RiskState.choices, default=RiskState.IDENTIFIED
    )
    reviewed_on = models.DateField(_("sist vurdert"))
    review_on = models.DateField(_("vurderes igjen"), null=True, blank=True)

    objects = BenefitRiskQuerySet.as_manager()

    class Meta:
        verbose_name = _("risiko for gevinsten")
        verbose_name_plural = _("risikoer for gevinstene")
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["review_on", "id"], name="benefit_risk_review",
                condition=Q(removed_at=None, review_on__isnull=False),
            ),
            models.Index(fields=["owner"], name="benefit_risk_of_owner", condition=Q(removed_at=None)),
        ]  # fmt: skip
        constraints = [
            constraints.known("benefit_risk_state", "state", RiskState),
            constraints.check(
                "benefit_risk_steps",
                Q(likelihood__gte=1, likelihood__lte=STEPS, consequence__gte=1, consequence__lte=STEPS),
                _("Sannsynlighet og konsekvens går fra 1 til 5."),
            ),
            constraints.ordered(
                "benefit_risk_dates", "reviewed_on", "review_on", _("Neste vurdering kommer etter den siste.")
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("benefits:benefit_risk_edit", args=[self.pk])

    @property
    def score(self) -> int:
        return self.likelihood * self.consequence

    @property
    def is_gone(self) -> bool:
        return self.state == RiskState.GONE
