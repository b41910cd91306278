"""Those a project affects, or who can affect it (domain/portfolio 1.2, *Interessent*)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from core import constraints
from core.history import Tracked, tracked
from portfolio.models.project import Project
from portfolio.queries import OfProject


class InterestGroup(models.TextChoices):
    STAFF = "staff", _("Medarbeidere")
    MANAGEMENT = "management", _("Ledelse")
    INHABITANTS = "inhabitants", _("Innbyggere")
    USERS = "users", _("Brukere")
    BUSINESS = "business", _("Næringsliv")
    VOLUNTEERS = "volunteers", _("Frivillige og organisasjoner")
    UNIONS = "unions", _("Fagforeninger")
    PUBLIC = "public", _("Andre offentlige virksomheter")
    ACADEMIA = "academia", _("Universitet, høyskole og forskning")
    FUNDING = "funding", _("Virkemiddelapparatet")


class Degree(models.TextChoices):
    HIGH = "high", _("Stor")
    MIDDLE = "middle", _("Middels")
    LOW = "low", _("Liten")
    NONE = "none", _("Ingen")


def _degree(label: Any) -> models.CharField:
    return models.CharField(label, max_length=10, choices=Degree.choices)


def _text(label: Any) -> models.TextField:
    return models.TextField(label, max_length=2000, blank=True)


@tracked()
class ProjectStakeholder(Tracked):
    """A group or somebody outside the project: how much it means to them, what they can do, and what is done."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="stakeholders")
    name = models.CharField(_("hvem"), max_length=200)
    group = models.CharField(_("interessentgruppe"), max_length=20, choices=InterestGroup.choices)
    interest = _text(_("hva de er opptatt av"))
    affected = _degree(_("hvor mye de påvirkes"))
    influence = _degree(_("hvor mye de kan påvirke"))
    strategy = _text(_("hvordan dere vil møte dem"))
    arena = models.CharField(_("hvor dere møter dem"), max_length=300, blank=True)
    measure = _text(_("hva dere gjør"))
    created_at = models.DateTimeField()

    objects = OfProject.as_manager()

    class Meta:
        verbose_name = _("interessent i et prosjekt")
        verbose_name_plural = _("interessenter i prosjekter")
        constraints = [
            constraints.known("project_stakeholder_group", "group", InterestGroup),
            constraints.known("project_stakeholder_affected", "affected", Degree),
            constraints.known("project_stakeholder_influence", "influence", Degree),
            constraints.unique(
                "project_stakeholder_once", "project", "name", message=_("Interessenten står her alt."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name
