"""Who may do what with deviations: roles and ownership only, never status.

Whoever a case is about does nothing with it but report: ``visible_to`` takes it out of their sight.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from organization.actors import as_person
from organization.roles import Permission

if TYPE_CHECKING:
    from core.actors import Actor
    from deviations.models import CorrectiveAction, Deviation, Duty, Lift
    from organization.models import Unit

RETENTION_READERS = (
    Permission.MANAGE_ORGANIZATION, Permission.MANAGE_ARCHIVE, Permission.MANAGE_CATALOGUE, Permission.FOLLOW_PRIVACY,
)  # fmt: skip


def may_report(actor: Actor, municipality_id: int, /) -> bool:
    return _holds(actor, Permission.REPORT_DEVIATION, municipality_id)


def is_reporter(actor: Actor, deviation: Deviation, /) -> bool:
    return bool(actor) and actor.person_id is not None and actor.person_id == deviation.reporter_id


def may_receive(actor: Actor, deviation: Deviation, /) -> bool:
    """The receiving leader, a stand-in on the same unit, or a leader above; of confidential cases the receiver only."""
    if not actor or actor.is_system:
        return bool(actor)
    if actor.person_id == deviation.responsible_id:
        return True
    if deviation.is_confidential:
        return False
    return _holds(actor, Permission.HANDLE_DEVIATIONS, deviation.municipality_id, deviation.unit.path)


def may_handle(actor: Actor, deviation: Deviation, /) -> bool:
    """The handler, or somebody who could take the case in hand."""
    return (
        bool(actor) and actor.person_id is not None and actor.person_id == deviation.handler_id
    ) or may_receive(actor, deviation)


def may_reopen(actor: Actor, deviation: Deviation, /) -> bool:
    return may_receive(actor, deviation)


def may_judge_duty(actor: Actor, duty: Duty, /) -> bool:
    """Those who handle the case, and the privacy officer for breaches of personal data security."""
    if may_handle(actor, duty.deviation):
        return True
    return duty.code.startswith("GDPR") and _holds(
        actor, Permission.FOLLOW_PRIVACY, duty.deviation.municipality_id
    )


def may_propose_action(actor: Actor, deviation: Deviation, /) -> bool:
    return may_handle(actor, deviation)


def may_accept_action(actor: Actor, action: CorrectiveAction, /) -> bool:
    """The owner takes it on; the leader of the owner's unit may do it for the owner."""
    return owns_action(actor, action) or _holds(
        actor, Permission.HANDLE_DEVIATIONS, action.municipality_id, action.unit.path
    )


def owns_action(actor: Actor, action: CorrectiveAction, /) -> bool:
    return bool(actor) and (actor.is_system or actor.person_id == action.owner_id)


def may_follow_up_action(actor: Actor, action: CorrectiveAction, /) -> bool:
    """The owner, whoever proposed it, and leaders of its unit."""
    proposed = bool(actor) and actor.person_id is not None and actor.person_id == action.proposed_by_id
    return proposed or may_accept_action(actor, action)


def may_raise_lift(actor: Actor, deviation: Deviation, /) -> bool:
    return may_handle(actor, deviation)


def may_steer_lift(actor: Actor, lift: Lift, /) -> bool:
    """Whoever raised it, and those who handle the deviation behind it, as when that person has left."""
    if bool(actor) and actor.person_id is not None and actor.person_id == lift.raised_by_id:
        return True
    case = lift.deviation
    if case is None or not may_handle(actor, case):
        return False
    return actor.person_id not in {person.pk for person in case.concerned.all()}


def may_answer_lift(actor: Actor, lift: Lift, /) -> bool:
    """All leaders of the municipality and those in the role or group it was raised to, but not who raised it."""
    if not actor or actor.is_system or actor.person_id == lift.raised_by_id:
        return False
    person = as_person(actor)
    if lift.municipality_id not in person.municipality_ids:
        return False
    if lift.group is not None and lift.group.includes(person.person_id):
        return True
    in_role = any(g.role == lift.role and g.municipality_id == lift.municipality_id for g in person.grants)
    return in_role or person.holds(Permission.HANDLE_DEVIATIONS, municipality_id=lift.municipality_id)


def may_edit_catalogue(actor: Actor, municipality: Unit, /) -> bool:
    return _holds(actor, Permission.MANAGE_CATALOGUE, municipality.pk)


def may_read_forgotten(actor: Actor, /) -> bool:
    """Those who see to the archive, privacy, the catalogue or the installation."""
    return bool(actor) and not actor.is_system and any(map(as_person(actor).holds, RETENTION_READERS))


def nobody(_actor: Actor, _obj: object, /) -> bool:
    """Only the system performs this."""
    return False


def _holds(
    actor: Actor | None, permission: Permission, municipality_id: int, path: str | None = None
) -> bool:
    if not actor:
        return False
    return actor.is_system or as_person(actor).holds(
        permission, municipality_id=municipality_id, unit_path=path
    )
