"""What a person has use of among the views of the portfolio."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from portfolio.policies import may_read_ranking

if TYPE_CHECKING:
    from organization.actors import PersonActor

register = template.Library()


@register.filter
def reads_ranking(actor: PersonActor) -> bool:
    """Tell whether the ranking is open to the actor where he or she acts now."""
    home = actor.acting_for_id
    return home is not None and may_read_ranking(actor, home)
