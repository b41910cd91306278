"""Who has use of a link to what was forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from deviations import policies

if TYPE_CHECKING:
    from organization.actors import PersonActor

register = template.Library()


@register.filter
def reads_forgotten(actor: PersonActor) -> bool:
    return policies.may_read_forgotten(actor)
