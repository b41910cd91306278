"""The filters of the portfolio: the same for board and table, and in the address so that a view can be shared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import OuterRef, Q
from django.utils.translation import gettext_lazy as _

from core.conditions import has_one
from core.finding import is_long_enough
from core.forms import FilterForm
from organization.models import Person, Unit
from portfolio.models import Phase, Project, ProjectStatus
from portfolio.queries import owners_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.finding import AnyOf
    from organization.actors import PersonActor
    from portfolio.queries import ProjectQuerySet

RUNNING, ALL = "", "alle"
_STATUSES = [(RUNNING, _("I gang eller på vent")), (ALL, _("Alle")), *ProjectStatus.choices]


class PortfolioFilter(FilterForm):
    """What narrows the portfolio.  A choice that cannot be read is as if it were not there."""

    q = forms.CharField(label=_("Søk"), max_length=200, required=False)
    sektor = forms.ChoiceField(label=_("Sektor"), required=False)
    eier = forms.ChoiceField(label=_("Prosjekteier"), required=False)
    kommune = forms.ChoiceField(label=_("Kommune"), required=False)
    status = forms.ChoiceField(label=_("Status"), choices=_STATUSES, required=False)
    fase = forms.ChoiceField(label=_("Fase"), choices=[("", _("Alle")), *Phase.choices], required=False)

    def __init__(self, *args: Any, actor: PersonActor, with_phase: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.visible = Project.objects.visible_to(actor)
        own = list(sectors_and_municipalities(actor))
        self.sectors = {str(unit.pk): unit for unit in own if unit.kind == Unit.Kind.SECTOR}
        regions = {unit.region_id for unit in own if unit.region_id is not None}
        self._offer("sektor", self.sectors.values())
        self._offer("eier", _owners(actor, regions))
        if self._offer("kommune", municipalities_around(actor, regions)) < 2:  # noqa: PLR2004 (one is no choice)
            del self.fields["kommune"]
        if not with_phase:
            del self.fields["fase"]

    def _offer(self, name: str, rows: Iterable[Any]) -> int:
        choices = [(str(row.pk), str(row)) for row in rows]
        self.fields[name].choices = [("", _("Alle")), *choices]  # type: ignore[attr-defined]
        return len(choices)

    @property
    def chosen(self) -> dict[str, str]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def finds_titles_only(self) -> bool:
        """Whether the search is too short to find parts of words and numbers."""
        return "q" in self.chosen and not is_long_enough(self.chosen["q"])

    @property
    def active(self) -> int:
        """How many filters are in use."""
        return len(self.chosen)

    @property
    def rows(self) -> ProjectQuerySet | AnyOf:
        """The projects that pass."""
        chosen, rows = self.chosen, self.visible.listed()
        status = chosen.get("status", RUNNING)
        if status == RUNNING:
            rows = rows.running()
        elif status != ALL:
            rows = rows.filter(status=status)
        if sector := chosen.get("sektor"):
            rows = rows.below(self.sectors[sector])
        equal = {"eier": "owner_id", "kommune": "municipality_id", "fase": "phase"}
        rows = rows.filter(**{column: chosen[name] for name, column in equal.items() if name in chosen})
        return rows.matching(chosen["q"], under_way=status == RUNNING) if "q" in chosen else rows


def sectors_and_municipalities(actor: PersonActor) -> Iterable[Unit]:
    kinds = [Unit.Kind.SECTOR, Unit.Kind.MUNICIPALITY]
    return Unit.objects.visible_to(actor).filter(kind__in=kinds).order_by("name", "pk")


# Only a region's initiatives have participants, so the projects of other municipalities need not be read.
def municipalities_around(actor: PersonActor, regions: Iterable[int]) -> Iterable[Unit]:
    """Return the municipalities and regions the actor sees projects of."""
    projects = Project.objects.visible_to(actor).filter(municipality_id=OuterRef("pk"))
    around = Unit.objects.filter(pk__in={*actor.municipality_ids, *regions})
    return around.filter(has_one(projects)).order_by("name")


def _owners(actor: PersonActor, regions: Iterable[int]) -> Iterable[Person]:
    """Return those who own a project the actor sees."""
    shared = Project.objects.visible_to(actor).filter(owner_id=OuterRef("pk"), municipality_id__in=regions)
    at_home = Q(pk__in=owners_in(actor.municipality_ids))
    around = Q(pk__in=owners_in(regions)) & has_one(shared)
    return Person.objects.filter(at_home | around).only("name").order_by("name_sort")
