"""The filters of the list of deviations, which stand in the address so that a view can be shared."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import django_filters as filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.forms import DateField, FilterForm
from deviations.models import Category, Deviation, DeviationType, Kind, Severity, Status
from deviations.models.status import FINAL, OPEN, SEVERE
from governance.filters import Flag, unit_choices

if TYPE_CHECKING:
    from deviations.queries import DeviationQuerySet
    from organization.actors import PersonActor
    from organization.models import Unit

LIST_ORDERING = ("-created_at", "-pk")
NOTHING, GRAVE = "ingen", "alvorlig"
"""In the address: what is not set; and the two highest severities together."""
_COLUMNS = (
    "municipality", "unit", "number", "status", "kind", "category", "type_name", "title", "severity", "reported_severity",
    "due_on", "created_at", "reported_at", "closed_at", "is_confidential", "responsible", "handler", "reporter", "anonymity",
    "unit__name", "responsible__name", "handler__name",
)  # fmt: skip
_GROUPS = {"open": sorted(OPEN), "ended": sorted(FINAL)}
STATES = [
    ("open", _("Alle åpne")),
    ("ended", _("Alle avsluttede")),
    *((state.value, state.label) for state in Status if state != Status.DRAFT),
]
_CATEGORIES = [*Category.choices, (NOTHING, _("Uten kategori"))]
_SEVERITIES = [*Severity.choices, (GRAVE, _("Høy eller kritisk")), (NOTHING, _("Ikke vurdert"))]
_ANSWERS = [("ja", _("Melder har fått svar")), ("nei", _("Melder har ikke fått svar"))]


def listed(rows: DeviationQuerySet) -> DeviationQuerySet:
    """Load what a row of the list shows, in one query; the long texts stay in the database."""
    return rows.select_related("unit", "responsible", "handler").only(*_COLUMNS)


class _DayFilter(filters.Filter):
    field_class = DateField


class DeviationFilter(filters.FilterSet):
    """``units`` are those the actor may filter by, above before below; ``types`` those of the catalogue."""

    q = filters.CharFilter(label=_("Søk"), method="by_text", max_length=200)
    status = filters.ChoiceFilter(
        label=_("Status"), method="by_status", choices=STATES, empty_label=_("Alle")
    )
    kategori = filters.ChoiceFilter(
        label=_("Kategori"), method="by_category", choices=_CATEGORIES, empty_label=_("Alle")
    )
    type = filters.ChoiceFilter(label=_("Type"), method="by_type", empty_label=_("Alle"))
    alvor = filters.ChoiceFilter(
        label=_("Alvorlighet"), method="by_severity", choices=_SEVERITIES, empty_label=_("Alle")
    )
    melding = filters.ChoiceFilter(
        label=_("Hva slags"), field_name="kind", choices=Kind.choices, empty_label=_("Alle")
    )
    enhet = filters.ChoiceFilter(label=_("Sektor eller enhet"), method="by_unit", empty_label=_("Alle"))
    svar = filters.ChoiceFilter(
        label=_("Svar til melder"), method="by_answer", choices=_ANSWERS, empty_label=_("Alle")
    )
    fra = _DayFilter(label=_("Meldt fra"), method="by_first_day")
    til = _DayFilter(label=_("Meldt til og med"), method="by_last_day")
    mine = Flag(label=_("Ligger hos meg"), method="by_mine")
    forfalt = Flag(label=_("Over fristen"), method="by_overdue")

    class Meta:
        model = Deviation
        fields: list[str] = []
        form = FilterForm

    def __init__(self, *args: Any, actor: PersonActor, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.paths = {str(unit.pk): unit for unit in units}
        self.filters["enhet"].extra["choices"] = unit_choices(units)
        chosen = self.paths.get(self.data.get("enhet", ""))
        place = chosen.municipality_id if chosen else actor.acting_for_id
        self.filters["type"].extra["choices"] = [*_type_choices(actor, place), (NOTHING, _("Uten type"))]

    @property
    def active(self) -> int:
        """How many filters are in use."""
        return sum(1 for name in self.filters if self.data.get(name))

    def by_text(self, rows: DeviationQuerySet, _name: str, text: str) -> DeviationQuerySet:
        return rows.matching(text, self.actor)

    def by_status(self, rows: DeviationQuerySet, _name: str, chosen: str) -> DeviationQuerySet:
        return rows.filter(status__in=_GROUPS.get(chosen, [chosen]))

    def by_category(self, rows: DeviationQuerySet, _name: str, chosen: str) -> DeviationQuerySet:
        return rows.of_category("" if chosen == NOTHING else chosen)

    def by_type(self, rows: DeviationQuerySet, _name: str, chosen: str) -> DeviationQuerySet:
        return rows.filter(type_id=None if chosen == NOTHING else int(chosen))

    def by_severity(self, rows: DeviationQuerySet, _name: str, chosen: str) -> DeviationQuerySet:
        if chosen == NOTHING:
            return rows.unjudged()
        return rows.judged(*(SEVERE if chosen == GRAVE else [int(chosen)]))

    def by_answer(self, rows: DeviationQuerySet, _name: str, chosen: str) -> DeviationQuerySet:
        return rows.answered() if chosen == "ja" else rows.unanswered()

    def by_unit(self, rows: DeviationQuerySet, _name: str, chosen: str) -> DeviationQuerySet:
        return rows.below(self.paths[chosen])

    def by_first_day(self, rows: DeviationQuerySet, _name: str, day: date) -> DeviationQuerySet:
        return rows.filter(created_at__gte=midnight(day))

    def by_last_day(self, rows: DeviationQuerySet, _name: str, day: date) -> DeviationQuerySet:
        return rows.filter(created_at__lt=midnight(day + timedelta(days=1)))

    def by_mine(self, rows: DeviationQuerySet, _name: str, chosen: bool) -> DeviationQuerySet:
        return rows.in_hands_of(self.actor) if chosen else rows

    def by_overdue(self, rows: DeviationQuerySet, _name: str, chosen: bool) -> DeviationQuerySet:
        return rows.overdue(timezone.localdate()) if chosen else rows


def midnight(day: date) -> datetime:
    """Return the moment a day begins here."""
    return timezone.make_aware(datetime.combine(day, time.min))


def _type_choices(actor: PersonActor, municipality_id: int | None) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the types of a municipality, a group per category."""
    rows = DeviationType.objects.visible_to(actor).filter(municipality_id=municipality_id)
    groups: dict[str, list[tuple[str, str]]] = {}
    for pk, category, name in rows.order_by("position", "pk").values_list("pk", "category", "name"):
        groups.setdefault(str(Category(category).label), []).append((str(pk), name))
    return list(groups.items())
