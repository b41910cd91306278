"""The filters of the portfolio's risks, in the address so that a view can be shared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import OuterRef
from django.utils.translation import gettext_lazy as _

from core.conditions import has_one
from core.forms import FilterForm
from organization.models import Unit
from portfolio.filters import municipalities_around, sectors_and_municipalities
from portfolio.models import Project, ProjectRisk, RiskKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from organization.actors import PersonActor
    from portfolio.queries import ProjectRiskQuerySet


class RiskFilter(FilterForm):
    """What narrows the risks.  A choice that cannot be read is as if it were not there."""

    type = forms.ChoiceField(label=_("Vis"), choices=[("", _("Risiko")), (RiskKind.OPPORTUNITY.value, _("Muligheter"))], required=False)  # fmt: skip
    sektor = forms.ChoiceField(label=_("Sektor"), required=False)
    kommune = forms.ChoiceField(label=_("Kommune"), required=False)

    def __init__(self, *args: Any, actor: PersonActor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.projects = Project.objects.visible_to(actor).running()
        own = list(sectors_and_municipalities(actor))
        self.sectors = {str(unit.pk): unit for unit in own if unit.kind == Unit.Kind.SECTOR}
        regions = {unit.region_id for unit in own if unit.region_id is not None}
        self._offer("sektor", self.sectors.values())
        if self._offer("kommune", municipalities_around(actor, regions)) < 2:  # noqa: PLR2004 (one is no choice)
            del self.fields["kommune"]

    def _offer(self, name: str, rows: Iterable[Any]) -> int:
        choices = [(str(row.pk), str(row)) for row in rows]
        self.fields[name].choices = [("", _("Alle")), *choices]  # type: ignore[attr-defined]
        return len(choices)

    @property
    def chosen(self) -> dict[str, str]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def active(self) -> int:
        """How many filters are in use."""
        return len(self.chosen)

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
