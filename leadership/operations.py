"""Set a target, and decide which leaders have the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Refused, StaleVersion
from core.formats import number
from core.history import label_actions, record
from core.workflow import TransitionDenied
from leadership.models import LeadershipRules, Target
from leadership.policies import may_set_level, may_set_target
from organization.models import Unit

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from core.actors import Actor

label_actions({
    "set_target": gettext_lazy("Mål satt"), "drop_target": gettext_lazy("Målet tatt bort"),
    "set_leadership_level": gettext_lazy("Hvem som har ledelsens side, er endret"),
})  # fmt: skip


def stamp_of(target: Target | None) -> str:
    """Return what a form begins from: when the target was last changed."""
    return target.changed_at.isoformat() if target and target.pk else ""


@transaction.atomic
def set_target(  # noqa: PLR0913 - keyword-only
    area: Unit, key: str, *, value: Decimal | None, reason: str, seen: str, by: Actor, now: datetime
) -> Target:
    """Set the target of a number in an area, or take it away (``value`` is ``None``).

    :param seen: ``stamp_of`` the target as the form began from it.
    :raises TransitionDenied: ``by`` does not lead the area.
    :raises StaleVersion: somebody else set it meanwhile.
    :raises Refused: it cannot be set so.
    """
    if not may_set_target(by, area):
        raise TransitionDenied
    Unit.objects.select_for_update(no_key=True, of=("self",)).get(pk=area.pk)
    row = Target.objects.filter(area=area, key=key).first() or Target(area=area, key=key)
    if stamp_of(row) != seen:
        now_is = number(row.value) if row.value is not None else _("Ikke noe mål")
        raise StaleVersion(theirs={_("Mål"): now_is, _("Begrunnelse"): row.reason})
    row.value, row.reason = value, reason
    row.stamp(now)
    try:
        row.full_clean(exclude=["area"])
    except ValidationError as problem:
        raise Refused(*problem.messages) from problem
    with record("drop_target" if value is None else "set_target", actor=by, reason=reason):
        row.save()
    return row


@transaction.atomic
def set_level(municipality: Unit, *, level: str, by: Actor, now: datetime) -> LeadershipRules:
    """Decide how far down in the municipality leaders have the page.

    :raises TransitionDenied: ``by`` does not set the municipality's rules.
    """
    if not may_set_level(by, municipality.pk):
        raise TransitionDenied
    Unit.objects.select_for_update(no_key=True, of=("self",)).get(pk=municipality.pk)
    rules = LeadershipRules.objects.filter(municipality=municipality).first() or LeadershipRules(
        municipality=municipality
    )
    rules.lowest_level = level
    rules.stamp(now)
    with record("set_leadership_level", actor=by):
        rules.save()
    return rules
