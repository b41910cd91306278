"""Who plans the meetings of a professional group, and who writes in them: belonging to the group, never state."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.actors import Actor
    from governance.models import GroupMeeting, GroupPoint
    from organization.models import ProfessionalGroup


def may_lead_group(actor: Actor, group: ProfessionalGroup, /) -> bool:
    """The responsible plans, concludes, and raises on behalf of the group."""
    return bool(actor) and actor.person_id is not None and actor.person_id == group.responsible_id


def may_take_part(actor: Actor, group: ProfessionalGroup, /) -> bool:
    """The group suggests points, writes notes and says who came; the secretariat reads, and writes nothing."""
    return bool(actor) and actor.person_id is not None and group.includes(actor.person_id)


def may_lead_meeting(actor: Actor, meeting: GroupMeeting, /) -> bool:
    return may_lead_group(actor, meeting.group)


def may_withdraw_point(actor: Actor, point: GroupPoint, /) -> bool:
    """Who suggested it, and the responsible."""
    own = bool(actor) and actor.person_id is not None and actor.person_id == point.suggested_by_id
    return own or may_lead_meeting(actor, point.meeting)
