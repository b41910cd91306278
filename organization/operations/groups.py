"""Members of professional groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from core.history import record

if TYPE_CHECKING:
    from datetime import datetime

    from core.actors import Actor
    from organization.models import Person, ProfessionalGroup


@transaction.atomic
def add_member(group: ProfessionalGroup, person: Person, *, by: Actor, now: datetime) -> None:
    """Take a person into the group; one who is there already stays there."""
    with record("add_member", actor=by, person=person.pk):
        group.members.add(person)
        group.stamp(now)
        group.save(update_fields=["changed_at"])


@transaction.atomic
def remove_member(group: ProfessionalGroup, person: Person, *, by: Actor, now: datetime) -> None:
    """Take a person out of the group."""
    with record("remove_member", actor=by, person=person.pk):
        group.members.remove(person)
        group.stamp(now)
        group.save(update_fields=["changed_at"])
