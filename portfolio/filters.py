"""The filters of the portfolio: the same for board and table, and in the address so that a view can be shared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import FilterForm
from organization.models import Person, Unit
from portfolio.models import Phase, Project, ProjectStatus

if TYPE_CHECKING:
    from collections.abc import Iterable

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
        self.sectors = {str(unit.pk): unit for unit in _sectors(actor)}
        owners = Person.objects.filter(pk__in=self.visible.order_by().values("owner_id")).order_by(
            "name_sort"
        )
        places = Unit.objects.filter(pk__in=self.visible.order_by().values("municipality_id")).order_by(
            "name"
        )
        self._offer("sektor", self.sectors.values())
        self._offer("eier", owners)
        if self._offer("kommune", places) < 2:  # noqa: PLR2004 (one is no choice)
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
    def active(self) -> int:
        """How many filters are in use."""
        return len(self.chosen)

    def rows(self) -> ProjectQuerySet:
        """Return the projects that pass."""
        chosen, rows = self.chosen, self.visible
        status = chosen.get("status", RUNNING)
        if status == RUNNING:
            rows = rows.running()
        elif status != ALL:
            rows = rows.filter(status=status)
        if text := chosen.get("q"):
            rows = rows.matching(text)
        if sector := chosen.get("sektor"):
            rows = rows.below(self.sectors[sector])
        equal = {"eier": "owner_id", "kommune": "municipality_id", "fase": "phase"}
        return rows.filter(**{column: chosen[name] for name, column in equal.items() if name in chosen})


def _sectors(actor: PersonActor) -> Iterable[Unit]:
    return Unit.objects.visible_to(actor).filter(kind=Unit.Kind.SECTOR).order_by("name", "pk")
