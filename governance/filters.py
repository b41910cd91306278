"""The filters of the lists of initiatives, which stand in the address so that a view can be shared."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import django_filters as filters
from django import forms
from django.db.models import Case, IntegerField, Q, Subquery, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.formats import COUNT_LIMIT
from core.forms import FilterForm
from governance.models import Initiative, Status
from governance.models.status import FINAL, STAGES
from governance.presentation import HOLDERS
from governance.queries import papers_condition, shielded_condition
from organization.models import Unit

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from governance.queries import InitiativeQuerySet
    from organization.actors import PersonActor

LIST_ORDERING = ("-changed_at", "-pk")
QUEUE_ORDERING = ("lateness", "status_since", "pk")
# What a row of a list shows; the long texts and the search columns stay in the database.
_COLUMNS = (
    "municipality", "unit", "number", "status", "status_since", "card_title", "shield_basis", "public_title",
    "submitted_at", "due_on", "changed_at", "submitter", "case_handler", "service_owner", "papers_published_at",
    "unit__name", "municipality__name", *(f"{column}__name" for column in HOLDERS),
)  # fmt: skip
ENDED = "ended"
_STAGE = "trinn:"

Choices = list[tuple[Any, Any]]


def listed(queryset: InitiativeQuerySet) -> InitiativeQuerySet:
    """Load what a row of a list shows, in one query."""
    return queryset.select_related("unit", "municipality", *HOLDERS).only(*_COLUMNS)


def queued(actor: PersonActor, cases: Iterable[int] | InitiativeQuerySet) -> InitiativeQuerySet:
    """Load what a row of the queue shows of ``cases``, and what the requirements ask for."""
    rows = _ranked(Initiative.objects.visible_to(actor).filter(pk__in=cases))
    rows = rows.select_related("unit", "municipality__governance_rules", *HOLDERS)
    return rows.defer("search_card", "search_papers")


def _ranked(rows: InitiativeQuerySet) -> InitiativeQuerySet:
    """Put the overdue and the oldest first."""
    late = When(due_on__lt=timezone.localdate(), then=Value(0))
    lateness = Case(late, default=Value(1), output_field=IntegerField())
    return rows.annotate(lateness=lateness).order_by(*QUEUE_ORDERING)


def status_choices() -> Choices:
    """Return the stages, each with its states below it."""
    groups: Choices = []
    for key, label, states in STAGES:
        members = [(state.value, state.label) for state in Status if state in states]
        groups.append((label, [(f"{_STAGE}{key}", _("Hele «%(stage)s»") % {"stage": label}), *members]))
    staged = frozenset[Status]().union(*(states for _key, _label, states in STAGES))
    ended = [(state.value, state.label) for state in Status if state in FINAL and state not in staged]
    return [
        *groups,
        (gettext_lazy("Avsluttet underveis"), [(ENDED, gettext_lazy("Alle avsluttede")), *ended]),
    ]


def states_of(chosen: str) -> list[str]:
    """Return the states that a choice in the status filter stands for."""
    if chosen == ENDED:
        return [state.value for state in Status if state in FINAL]
    if chosen.startswith(_STAGE):
        return [
            state.value for key, _label, states in STAGES if f"{_STAGE}{key}" == chosen for state in states
        ]
    return [chosen]


def unit_choices(units: Iterable[Unit]) -> Choices:
    """Return units as a tree of choices, a group per municipality."""
    groups: dict[int, tuple[str, Choices]] = {}
    for unit in units:
        if unit.is_legal_entity:
            groups[unit.pk] = (unit.name, [(str(unit.pk), _("Hele %(name)s") % {"name": unit.name})])
        elif unit.municipality_id in groups:
            above = len(unit.path) // Unit.steplen - 2
            groups[unit.municipality_id][1].append((str(unit.pk), "\xa0\xa0" * max(above, 0) + unit.name))
    return list(groups.values())


class Flag(filters.Filter):
    """A box that is ticked or not, where an empty one filters nothing."""

    field_class = forms.BooleanField


class CaseFilter(filters.FilterSet):
    """What the two lists share: search, unit and overdue.

    ``units`` are those the actor may filter by, above before below.
    """

    q = filters.CharFilter(label=gettext_lazy("Søk"), method="by_text", max_length=200)
    enhet = filters.ChoiceFilter(
        label=gettext_lazy("Sektor eller enhet"), method="by_unit", empty_label=gettext_lazy("Alle")
    )
    forfalt = Flag(label=gettext_lazy("Over fristen"), method="by_overdue")

    class Meta:
        model = Initiative
        fields: list[str] = []
        form = FilterForm

    def __init__(self, *args: Any, actor: PersonActor, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.paths = {str(unit.pk): unit.path for unit in units}
        self.filters["enhet"].extra["choices"] = unit_choices(units)

    @property
    def active(self) -> int:
        """How many filters are in use."""
        return sum(1 for name in self.filters if self.data.get(name))

    def by_text(self, rows: InitiativeQuerySet, _name: str, text: str) -> InitiativeQuerySet:
        return rows.matching(text, self.actor)

    def by_unit(self, rows: InitiativeQuerySet, _name: str, chosen: str) -> InitiativeQuerySet:
        return rows.filter(
            unit_id__in=Unit.objects.filter(path__startswith=self.paths[chosen]).order_by().values("pk")
        )

    def by_overdue(self, rows: InitiativeQuerySet, _name: str, chosen: bool) -> InitiativeQuerySet:
        return rows.overdue(timezone.localdate()) if chosen else rows


class InitiativeFilter(CaseFilter):
    """The filters of the open list."""

    status = filters.ChoiceFilter(
        label=gettext_lazy("Hvor er saken?"), method="by_status", empty_label=gettext_lazy("Alle trinn"),
        choices=status_choices,
    )  # fmt: skip
    kategori = filters.ChoiceFilter(
        label=gettext_lazy("Kategori"), method="by_category", empty_label=gettext_lazy("Alle"),
        choices=Initiative.Category.choices,
    )  # fmt: skip
    kommune = filters.ChoiceFilter(
        label=gettext_lazy("Kommune"), method="by_municipality", empty_label=gettext_lazy("Alle")
    )
    mine = Flag(label=gettext_lazy("Bare mine"), method="by_mine")

    class Meta(CaseFilter.Meta):
        fields: list[str] = []

    field_order = ("q", "status", "enhet", "kommune", "kategori", "mine", "forfalt")

    def __init__(self, *args: Any, places: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters: dict[str, filters.Filter] = {name: self.filters[name] for name in self.field_order}
        if len(places) > 1:
            self.filters["kommune"].extra["choices"] = [(str(place.pk), place.name) for place in places]
        else:
            del self.filters["kommune"]

    def by_status(self, rows: InitiativeQuerySet, _name: str, chosen: str) -> InitiativeQuerySet:
        return rows.filter(status__in=states_of(chosen))

    def by_category(self, rows: InitiativeQuerySet, _name: str, chosen: str) -> InitiativeQuerySet:
        """Keep one category.  It stands in the papers, so only what the actor may read is asked."""
        open_to_me = Q(shield_basis="") | shielded_condition(self.actor)
        return rows.filter(papers_condition(self.actor) & open_to_me, category=chosen)

    def by_municipality(self, rows: InitiativeQuerySet, _name: str, chosen: str) -> InitiativeQuerySet:
        return rows.in_municipality(int(chosen))

    def by_mine(self, rows: InitiativeQuerySet, _name: str, chosen: bool) -> InitiativeQuerySet:
        return rows.concerning(self.actor) if chosen else rows


# The states the secretariat's queue can show.  The first is what it shows when nothing is chosen.
QUEUE_STATES: tuple[tuple[Status, Any], ...] = (
    (Status.RECEIVED, gettext_lazy("Til vurdering")),
    (Status.UNDER_PREPARATION, gettext_lazy("Under utredning")),
    (Status.SENT_BACK, gettext_lazy("Sendt tilbake")),
    (Status.FAST_TRACK, gettext_lazy("Hurtigspor")),
    (Status.READY_FOR_COUNCIL, gettext_lazy("Klare for rådet")),
    (Status.POSTPONED, gettext_lazy("Utsatt")),
    (Status.ON_HOLD, gettext_lazy("I kø")),
    (Status.NOT_ENDORSED, gettext_lazy("Ikke tilrådd")),
    (Status.SUBMITTED, gettext_lazy("Uten sektorleder")),
)


class TriageFilter(CaseFilter):
    """The filters of the secretariat's queue; its state is chosen by the tabs.

    Its rows say which cases and in what order, from an index alone; ``queued`` loads those that are shown.
    A page that does not show the filters leaves out ``units``.
    """

    status = filters.ChoiceFilter(
        choices=[(state.value, label) for state, label in QUEUE_STATES], method="by_status", empty_label=None,
        widget=forms.HiddenInput,
    )  # fmt: skip
    mine = Flag(label=gettext_lazy("Jeg er saksbehandler"), method="by_mine")

    class Meta(CaseFilter.Meta):
        fields: list[str] = []

    def __init__(self, *args: Any, units: list[Unit] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, units=units or [], **kwargs)
        if units is None:
            unshown = self.filters["enhet"] = filters.NumberFilter(method="by_unit_or_below")
            unshown.parent = self

    @property
    def state(self) -> str:
        """The state shown."""
        chosen = self.form.cleaned_data.get("status") if self.form.is_valid() else ""
        return chosen or QUEUE_STATES[0][0].value

    def filter_queryset(self, queryset: InitiativeQuerySet) -> InitiativeQuerySet:
        """Keep what the secretariat may triage in the state chosen, the overdue and the oldest first."""
        rows = _ranked(queryset.in_queue_of(self.actor, self.state)).only("status_since")
        return super().filter_queryset(rows)

    def by_status(self, rows: InitiativeQuerySet, _name: str, _chosen: str) -> InitiativeQuerySet:
        return rows

    def by_unit_or_below(self, rows: InitiativeQuerySet, _name: str, chosen: Decimal) -> InitiativeQuerySet:
        path = Unit.objects.filter(pk=int(chosen)).order_by().values("path")
        return rows.filter(
            unit_id__in=Unit.objects.filter(path__startswith=Subquery(path)).order_by().values("pk")
        )

    def by_mine(self, rows: InitiativeQuerySet, _name: str, chosen: bool) -> InitiativeQuerySet:
        return rows.filter(case_handler_id=self.actor.person_id) if chosen else rows

    def after(self, handled: Initiative) -> Initiative | None:
        """Return the case that follows ``handled``, as it stood before, else the first of the queue."""
        rank = 0 if handled.due_on is not None and handled.due_on < timezone.localdate() else 1
        rest = self.qs.exclude(pk=handled.pk)
        later = Q(lateness__gt=rank) | Q(lateness=rank, status_since__gt=handled.status_since)
        later |= Q(lateness=rank, status_since=handled.status_since, pk__gt=handled.pk)
        return rest.filter(later).first() or rest.first()


def queue_counts(actor: PersonActor) -> dict[str, int]:
    """Return how many cases stand in each state of the queue, at most ``COUNT_LIMIT`` each, in one query."""
    states = [state for state, _label in QUEUE_STATES]
    first, *rest = (
        Initiative.objects.in_queue_of(actor, state).order_by().values_list("status")[:COUNT_LIMIT]
        for state in states
    )
    return Counter(status for (status,) in first.union(*rest, all=True))
