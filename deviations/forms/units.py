"""Choosing a unit among hundreds: typed, with suggestions that say what it lies under."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Left, Length
from django.utils import timezone
from django.utils.translation import gettext as _

from core.formats import long_date
from core.forms import SearchChoiceField
from organization.models import Unit

if TYPE_CHECKING:
    from organization.queries import UnitQuerySet


def units_in(municipality_id: int) -> UnitQuerySet:
    """Return every unit of the municipality with ``above``: the name of the unit over it."""
    parents = Unit.objects.filter(path=OuterRef("parent_path")).order_by().values("name")
    rows: UnitQuerySet = Unit.objects.filter(municipality_id=municipality_id)
    return rows.annotate(parent_path=Left("path", Length("path") - Unit.steplen)).annotate(
        above=Subquery(parents)
    )


def label_of(unit: Unit) -> str:
    above = getattr(unit, "above", None)
    return f"{unit.name} ({above})" if above and not unit.is_legal_entity else unit.name


def closed_words(unit: Unit) -> str:
    """Return why nothing is reported in a unit that is closed, and what to do."""
    return _("%(unit)s ble lagt ned %(day)s. Velg enheten der det skjedde, slik den heter nå.") % {
        "unit": unit.name, "day": long_date(unit.closed_on) if unit.closed_on else "",
    }  # fmt: skip


class UnitField(SearchChoiceField):
    """One open unit; a closed one is refused by name, so that nobody thinks it is misspelt."""

    def __init__(self, **options: Any) -> None:
        super().__init__(label_from=label_of, search_fields=("name",), **options)

    def clean(self, value: Any) -> Any:
        unit = super().clean(value)
        if unit is not None and unit.closed_on is not None and unit.closed_on <= timezone.localdate():
            raise ValidationError(closed_words(unit), code="closed")
        return unit
