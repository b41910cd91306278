"""Which mandate counts on a day; where none is in force, what a mandate begins with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from governance.models import CouncilMandate

if TYPE_CHECKING:
    from datetime import date

    from organization.models import Unit


def _kept(municipality: Unit) -> dict[date, CouncilMandate]:
    row: Any = municipality
    kept: dict[date, CouncilMandate] = row.__dict__.setdefault("_mandates_by_day", {})
    return kept


def keep_mandate(municipality: Unit, day: date, mandate: CouncilMandate) -> None:
    """Remember the mandate in force that came with other rows, so that it is not read again."""
    _kept(municipality).setdefault(day, mandate)


def mandate_on(municipality: Unit, day: date) -> CouncilMandate:
    """Return the mandate in force, read once for each loaded municipality and day."""
    kept = _kept(municipality)
    if day not in kept:
        found = CouncilMandate.objects.in_force(municipality.pk, day).first()
        kept[day] = found or CouncilMandate(municipality=municipality)
    return kept[day]


def mandate_today(municipality: Unit) -> CouncilMandate:
    """Return the mandate in force today: like the roles a person holds, who may submit is asked of the day."""
    return mandate_on(municipality, timezone.localdate())
