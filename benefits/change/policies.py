"""Who does what with the change work of a plan: roles and ownership only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benefits.policies import may_plan_whole

if TYPE_CHECKING:
    from benefits.models import BenefitRisk, ChangeAction
    from core.actors import Actor


def is_owner(actor: Actor, row: ChangeAction | BenefitRisk, /) -> bool:
    return bool(actor) and actor.person_id is not None and actor.person_id == row.owner_id


def may_do(actor: Actor, row: ChangeAction | BenefitRisk, /) -> bool:
    """The owner says how it goes, and whoever works on the plan."""
    return is_owner(actor, row) or may_plan_whole(actor, row.initiative)
