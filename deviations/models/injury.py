"""The register of injuries (aml. § 5-1): what the law asks for, no names and no medical data."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core import constraints
from core.history import Tracked, tracked
from deviations.injury_queries import InjuryQuerySet
from deviations.models.deviation import Deviation
from organization.models import Unit


class InjuryAnswer(models.TextChoices):
    YES = "yes", _("Ja")
    NO = "no", _("Nei")
    UNSURE = "unsure", _("Usikker")


@tracked()
class Injury(Tracked):
    """One injury at work, filled from the answers of the set *injury*.

    Each text is a choice of its question as it stood when it was answered; what somebody wrote
    in free words never comes here, so that the register holds neither a name nor a diagnosis.
    ``municipality``, ``unit`` and ``discovered_at`` repeat those of the case: the register is read by them.
    """

    Answer = InjuryAnswer

    deviation = models.OneToOneField(Deviation, models.CASCADE, related_name="injury")
    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("kommune"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("enhet"))
    discovered_at = models.DateTimeField(_("dato"))
    who = models.CharField(_("hvem"), max_length=120, blank=True)
    body_part = models.CharField(_("kroppsdel"), max_length=120, blank=True)
    nature = models.CharField(_("skade"), max_length=120, blank=True)
    absence = models.CharField(_("ventet fravær"), max_length=120, blank=True)
    treated = models.CharField(
        _("behandlet av lege"), max_length=10, choices=InjuryAnswer.choices, blank=True
    )
    at_work = models.CharField(_("i arbeidet"), max_length=10, choices=InjuryAnswer.choices, blank=True)

    objects = InjuryQuerySet.as_manager()

    class Meta:
        verbose_name = _("personskade")
        verbose_name_plural = _("personskader")
        indexes = [
            models.Index(fields=["municipality", "-discovered_at", "-id"], name="injury_latest"),
            models.Index(fields=["unit", "-discovered_at", "-id"], name="injury_of_unit"),
        ]
        constraints = [
            constraints.check(
                "injury_answers",
                models.Q(treated__in=["", *InjuryAnswer.values], at_work__in=["", *InjuryAnswer.values]),
                _("Svaret er ja, nei eller usikker."),
            )
        ]

    def __str__(self) -> str:
        return self.nature or str(_("Personskade"))
