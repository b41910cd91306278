"""Register what there is money for in a year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy

from core.errors import Refused
from core.history import label_actions, record
from core.workflow import TransitionDenied
from organization.models import Unit
from portfolio.models import BudgetFrame
from portfolio.policies import may_set_frame

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from core.actors import Actor

label_actions({"set_frame": gettext_lazy("Rammen satt")})


@transaction.atomic
def set_frame(
    municipality: Unit, *, year: int, amount: Decimal, source: str, by: Actor, now: datetime
) -> BudgetFrame:
    """Register the frame of a year, or change it; what it was stands in its history.

    :raises TransitionDenied: ``by`` does not set it.
    :raises Refused: it cannot be so.
    """
    if not may_set_frame(by, municipality.pk):
        raise TransitionDenied
    Unit.objects.select_for_update(no_key=True, of=("self",)).get(pk=municipality.pk)
    row = BudgetFrame.objects.filter(municipality=municipality, year=year).first()
    row = row or BudgetFrame(municipality=municipality, year=year)
    row.amount, row.source = amount, source
    row.stamp(now)
    try:
        row.full_clean(exclude=["municipality"])
    except ValidationError as problem:
        raise Refused(*problem.messages) from problem
    with record("set_frame", actor=by):
        row.save()
    return row
