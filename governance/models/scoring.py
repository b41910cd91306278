"""Criteria in versions, and the points that assessors have given an initiative."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import constraints
from core.history import Tracked, tracked
from governance.models.initiative import Initiative
from governance.scoring.arithmetic import MOST_POINTS
from governance.scoring_queries import AssessmentQuerySet, OfCriteria, OfInitiative
from organization.models import Unit
from organization.queries import InMunicipality


@tracked()
class CriteriaSet(Tracked):
    """A version of a municipality's criteria.  Without a day of adoption it is the draft of the next one."""

    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField(_("versjon"))
    adopted_by = models.CharField(_("vedtatt av"), max_length=200, blank=True)
    adopted_on = models.DateField(_("vedtatt"), null=True, blank=True)

    objects = InMunicipality.as_manager()

    class Meta:
        verbose_name = _("kriteriesett")
        verbose_name_plural = _("kriteriesett")
        constraints = [
            constraints.unique("criteria_number", "municipality", "number", message=_("Versjonen finnes alt.")),
            constraints.unique(
                "criteria_one_draft", "municipality", condition=Q(adopted_on=None), message=_("Det finnes alt et utkast."),
            ),
            constraints.check(
                "criteria_adopted", Q(adopted_on=None) | ~Q(adopted_by=""), _("Skriv hvem som har vedtatt kriteriene."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(_("Versjon %(number)s") % {"number": self.number})

    @property
    def is_draft(self) -> bool:
        return self.adopted_on is None


@tracked()
class Criterion(Tracked):
    """What is judged from 0 to 5, how much it weighs, and what each number of points means."""

    criteria_set = models.ForeignKey(CriteriaSet, models.CASCADE, related_name="criteria")
    name = models.CharField(_("kriterium"), max_length=100)
    description = models.CharField(_("forklaring"), max_length=300, blank=True)
    weight = models.PositiveSmallIntegerField(_("vekt"))
    anchors = ArrayField(models.CharField(max_length=200), verbose_name=_("hva poengene betyr"))
    position = models.PositiveSmallIntegerField(_("rekkefølge"), default=0)

    objects = OfCriteria.as_manager()

    class Meta:
        verbose_name = _("kriterium")
        verbose_name_plural = _("kriterier")
        ordering = ["position", "pk"]
        constraints = [
            constraints.unique("criterion_name", "criteria_set", "name", message=_("Kriteriet finnes alt.")),
            constraints.check("criterion_weight", Q(weight__gte=1, weight__lte=100), _("Vekten går fra 1 til 100.")),
            constraints.check(
                "criterion_anchors", Q(anchors__len=MOST_POINTS + 1), _("Skriv hva alle poeng fra 0 til 5 betyr.")
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


@tracked()
class Assessor(Tracked):
    """Somebody whom the secretariat has asked to assess an initiative."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="assessors")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = OfInitiative.as_manager()

    class Meta:
        verbose_name = _("bedømmer")
        verbose_name_plural = _("bedømmere")
        constraints = [
            constraints.unique("assessor_once", "initiative", "person", message=_("Personen er alt bedt om å vurdere tiltaket."))
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.person)


@tracked()
class Assessment(Tracked):
    """One person's points for an initiative, by the criteria that counted then."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="assessments")
    criteria_set = models.ForeignKey(CriteriaSet, models.PROTECT, related_name="+")
    assessor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    note = models.TextField(_("begrunnelse"), max_length=2000, blank=True)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("vurdering av et tiltak")
        verbose_name_plural = _("vurderinger av tiltak")
        constraints = [
            constraints.unique(
                "assessment_once", "initiative", "criteria_set", "assessor", message=_("Du har alt vurdert tiltaket."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.initiative_id}: {self.assessor_id}"


@tracked()
class GivenPoints(Tracked):
    """The points of an assessment for one criterion."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="given")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    points = models.PositiveSmallIntegerField(_("poeng"))

    class Meta:
        verbose_name = _("poeng for et kriterium")
        verbose_name_plural = _("poeng for kriterier")
        constraints = [
            constraints.unique("points_once", "assessment", "criterion", message=_("Kriteriet har alt fått poeng.")),
            constraints.check("points_scale", Q(points__lte=MOST_POINTS), _("Poengene går fra 0 til 5.")),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.criterion_id}: {self.points}"
