"""What is computed with: the municipality's basis on a day, that of an approved plan, and how a new one is set."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from benefits.models import CalculationBasis
from benefits.policies import may_set_basis
from core.errors import Refused, StaleVersion
from core.formats import short_date
from core.history import label_actions, record
from core.workflow import TransitionDenied
from organization.models import Unit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from benefits.models import PlanApproval
    from core.actors import Actor

# The day of the circular that the defaults are read from (domain/benefits 3.5).
_R109 = date(2021, 6, 25)
FIELDS = (
    "valid_from", "source", "price_year", "rate_near", "rate_middle", "rate_far", "hours_per_work_year", "tax_cost", "years",
)  # fmt: skip
MOST_YEARS_AHEAD = 5
FIRST_YEAR = 2000
label_actions(
    {"set_basis": gettext_lazy("Grunnlaget registrert"), "correct_basis": gettext_lazy("Grunnlaget rettet")}
)


def basis_for(municipality_id: int, day: date) -> CalculationBasis:
    """Return the latest basis that counts on ``day``, or an unsaved one with the defaults."""
    rows = CalculationBasis.objects.filter(municipality_id=municipality_id, valid_from__lte=day)
    found: CalculationBasis | None = rows.order_by("-valid_from").first()
    return found or CalculationBasis(municipality_id=municipality_id, valid_from=_R109)


def kept(basis: CalculationBasis) -> dict[str, Any]:
    """Return a basis as a version of a plan keeps it."""
    found = {name: getattr(basis, name) for name in FIELDS}
    return {
        name: value if value is None or isinstance(value, int) else str(value)
        for name, value in found.items()
    }


def basis_of(version: PlanApproval | None, now: CalculationBasis) -> CalculationBasis:
    """Return what an approved plan was computed with; without one, or from before that was kept, what counts now."""
    if version is None or version.basis is None:
        return now
    values = {**version.basis, "valid_from": parse_date(version.basis["valid_from"])}
    found = CalculationBasis(municipality_id=now.municipality_id)
    for name in FIELDS:
        field: Any = CalculationBasis._meta.get_field(name)
        setattr(found, name, field.to_python(values[name]))
    return found


def differs(one: CalculationBasis, other: CalculationBasis) -> bool:
    """Tell whether another basis gives other figures; a new day or source alone does not."""
    figures = FIELDS[2:]
    return [getattr(one, name) for name in figures] != [getattr(other, name) for name in figures]


def is_open(basis: CalculationBasis, today: date) -> bool:
    """Tell whether it can still be corrected: until the day it begins to count is over."""
    return basis.valid_from >= today


@transaction.atomic
def set_basis(
    municipality: Unit, values: Mapping[str, Any], *, by: Actor, now: datetime, basis: CalculationBasis | None = None,
    stamp: str = "",
) -> CalculationBasis:  # fmt: skip
    """Register what the municipality computes with from a day on, or correct one that does not count yet.

    :param stamp: when the one that is corrected was last changed, as the form was opened.
    :raises Http404: there is no such basis in the municipality.
    :raises TransitionDenied: ``by`` does not set it.
    :raises Refused: the day has passed, or another one counts from later.
    :raises StaleVersion: somebody else has corrected it meanwhile.
    :raises ValidationError: a value is beyond what can be right, by field.
    """
    if not may_set_basis(by, municipality.pk):
        raise TransitionDenied
    # The lock on the municipality lets two who register at once meet here, and not in the database's constraint.
    Unit.objects.select_for_update(no_key=True).get(pk=municipality.pk)
    standing = list(CalculationBasis.objects.filter(municipality=municipality).order_by("-valid_from"))
    row = CalculationBasis(municipality=municipality) if basis is None else _to_correct(basis, standing)
    if basis is not None and stamp != row.changed_at.isoformat():
        raise StaleVersion(theirs={str(field_label(name)): str(getattr(row, name)) for name in FIELDS})
    today = timezone.localdate(now)
    if basis is not None and not is_open(row, today):
        raise Refused(_("Grunnlaget gjelder alt, og planer er regnet ut med det. Registrer et nytt."))
    for name in FIELDS:
        setattr(row, name, values[name])
    _check(row, [one for one in standing if one.pk != row.pk], today)
    with record("set_basis" if basis is None else "correct_basis", actor=by):
        row.stamp(now)
        row.full_clean()
        row.save()
    return row


def field_label(name: str) -> Any:
    field: Any = CalculationBasis._meta.get_field(name)
    return field.verbose_name


def _to_correct(basis: CalculationBasis, standing: Sequence[CalculationBasis]) -> CalculationBasis:
    found = next((one for one in standing if one.pk == basis.pk), None)
    if found is None:
        raise Http404
    return found


def _check(row: CalculationBasis, others: Sequence[CalculationBasis], today: date) -> None:
    """Refuse a day that would change what has been computed, and years that cannot be meant.

    :raises ValidationError: by field.
    """
    problems: dict[str, str] = {}
    begun = [one for one in others if not is_open(one, today)]
    if begun and row.valid_from <= begun[0].valid_from:
        problems["valid_from"] = _(
            "Det gjelder alt et grunnlag fra %(day)s. Det nye må begynne etter det."
        ) % {"day": short_date(begun[0].valid_from)}
    for name, year in (("valid_from", row.valid_from.year), ("price_year", row.price_year)):
        if year is not None and not FIRST_YEAR <= year <= today.year + MOST_YEARS_AHEAD:
            problems[name] = _("Velg et år mellom %(first)s og %(last)s.") % {
                "first": FIRST_YEAR, "last": today.year + MOST_YEARS_AHEAD,
            }  # fmt: skip
    if problems:
        raise ValidationError(problems)
