"""The filters of the portfolio: the same for board, table and roadmap, and in the address so that a view can be shared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from django import forms
from django.db.models import Case, F, OuterRef, Q, Value, When
from django.utils.translation import gettext_lazy as _

from core.conditions import has_one
from core.finding import is_long_enough
from core.forms import FilterForm, offer_choices
from organization.forms.choices import norwegian
from organization.models import Person, Unit
from portfolio.models import Phase, Programme, Project, ProjectKind, ProjectStatus
from portfolio.queries import owners_in
from portfolio.sums import totals_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from django.utils.functional import _StrOrPromise as StrOrPromise

    from core.finding import AnyOf
    from organization.actors import PersonActor
    from portfolio.queries import ProjectQuerySet
    from portfolio.sums import Total

RUNNING, ALL = "", "alle"
_KINDS = [("", _("Utvikling")), *ProjectKind.choices, (ALL, _("Alt"))]
ANSWERED, LACKING, HELP, NEVER, OVER, WITHOUT, MINE = "klar", "mangler", "hjelp", "ingen", "over", "uten", "1"
_ANY = ("", _("Alle"))
_STATUSES = [(RUNNING, _("I gang eller på vent")), (ALL, _("Alle")), *ProjectStatus.choices]


class PlaceFilter(FilterForm):
    """A filter by ``sektor`` and ``kommune``, of those that the actor sees projects of."""

    sectors: dict[str, Unit]

    def offer_places(self, actor: PersonActor) -> set[int]:
        """Offer them, no municipality where there is but one, and return the regions of the actor's municipalities."""
        found = list(_places(actor))
        own = [unit for unit in found if unit.kind != Unit.Kind.REGION]
        self.sectors = {str(unit.pk): unit for unit in own if unit.kind == Unit.Kind.SECTOR}
        self.offer("sektor", self.sectors.values())
        places = [unit for unit in found if unit.has_projects]
        if len(places) > 1:
            self.offer("kommune", places)
        else:
            del self.fields["kommune"]
        return {unit.region_id for unit in own if unit.region_id is not None}

    def offer(self, name: str, rows: Iterable[Any]) -> None:
        field = cast("forms.ChoiceField", self.fields[name])
        field.choices = [("", _("Alle")), *((str(row.pk), str(row)) for row in rows)]

    @property
    def chosen(self) -> dict[str, str]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def active(self) -> int:
        """How many filters are in use."""
        return len(self.chosen)


class PortfolioFilter(PlaceFilter):
    """What narrows the portfolio.  A choice that cannot be read is as if it were not there."""

    shapes: ClassVar[Mapping[str, StrOrPromise]] = {
        "portfolio:board": _("Tavle"), "portfolio:table": _("Tabell"), "portfolio:roadmap": _("Veikart"),
    }  # fmt: skip
    """The lists that show the same projects, each in its own way."""
    standard_views: ClassVar[Mapping[str, StrOrPromise]] = {
        "mine=1": _("Mine prosjekter"), "tilstand=hjelp": _("Trenger hjelp"), "penger=over": _("Over budsjett"),
        "punkt=klar": _("Klare for beslutning"),
    }  # fmt: skip

    q = forms.CharField(label=_("Søk"), max_length=200, required=False)
    slag = forms.ChoiceField(label=_("Slag"), choices=_KINDS, required=False)
    sektor = forms.ChoiceField(label=_("Sektor"), required=False)
    eier = forms.ChoiceField(label=_("Prosjekteier"), required=False)
    kommune = forms.ChoiceField(label=_("Kommune"), required=False)
    program = forms.ChoiceField(label=_("Program"), required=False)
    status = forms.ChoiceField(label=_("Status"), choices=_STATUSES, required=False)
    fase = forms.ChoiceField(label=_("Fase"), choices=[_ANY, *Phase.choices], required=False)
    mine = forms.ChoiceField(
        label=_("Hvem sine"), choices=[_ANY, (MINE, _("De jeg eier eller leder"))], required=False
    )
    tilstand = forms.ChoiceField(
        label=_("Siste statusrapport"),
        required=False,
        choices=[_ANY, (HELP, _("Trenger hjelp på minst ett område")), (NEVER, _("Ingen rapport ennå"))],
    )
    penger = forms.ChoiceField(
        label=_("Økonomi"),
        choices=[_ANY, (OVER, _("Over budsjett")), (WITHOUT, _("Uten budsjett"))],
        required=False,
    )
    punkt = forms.ChoiceField(
        label=_("Neste beslutningspunkt"), required=False,
        choices=[_ANY, (ANSWERED, _("Sjekklisten er besvart")), (LACKING, _("Noe i sjekklisten mangler svar"))],
    )  # fmt: skip

    def __init__(self, *args: Any, actor: PersonActor, with_phase: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.visible = actor, Project.objects.visible_to(actor)
        regions = self.offer_places(actor)
        named = _owners_and_programmes(actor, regions)
        offer_choices(self, "eier", [_ANY, *named["eier"]])
        offer_choices(self, "program", [_ANY, *named["program"]])
        if not named["program"]:
            del self.fields["program"]
        if not with_phase:
            del self.fields["fase"]

    @property
    def finds_titles_only(self) -> bool:
        """Whether the search is too short to find parts of words and numbers."""
        return "q" in self.chosen and not is_long_enough(self.chosen["q"])

    @property
    def phases(self) -> list[Phase]:
        """The phases that what is asked for may stand in."""
        kind = self.chosen.get("slag", ALL)
        return list(Phase) if kind == ALL else ProjectKind(kind).phases

    @property
    def _of_kind(self) -> ProjectQuerySet:
        """What develops the municipality, unless something else is asked for."""
        kind = self.chosen.get("slag")
        if kind is None:
            return self.visible.development()
        return self.visible if kind == ALL else self.visible.filter(kind=kind)

    @property
    def rows(self) -> ProjectQuerySet | AnyOf:
        """The projects that pass."""
        chosen, rows = self.chosen, self._of_kind.listed()
        status = chosen.get("status", RUNNING)
        if status == RUNNING:
            rows = rows.running()
        elif status != ALL:
            rows = rows.filter(status=status)
        if sector := chosen.get("sektor"):
            rows = rows.below(self.sectors[sector])
        equal = {"eier": "owner_id", "kommune": "municipality_id", "program": "programme_id", "fase": "phase"}
        rows = rows.filter(**{column: chosen[name] for name, column in equal.items() if name in chosen})
        for name in ("mine", "tilstand", "penger", "punkt"):
            if name in chosen:
                rows = self._narrowed(rows, chosen[name])
        return rows.matching(chosen["q"], under_way=status == RUNNING) if "q" in chosen else rows

    def _narrowed(self, rows: ProjectQuerySet, choice: str) -> ProjectQuerySet:
        ways: dict[str, Callable[[], ProjectQuerySet]] = {
            MINE: lambda: rows.led_by(self.actor.person_id), HELP: rows.needing_help, NEVER: rows.unreported,
            OVER: rows.over_budget, WITHOUT: rows.without_budget, ANSWERED: lambda: rows.with_answered_checklist(True),
            LACKING: lambda: rows.with_answered_checklist(False),
        }  # fmt: skip
        return ways[choice]()

    def totals(self, *, latest: int = 0) -> dict[Phase, Total]:
        """Return how many pass in each phase, what they cost, and so many of the latest."""
        found = totals_of(self.rows, self.actor, latest=latest)
        return {phase: found[phase] for phase in self.phases}


# Only a region's initiatives have participants, so the projects of other municipalities need not be read.
def _places(actor: PersonActor) -> Iterable[Any]:
    """Return the own sectors and municipalities, and their regions; ``has_projects`` of those that the actor sees any of."""
    own, kinds = Unit.objects.visible_to(actor), [Unit.Kind.SECTOR, Unit.Kind.MUNICIPALITY]
    regions = Unit.objects.filter(pk__in=actor.municipality_ids, region__isnull=False).values("region")
    projects = Project.objects.visible_to(actor).filter(municipality_id=OuterRef("pk"))
    seen = Case(When(Q(kind=Unit.Kind.SECTOR), then=False), When(has_one(projects), then=True), default=False)
    rows = Unit.objects.filter(
        Q(pk__in=own.filter(kind__in=kinds).values("pk"))
        | Q(pk__in=actor.municipality_ids)
        | Q(pk__in=regions)
    )
    return rows.annotate(has_projects=seen).order_by("name", "pk")


def _owners_and_programmes(actor: PersonActor, regions: Iterable[int]) -> dict[str, list[tuple[str, str]]]:
    """Return who owns a project the actor sees, and the programmes, as choices by name, in one query."""
    shared = Project.objects.visible_to(actor).filter(owner_id=OuterRef("pk"), municipality_id__in=regions)
    at_home = Q(pk__in=owners_in(actor.municipality_ids))
    around = Q(pk__in=owners_in(regions)) & has_one(shared)
    owners = Person.objects.filter(at_home | around).annotate(of=Value("eier"), sort=F("name_sort"))
    programmes = Programme.objects.visible_to(actor).annotate(of=Value("program"), sort=norwegian("name"))
    columns = ("of", "pk", "name", "sort")
    rows = (
        owners.values_list(*columns).union(programmes.values_list(*columns), all=True).order_by("sort", "pk")
    )
    found: dict[str, list[tuple[str, str]]] = {"eier": [], "program": []}
    for of, pk, name, _sort in rows:
        found[of].append((str(pk), name))
    return found
