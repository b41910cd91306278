"""Who has use of a link to the register of injuries, and to the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from organization.roles import Permission

if TYPE_CHECKING:
    from organization.actors import PersonActor

register = template.Library()


@register.filter
def reads_injuries(actor: PersonActor) -> bool:
    return bool(actor) and actor.holds(Permission.READ_INJURIES)


@register.filter
def edits_catalogue(actor: PersonActor) -> bool:
    return bool(actor) and actor.holds(Permission.MANAGE_CATALOGUE)
