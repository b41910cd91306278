"""The filters of a project's log and of the lessons of the portfolio, in the address so that a view can be shared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.finding import AnyOf, contains, is_long_enough
from core.forms import FilterForm
from portfolio.filters import PlaceFilter
from portfolio.models import LogKind, Phase, ProjectLogEntry

if TYPE_CHECKING:
    from organization.actors import PersonActor
    from portfolio.models import Project
    from portfolio.queries import ProjectLogQuerySet

_KINDS = [("", _("Alt")), *LogKind.choices]


class LogFilter(FilterForm):
    """What narrows the log of a project.  A choice that cannot be read is as if it were not there."""

    type = forms.ChoiceField(label=_("Vis"), choices=_KINDS, required=False)

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.project = project

    @property
    def kind(self) -> str:
        self.is_valid()
        return str(self.cleaned_data.get("type", ""))

    @property
    def rows(self) -> ProjectLogQuerySet:
        rows: ProjectLogQuerySet = ProjectLogEntry.objects.filter(project=self.project)
        return rows.filter(kind=self.kind) if self.kind else rows


class LessonFilter(PlaceFilter):
    """What narrows the lessons of the portfolio."""

    q = forms.CharField(label=_("Søk"), max_length=200, required=False)
    type = forms.ChoiceField(label=_("Hva slags"), choices=_KINDS, required=False)
    fase = forms.ChoiceField(label=_("Fase"), choices=[("", _("Alle")), *Phase.choices], required=False)
    sektor = forms.ChoiceField(label=_("Sektor"), required=False)
    kommune = forms.ChoiceField(label=_("Kommune"), required=False)

    def __init__(self, *args: Any, actor: PersonActor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.offer_places(actor)

    @property
    def is_too_short(self) -> bool:
        """Whether the search has no word that can be found inside others."""
        return "q" in self.chosen and not is_long_enough(self.chosen["q"])

    @property
    def rows(self) -> ProjectLogQuerySet | AnyOf:
        """The lessons that pass, of what is not shielded."""
        chosen = self.chosen
        rows = ProjectLogEntry.objects.visible_to(self.actor).lessons()
        if sector := chosen.get("sektor"):
            rows = rows.filter(project__unit__path__startswith=self.sectors[sector].path)
        equal = {"kommune": "project__municipality_id", "fase": "phase", "type": "kind"}
        rows = rows.filter(**{column: chosen[name] for name, column in equal.items() if name in chosen})
        if "q" not in chosen or self.is_too_short:
            return rows
        return AnyOf(rows, (contains("title", chosen["q"]), contains("lesson", chosen["q"])))
