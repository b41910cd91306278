"""Which mandate counts on a day; where none is in force, what a mandate begins with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _

from core.formats import in_sentence
from governance.models import CouncilMandate
from governance.models.mandate import BY_LAW, Occasion, lacking_by_law
from organization.roles import Role

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from organization.models import Unit


def floor_problem(occasion: Occasion, roles: Iterable[str]) -> str | None:
    """Return why a mandate cannot name just ``roles`` for an occasion, or ``None``: the law wants some heard."""
    lacking = lacking_by_law(occasion, roles)
    if not lacking:
        return None
    words = {
        "roles": capfirst(get_text_list([in_sentence(Role(role).label) for role in lacking], _("og"))), "occasion": occasion.label,
        "law": BY_LAW[occasion][1],
    }  # fmt: skip
    return (
        _(
            "%(roles)s skal alltid høres %(occasion)s (%(law)s). Kryss av for dem igjen. "
            "Mandatet kan sette fristen og si om svaret må komme."
        )
        % words
    )


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
