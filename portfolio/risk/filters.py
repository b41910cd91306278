"""The filters of the portfolio's risks, in the address so that a view can be shared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import OuterRef
from django.utils.translation import gettext_lazy as _

from core.conditions import has_one
from portfolio.filters import PlaceFilter
from portfolio.models import Project, ProjectRisk, RiskKind

if TYPE_CHECKING:
    from organization.actors import PersonActor
    from portfolio.queries import ProjectRiskQuerySet


class RiskFilter(PlaceFilter):
    """What narrows the risks.  A choice that cannot be read is as if it were not there."""

    type = forms.ChoiceField(label=_("Vis"), choices=[("", _("Risiko")), (RiskKind.OPPORTUNITY.value, _("Muligheter"))], required=False)  # fmt: skip
    sektor = forms.ChoiceField(label=_("Sektor"), required=False)
    kommune = forms.ChoiceField(label=_("Kommune"), required=False)

    def __init__(self, *args: Any, actor: PersonActor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.projects = Project.objects.readable_by(actor).running()
        self.offer_places(actor)

    @property
    def rows(self) -> ProjectRiskQuerySet:
        """The open risks, or opportunities, of the projects that pass; the index «risk_worst» has them in order."""
        chosen, projects = self.chosen, self.projects
        if sector := chosen.get("sektor"):
            projects = projects.below(self.sectors[sector])
        if municipality := chosen.get("kommune"):
            projects = projects.filter(municipality_id=int(municipality))
        risks: ProjectRiskQuerySet = ProjectRisk.objects.open().filter(kind=chosen.get("type", RiskKind.RISK))
        return risks.filter(has_one(projects.filter(pk=OuterRef("project_id"))))
