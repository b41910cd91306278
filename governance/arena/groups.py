"""The professional groups whose meetings an actor sees or leads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from core.conditions import is_one_of
from governance.arena.queries import near
from governance.models import GroupMeeting
from organization.models import ProfessionalGroup

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from core.actors import Actor


def groups_led_by(actor: Actor) -> QuerySet[ProfessionalGroup]:
    """Return the groups that the actor is responsible for, and still works near."""
    rows: QuerySet[ProfessionalGroup] = ProfessionalGroup.objects.filter(
        near(actor), responsible_id=actor.person_id
    )
    return rows.order_by("name", "pk")


def groups_with_meetings(actor: Actor) -> QuerySet[ProfessionalGroup]:
    """Return the groups of the meetings that the actor sees."""
    seen = GroupMeeting.objects.visible_to(actor).values("group_id")
    return ProfessionalGroup.objects.filter(is_one_of("pk", seen)).order_by("name", "pk")


def group_or_404(actor: Actor, pk: int) -> ProfessionalGroup:
    """Return a group that the actor is of, or finds among those of the own municipality.

    :raises Http404: there is none.
    """
    for rows in (groups_led_by(actor), ProfessionalGroup.objects.visible_to(actor)):
        group: ProfessionalGroup | None = (
            rows.select_related("municipality", "responsible").filter(pk=pk).first()
        )
        if group is not None:
            return group
    raise Http404
