"""Who has use of a link to the figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from deviations.figures import scope

if TYPE_CHECKING:
    from organization.actors import PersonActor

register = template.Library()


@register.filter
def sees_figures(actor: PersonActor) -> bool:
    return bool(actor) and scope.sees_figures(actor)
