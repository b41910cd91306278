"""Who sees the meetings of professional groups, and named filters on them.

A meeting is seen by its group, as long as they work in the municipality of the group or in its region, and by the
secretariat of the municipality (or region) that the group belongs to.  To everybody else it is not there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from core.conditions import is_one_of
from core.queries import SeenWith
from core.textsearch import search_query
from organization.actors import as_person
from organization.models import ProfessionalGroup, Unit
from organization.queries import municipalities_of
from organization.roles import Permission

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Self

    from django.db.models.functions import Now

    from core.actors import Actor


def near(actor: Actor) -> Q:
    """Return the condition that a group belongs to the actor's municipalities, to their region or to others in it."""
    ids = municipalities_of(actor) or frozenset()
    regions = Unit.objects.filter(pk__in=ids, region__isnull=False).order_by().values("region_id")
    family = Unit.objects.legal_entities().filter(
        Q(pk__in=ids) | Q(pk__in=regions) | Q(region_id__in=ids) | Q(region_id__in=regions)
    )
    return is_one_of("municipality_id", family.values("pk"))


def _is_of_group(actor: Actor) -> Q:
    led = ProfessionalGroup.objects.filter(responsible_id=as_person(actor).person_id)
    joined = ProfessionalGroup.members.through.objects.filter(person_id=as_person(actor).person_id)
    return is_one_of("group_id", led.values("pk")) | is_one_of(
        "group_id", joined.values("professionalgroup_id")
    )


class GroupMeetingQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor | None) -> Self:
        if not actor:
            return self.none()
        if actor.is_system:
            return self
        secretariat = as_person(actor).municipalities_where(Permission.TRIAGE)
        return self.filter(Q(municipality_id__in=secretariat) | (_is_of_group(actor) & near(actor)))

    def of_groups_of(self, actor: Actor) -> Self:
        """Keep those of the actor's own groups."""
        return self.filter(_is_of_group(actor) & near(actor))

    def upcoming(self, now: datetime) -> Self:
        return self.filter(starts_at__gte=now, cancelled_at=None, concluded_at=None)

    def held(self, now: datetime) -> Self:
        """Keep those that are not to come: begun, finished or cancelled."""
        return self.exclude(starts_at__gte=now, cancelled_at=None, concluded_at=None)

    def to_conclude(self, now: datetime | Now) -> Self:
        """Keep those that have begun, and whose notes nobody has said are finished."""
        return self.filter(starts_at__lte=now, cancelled_at=None, concluded_at=None)


class OfGroupMeeting(SeenWith):
    seen_with = "meeting"


class GroupNoteQuerySet(OfGroupMeeting):
    def written(self) -> Self:
        """Keep those that say something; one that was emptied has its versions."""
        return self.exclude(text="")

    def matching(self, typed: str) -> Self:
        return self.filter(search=search_query(typed))


class OfGroupNote(SeenWith):
    """What came of a note: whoever sees the note sees that something did, and the initiative by its own rules."""

    seen_with = "note"
