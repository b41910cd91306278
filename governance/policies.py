"""Who may do what with initiatives and meetings: roles and ownership only, never status."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.mandates import mandate_today
from organization.actors import ClientActor, as_person
from organization.roles import Permission, Role

if TYPE_CHECKING:
    from core.actors import Actor
    from governance.models import (
        Attendance,
        Decision,
        FollowUp,
        Hearing,
        Initiative,
        Meeting,
        MunicipalDecision,
    )
    from organization.models import ProfessionalGroup, Unit


def _holds(
    actor: Actor | None, permission: Permission, municipality_id: int, path: str | None = None
) -> bool:
    if not actor:
        return False
    if actor.is_system:
        return True
    person = as_person(actor)
    return person.holds(permission, municipality_id=municipality_id, unit_path=path)


def is_submitter(actor: Actor, initiative: Initiative, /) -> bool:
    return bool(actor) and actor.person_id is not None and actor.person_id == initiative.submitter_id


def may_edit(actor: Actor, initiative: Initiative, /) -> bool:
    """The submitter and the co-editors write in the form."""
    if not actor or actor.person_id is None:
        return False
    return is_submitter(actor, initiative) or any(
        p.pk == actor.person_id for p in initiative.co_editors.all()
    )


def may_raise(actor: Actor, municipality: Unit, /) -> bool:
    """Who may submit stands in the mandate of today; a client of the API may when its scopes say so."""
    if not actor or actor.is_system:
        return False
    if isinstance(actor, ClientActor):
        return _holds(actor, Permission.RAISE_INITIATIVE, municipality.pk)
    person = as_person(actor)
    if not person.holds(Permission.RAISE_INITIATIVE, municipality_id=municipality.pk):
        return False
    roles = mandate_today(municipality).submitting_roles
    return person.has_role(*[Role(role) for role in roles], municipality_id=municipality.pk)


def may_raise_for(actor: Actor, group: ProfessionalGroup | None, municipality: Unit, /) -> bool:
    """The responsible of a professional group raises on its behalf, at home and in the region's municipalities."""
    if not actor or group is None or actor.person_id is None or group.responsible_id != actor.person_id:
        return False
    return group.municipality_id in {municipality.pk, municipality.region_id}


def may_submit(actor: Actor, initiative: Initiative, /) -> bool:
    if not may_edit(actor, initiative):
        return False
    group = initiative.professional_group
    if group is not None and group.responsible_id == actor.person_id:
        return True
    return may_raise(actor, initiative.municipality)


def may_endorse(actor: Actor, initiative: Initiative, /) -> bool:
    """The sector leader of the line; a stand-in holds the same role for a period."""
    return _holds(actor, Permission.ENDORSE, initiative.municipality_id, initiative.unit.path)


def may_triage(actor: Actor, initiative: Initiative, /) -> bool:
    return _holds(actor, Permission.TRIAGE, initiative.municipality_id)


def may_prepare(actor: Actor, initiative: Initiative, /) -> bool:
    return _holds(actor, Permission.PREPARE, initiative.municipality_id, initiative.unit.path)


def may_comment_paper(actor: Actor, initiative: Initiative, /) -> bool:
    """Those who write the case paper, and those who read it before it goes out."""
    handles = actor.person_id is not None and actor.person_id == initiative.case_handler_id
    return (
        may_prepare(actor, initiative)
        or may_read_council_papers(actor, initiative.municipality_id)
        or (handles and as_person(actor).holds(Permission.PREPARE))
    )


def may_decide_fast_track(actor: Actor, initiative: Initiative, /) -> bool:
    return _holds(actor, Permission.DECIDE_FAST_TRACK, initiative.municipality_id)


def may_return(actor: Actor, initiative: Initiative, /) -> bool:
    return may_triage(actor, initiative)


def may_withdraw(actor: Actor, initiative: Initiative, /) -> bool:
    return is_submitter(actor, initiative) or may_triage(actor, initiative)


def may_record_council_decision(actor: Actor, initiative: Initiative, /) -> bool:
    """The council's leader decides; the secretariat writes it in the minutes."""
    return _holds(actor, Permission.ARRANGE_MEETINGS, initiative.municipality_id) or _holds(
        actor, Permission.LEAD_COUNCIL, initiative.municipality_id
    )


def may_decide_for_municipality(actor: Actor, row: MunicipalDecision, /) -> bool:
    return _holds(actor, Permission.DECIDE_FOR_MUNICIPALITY, row.municipality_id)


def may_read_municipal_decision(actor: Actor, row: MunicipalDecision, /) -> bool:
    """Those who decide for the municipality, and those who read all papers there or in the region that owns the case."""
    homes = (row.municipality_id, row.initiative.municipality_id)
    return may_decide_for_municipality(actor, row) or any(
        _holds(actor, Permission.READ_ALL_PAPERS, home) for home in homes
    )


def may_adopt(actor: Actor, initiative: Initiative, /) -> bool:
    """Somebody who decides for the owner or for one of the participating municipalities."""
    if _holds(actor, Permission.DECIDE_FOR_MUNICIPALITY, initiative.municipality_id):
        return True
    return any(may_decide_for_municipality(actor, row) for row in initiative.municipal_decisions.all())


def may_arrange_follow_up(actor: Actor, decision: Decision, /) -> bool:
    """The secretariat that keeps the decision says who follows it up, and by when."""
    return _holds(actor, Permission.ARRANGE_MEETINGS, decision.municipality_id)


def may_oversee_follow_up(actor: Actor, follow_up: FollowUp, /) -> bool:
    """The secretariat that keeps the decision."""
    return may_arrange_follow_up(actor, follow_up.decision)


def may_carry_out(actor: Actor, follow_up: FollowUp, /) -> bool:
    """Who is responsible for following the decision up; the secretariat records it for anybody."""
    own = bool(actor) and actor.person_id is not None and actor.person_id == follow_up.responsible_id
    return own or may_oversee_follow_up(actor, follow_up)


def may_set_archive_reference(actor: Actor, initiative: Initiative, /) -> bool:
    return _holds(actor, Permission.MANAGE_ARCHIVE, initiative.municipality_id)


def may_take_into_portfolio(actor: Actor, initiative: Initiative, /) -> bool:
    return _holds(actor, Permission.MANAGE_PORTFOLIO, initiative.municipality_id)


def may_answer_hearing(actor: Actor, hearing: Hearing, /) -> bool:
    """The person asked, the named stand-in, or somebody else who holds the same role today where it is answered for."""
    if not actor or actor.person_id is None:
        return False
    if actor.person_id == hearing.person_id:
        return True
    person = as_person(actor)
    if actor.person_id == hearing.stand_in_id:
        return not person.municipality_ids.isdisjoint(hearing.homes)
    return any(person.has_role(Role(hearing.role), municipality_id=home) for home in hearing.homes)


def may_name_stand_in(actor: Actor, hearing: Hearing, /) -> bool:
    """The person asked, as long as the role asked is held, and who prepares the case."""
    if not actor or actor.person_id is None:
        return False
    person = as_person(actor)
    is_asked = actor.person_id == hearing.person_id and any(
        person.has_role(Role(hearing.role), municipality_id=home) for home in hearing.homes
    )
    return is_asked or may_prepare(actor, hearing.initiative)


def may_arrange_meeting(actor: Actor, meeting: Meeting, /) -> bool:
    return _holds(actor, Permission.ARRANGE_MEETINGS, meeting.municipality_id)


def may_lead_meeting(actor: Actor, meeting: Meeting, /) -> bool:
    return _holds(actor, Permission.LEAD_COUNCIL, meeting.municipality_id) or may_arrange_meeting(
        actor, meeting
    )


def may_speak_for(actor: Actor, attendance: Attendance, meeting: Meeting, /) -> bool:
    """A member declares, proposes and votes for themself; who leads or keeps the minutes records it for anybody."""
    own = bool(actor) and actor.person_id is not None and actor.person_id == attendance.person_id
    return (own and attendance.meeting_id == meeting.pk) or may_lead_meeting(actor, meeting)


def may_approve_minutes(actor: Actor, meeting: Meeting, /) -> bool:
    """Who led the meeting, leader or deputy, or who led the next meeting held: never somebody who was not there."""
    if not actor or actor.person_id is None:
        return bool(actor) and actor.is_system
    leads = _holds(actor, Permission.LEAD_COUNCIL, meeting.municipality_id)
    return (
        actor.person_id == meeting.chair_id
        or (leads and meeting.had_in_lead(actor.person_id))
        or (actor.person_id == meeting.next_chair_id and meeting.was_there(actor.person_id))
    )


def may_arrange_in(actor: Actor, municipality_id: int, /) -> bool:
    return _holds(actor, Permission.ARRANGE_MEETINGS, municipality_id)


def may_lead_council_in(actor: Actor, municipality_id: int, /) -> bool:
    return _holds(actor, Permission.LEAD_COUNCIL, municipality_id)


def may_follow_delegation(actor: Actor, municipality_id: int, /) -> bool:
    """The secretariat and who leads the council see how the secretariat's frame is used."""
    return (
        _holds(actor, Permission.TRIAGE, municipality_id)
        or _holds(actor, Permission.DECIDE_FAST_TRACK, municipality_id)
        or may_lead_council_in(actor, municipality_id)
    )


def may_read_council_papers(actor: Actor, municipality_id: int, /) -> bool:
    """The council and its secretariat read the papers before everybody does."""
    return _holds(actor, Permission.READ_COUNCIL_PAPERS, municipality_id)


def may_set_rules(actor: Actor, municipality_id: int, /) -> bool:
    """The municipality's own administrator sets its rules and registers its council's mandate."""
    return _holds(actor, Permission.SET_RULES, municipality_id)


def nobody(_actor: Actor, _obj: object, /) -> bool:
    """Only the system performs this."""
    return False
