"""What the sections of the intake share."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import MoneyField
from governance.forms.merging import MergingForm
from organization.forms import PersonField, people_of
from organization.models import Person, Unit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet
    from django.utils.functional import _StrOrPromise as StrOrPromise

    from governance.models.initiative import Initiative

MAX_KRONER = Decimal(10_000_000_000)


def kroner_field(label: StrOrPromise, **options: Any) -> MoneyField:
    """Return a field for an amount in kroner with errors that say what is wrong with it."""
    messages = {
        "min_value": gettext_lazy("Beløpet kan ikke være negativt. Skriv 0 hvis det ikke koster noe."),
        "max_value": gettext_lazy("Beløpet er over 10 milliarder kroner. Sjekk antall nuller."),
        "max_digits": gettext_lazy("Beløpet er over 10 milliarder kroner. Sjekk antall nuller."),
        "max_whole_digits": gettext_lazy("Beløpet er over 10 milliarder kroner. Sjekk antall nuller."),
        "max_decimal_places": gettext_lazy("Skriv beløpet med høyst to desimaler."),
    }
    return MoneyField(
        label=label, required=False, min_value=0, max_value=MAX_KRONER, error_messages=messages, **options
    )


def people_around(initiative: Initiative, *chosen: int | None) -> QuerySet[Person]:
    """Return who can be named on the initiative; those named already stay, also when they have left."""
    named = [pk for pk in chosen if pk is not None]
    people = people_of(initiative.participant_ids).order_by()
    return Person.objects.filter(Q(pk__in=people.values("pk")) | Q(pk__in=named)).order_by("name_sort", "pk")


class _BySector(ModelChoiceIterator):
    """The units of a choice under the sector they belong to."""

    def __iter__(self) -> Iterator[Any]:
        units = list(self.queryset.order_by("path").select_related("municipality"))
        is_one_place = len({unit.municipality_id for unit in units}) == 1
        groups: dict[str, list[Any]] = {}
        sector: Unit | None = None
        for unit in units:
            if unit.kind == Unit.Kind.SECTOR:
                sector = unit
            below = sector if sector is not None and unit.path.startswith(sector.path) else None
            place = str(unit.municipality)
            heading = place if below is None else str(below) if is_one_place else f"{place}: {below}"
            groups.setdefault(heading, []).append(self.choice(unit))
        yield from groups.items()


def _unit_label(unit: Unit) -> str:
    whole = {
        Unit.Kind.REGION: _("%(name)s (hele regionen)"), Unit.Kind.MUNICIPALITY: _("%(name)s (hele kommunen)"),
        Unit.Kind.SECTOR: _("%(name)s (hele sektoren)"),
    }  # fmt: skip
    return whole.get(Unit.Kind(unit.kind), "%(name)s") % {"name": unit}


def offer_units(field: Any, units: QuerySet[Unit]) -> None:
    """Let a unit be chosen among ``units``, each under its sector."""
    field.iterator, field.empty_label = _BySector, None
    field.label_from_instance = _unit_label
    field.queryset = units


class SectionForm(MergingForm):
    """A section of the intake."""

    def prepare(self) -> None:
        """Let people be chosen among those of the initiative's municipalities."""
        for name, field in self.fields.items():
            if isinstance(field, PersonField):
                field.queryset = people_around(self.instance, getattr(self.instance, f"{name}_id"))
