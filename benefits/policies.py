"""Who may do what with benefits: roles and ownership only, never status."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance import policies as governance_policies
from organization.actors import as_person
from organization.roles import Permission, Role

if TYPE_CHECKING:
    from benefits.models import Benefit, Measurement
    from core.actors import Actor
    from governance.models import Initiative


def is_service_owner(actor: Actor, benefit: Benefit, /) -> bool:
    return bool(actor) and actor.person_id is not None and actor.person_id == benefit.service_owner_id


def may_plan_in(actor: Actor, initiative: Initiative, /) -> bool:
    """Whoever prepares the initiative, is named as its owner, or manages the portfolio works on its plan."""
    if not actor:
        return False
    named = {initiative.service_owner_id, initiative.project_owner_id} - {None}
    if actor.person_id in named or governance_policies.may_prepare(actor, initiative):
        return True
    return governance_policies.may_take_into_portfolio(actor, initiative)


def may_plan(actor: Actor, benefit: Benefit, /) -> bool:
    """The service owner plans the own benefit; whoever plans in the initiative plans them all."""
    return is_service_owner(actor, benefit) or may_plan_in(actor, benefit.initiative)


def may_plan_whole(actor: Actor, initiative: Initiative, /) -> bool:
    """Whoever plans in the initiative, and its service owners, work on what the plan has beside the benefits."""
    if may_plan_in(actor, initiative):
        return True
    own = initiative.benefits.filter(service_owner_id=actor.person_id)
    return bool(actor) and actor.person_id is not None and own.exists()


def leads_pilot(actor: Actor, initiative: Initiative, /) -> bool:
    """The project owner, else the service owner, else whoever raised the initiative."""
    leader = initiative.project_owner_id or initiative.service_owner_id or initiative.submitter_id
    return bool(actor) and actor.person_id is not None and actor.person_id == leader


def may_decide_pilot(actor: Actor, initiative: Initiative, /) -> bool:
    """Whoever leads the pilot, and whoever works on the whole plan, says how it went."""
    return leads_pilot(actor, initiative) or may_plan_whole(actor, initiative)


def may_approve_in(actor: Actor, initiative: Initiative, /) -> bool:
    """The project owner and the management sign the plan (KS' tool), or the portfolio manager for the board."""
    if not actor:
        return False
    if actor.person_id is not None and actor.person_id == initiative.project_owner_id:
        return True
    home = initiative.municipality_id
    return actor.is_system or any(
        as_person(actor).holds(permission, municipality_id=home)
        for permission in (Permission.MANAGE_PORTFOLIO, Permission.DECIDE_FOR_MUNICIPALITY)
    )


def may_approve(actor: Actor, benefit: Benefit, /) -> bool:
    return may_approve_in(actor, benefit.initiative)


def may_take_out(actor: Actor, benefit: Benefit, /) -> bool:
    """The service owner takes the benefit out and says how it went; the portfolio manager where nobody else can."""
    return is_service_owner(actor, benefit) or governance_policies.may_take_into_portfolio(
        actor, benefit.initiative
    )


def may_measure(actor: Actor, measurement: Measurement, /) -> bool:
    """The person named on the indicator, the service owner, whoever plans, and a client that was given it."""
    if not actor:
        return False
    if _measures(actor, measurement):
        return True
    home = measurement.indicator.benefit.initiative.municipality_id
    return as_person(actor).holds(Permission.REGISTER_MEASUREMENTS, municipality_id=home)


def _measures(actor: Actor, measurement: Measurement) -> bool:
    indicator = measurement.indicator
    named = actor.person_id is not None and actor.person_id == indicator.responsible_id
    return named or may_plan(actor, indicator.benefit)


def may_verify(actor: Actor, measurement: Measurement, /) -> bool:
    """The chief of finance verifies what somebody else has measured."""
    if not actor or actor.is_system or actor.person_id == measurement.measured_by_id:
        return False
    home = measurement.indicator.benefit.initiative.municipality_id
    return as_person(actor).has_role(Role.CHIEF_OF_FINANCE, municipality_id=home)


def may_read_evidence(actor: Actor, measurement: Measurement, /) -> bool:
    """The line, the service owner and finance open the files of a measurement (domain/visibility)."""
    if not actor:
        return False
    if actor.is_system or _measures(actor, measurement):
        return True
    initiative, person = measurement.indicator.benefit.initiative, as_person(actor)
    home = initiative.municipality_id
    return person.has_role(Role.CHIEF_OF_FINANCE, municipality_id=home) or person.holds(
        Permission.READ_PAPERS_OF_LINE, municipality_id=home, unit_path=initiative.unit.path
    )


def may_set_silence_rules(actor: Actor, municipality_id: int, /) -> bool:
    """Whoever sets the municipality's rules."""
    if not actor:
        return False
    return actor.is_system or as_person(actor).holds(Permission.SET_RULES, municipality_id=municipality_id)


def may_set_basis(actor: Actor, municipality_id: int, /) -> bool:
    """Whoever sets the municipality's rules, and its chief of finance."""
    if not actor:
        return False
    is_finance = not actor.is_system and as_person(actor).has_role(
        Role.CHIEF_OF_FINANCE, municipality_id=municipality_id
    )
    return is_finance or may_set_silence_rules(actor, municipality_id)


def nobody(_actor: Actor, _obj: object, /) -> bool:
    """Only an operation that has checked its own policy performs this."""
    return False
