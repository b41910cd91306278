"""Who passes the baton, and who takes it: roles and ownership only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance import policies as governance_policies
from organization.actors import as_person
from organization.roles import Permission, Role

if TYPE_CHECKING:
    from benefits.models import Handover
    from core.actors import Actor
    from governance.models import Initiative
    from organization.models import Unit

LINE = (Role.LEADER, Role.SECTOR_LEADER, Role.SERVICE_OWNER, Role.KOMMUNEDIREKTOR)


def may_hand_over_in(actor: Actor, initiative: Initiative, /) -> bool:
    """The project owner passes the plan on, or the portfolio manager for the board."""
    if not actor:
        return False
    if actor.person_id is not None and actor.person_id == initiative.project_owner_id:
        return True
    return governance_policies.may_take_into_portfolio(actor, initiative)


def may_withdraw(actor: Actor, handover: Handover, /) -> bool:
    """Whoever handed it over takes it back, or whoever may hand over there."""
    if not actor:
        return False
    is_giver = actor.person_id is not None and actor.person_id == handover.offered_by_id
    return is_giver or may_hand_over_in(actor, handover.initiative)


def may_answer_for_municipality(actor: Actor, handover: Handover, /) -> bool:
    if not actor or actor.is_system:
        return False
    home = handover.initiative.municipality_id
    return as_person(actor).holds(Permission.DECIDE_FOR_MUNICIPALITY, municipality_id=home)


def is_receiver(actor: Actor, handover: Handover, /) -> bool:
    return bool(actor) and actor.person_id is not None and actor.person_id == handover.receiver_id


def may_lead(actor: Actor, initiative: Initiative, /) -> bool:
    """Tell whether the actor decides for the municipality that the initiative belongs to."""
    if not actor or actor.is_system:
        return False
    return as_person(actor).holds(
        Permission.DECIDE_FOR_MUNICIPALITY, municipality_id=initiative.municipality_id
    )


def may_follow_template(actor: Actor, initiative: Initiative, /) -> bool:
    """The service owner of a local plan, and the municipality's leadership, answer what the template offers."""
    if not actor:
        return False
    is_owner = actor.person_id is not None and actor.person_id == initiative.service_owner_id
    return is_owner or may_lead(actor, initiative)


def may_open_in_line(actor: Actor, unit: Unit | None = None, /) -> bool:
    """Whoever leads the unit, or a service in it, changes it without a project; without ``unit``, of any at all."""
    if not actor or actor.is_system:
        return False
    where = {"municipality_id": unit.municipality_id, "unit_path": unit.path} if unit else {}
    return as_person(actor).has_role(*LINE, **where)
