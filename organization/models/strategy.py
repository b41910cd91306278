"""Adopted strategies and action plans, and the goals they break down to the line."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import constraints
from core.formats import short_date
from core.history import Tracked, tracked
from organization.bodies import PoliticalBody
from organization.feed import in_feed
from organization.models.unit import Unit
from organization.queries import GoalQuerySet, StrategyQuerySet


@tracked()
class Strategy(Tracked):
    """One adopted version of a strategy or action plan.  A new version is a new row."""

    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    title = models.CharField(_("tittel"), max_length=200)
    version = models.CharField(_("versjon"), max_length=20)
    adopted_on = models.DateField(_("vedtatt"), null=True, blank=True)
    adopted_body = models.CharField(_("organ"), max_length=20, choices=PoliticalBody.choices, blank=True)
    adopted_by = models.CharField(_("vedtatt av"), max_length=200, blank=True)
    adopted_reference = models.CharField(_("saksnummer"), max_length=100, blank=True)
    adopted_link = models.URLField(_("lenke til vedtaket"), max_length=500, blank=True)
    is_uncited = models.BooleanField(_("vedtatt før saksnummer ble krevd"), default=False, editable=False)
    valid_to = models.DateField(_("gjelder til"), null=True, blank=True)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")

    objects = StrategyQuerySet.as_manager()

    class Meta:
        verbose_name = _("strategi")
        verbose_name_plural = _("strategier")
        constraints = [
            constraints.unique(
                "strategy_version",
                "municipality",
                "title",
                "version",
                message=_("Denne versjonen finnes alt."),
            ),
            constraints.ordered(
                "strategy_period",
                "adopted_on",
                "valid_to",
                _("Strategien kan ikke slutte før den er vedtatt."),
            ),
            constraints.check(
                "strategy_citation",
                Q(adopted_on=None) | Q(is_uncited=True) | (~Q(adopted_body="") & ~Q(adopted_reference="")),
                _("Et vedtak viser til organet og saksnummeret."),
            ),
            constraints.check(
                "strategy_other_body",
                ~Q(adopted_body=PoliticalBody.OTHER.value) | ~Q(adopted_by=""),
                _("Skriv hvilket organ som vedtok strategien."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.version}"

    @property
    def is_adopted(self) -> bool:
        return self.adopted_on is not None

    @property
    def citation(self) -> str:
        """The political decision: who, and in which case; of older strategies what was written then."""
        is_named = self.adopted_body not in {"", PoliticalBody.OTHER}
        who = str(self.get_adopted_body_display()) if is_named else self.adopted_by
        return ", ".join(part for part in (who, self.adopted_reference) if part)

    @property
    def decision_words(self) -> str:
        """The political decision in one line, to stand beside a goal; empty while the strategy is a draft."""
        if self.adopted_on is None:
            return ""
        day = short_date(self.adopted_on)
        if not self.adopted_reference:  # adopted before a case number was asked for
            who = f": {self.citation}" if self.citation else ""
            return gettext("Vedtatt %(day)s%(who)s") % {"day": day, "who": who}
        is_other = self.adopted_body in {"", PoliticalBody.OTHER}
        who = self.adopted_by if is_other else str(self.get_adopted_body_display()).lower()
        case = self.adopted_reference
        if "sak" not in case.casefold():
            case = gettext("sak %(case)s") % {"case": case}
        if not who:
            return gettext("Vedtatt %(day)s, %(case)s") % {"day": day, "case": case}
        return gettext("Vedtatt av %(who)s %(day)s, %(case)s") % {"who": who, "day": day, "case": case}


@in_feed(
    kind="goal", resource="goals",
    municipality="(select municipality_id from organization_strategy where id = {row}.strategy_id)",
)  # fmt: skip
@tracked()
class Goal(Tracked):
    """A strategic goal, broken down to a sector or unit, with an owner and an indicator."""

    strategy = models.ForeignKey(Strategy, models.PROTECT, related_name="goals")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="goals", verbose_name=_("gjelder"))
    code = models.CharField(_("nummer"), max_length=20)
    title = models.CharField(_("mål"), max_length=300)
    indicator = models.CharField(_("indikator"), max_length=300, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("måleier"),
    )

    objects = GoalQuerySet.as_manager()

    class Meta:
        verbose_name = _("mål")
        verbose_name_plural = _("mål")
        ordering = ["strategy_id", "code"]
        constraints = [
            constraints.unique(
                "goal_code", "strategy", "code", message=_("Nummeret er alt i bruk i strategien.")
            ),
            constraints.check(
                "goal_not_own_parent",
                Q(parent=None) | ~Q(parent=F("id")),
                _("Et mål kan ikke være en del av seg selv."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"
