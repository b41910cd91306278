"""Who sets the criteria, who assesses, and who asks others to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.models import Assessor
from organization.actors import as_person
from organization.roles import Permission

if TYPE_CHECKING:
    from core.actors import Actor
    from governance.models import Initiative


def may_set_criteria(actor: Actor, municipality_id: int, /) -> bool:
    """The secretariat registers what the council has adopted."""
    if not actor:
        return False
    return actor.is_system or as_person(actor).holds(Permission.TRIAGE, municipality_id=municipality_id)


def may_name_assessors(actor: Actor, initiative: Initiative, /) -> bool:
    return may_set_criteria(actor, initiative.municipality_id)


def may_assess(actor: Actor, initiative: Initiative, /) -> bool:
    """The secretariat, and those it has asked."""
    if not actor or actor.person_id is None:
        return False
    if may_set_criteria(actor, initiative.municipality_id):
        return True
    return Assessor.objects.filter(initiative=initiative, person_id=actor.person_id).exists()
