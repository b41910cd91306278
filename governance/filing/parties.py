"""Who writes to whom, seen from the legal entity that makes the archive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from archive.filing import (
    INTERNAL_RECIPIENT,
    INTERNAL_SENDER,
    RECIPIENT,
    SENDER,
    Party,
)
from organization.models import RoleAssignment

if TYPE_CHECKING:
    from datetime import datetime

    from organization.models import Person, Unit


def entity_of(person: Person, home: Unit, now: datetime) -> Unit:
    """Return the legal entity a person writes for: ``home`` where they have a role there, else their own."""
    held = (
        RoleAssignment.objects.filter(person=person).in_force(timezone.localdate(now))
        .select_related("unit__municipality").main_first()
    )  # fmt: skip
    entities = [row.unit.municipality for row in held if row.unit.municipality is not None]
    if not entities or any(entity.pk == home.pk for entity in entities):
        return home
    return entities[0]


def sender(person: Person, home: Unit, now: datetime, *, unit: str = "") -> Party:
    """Return the person as internal sender, or the other legal entity that the person writes for."""
    entity = entity_of(person, home, now)
    if entity.pk == home.pk:
        return Party(kind=INTERNAL_SENDER, name=str(person), unit=unit, is_person=True)
    return Party(kind=SENDER, name=entity.name, orgnr=entity.orgnr)


def recipient(person: Person, home: Unit, now: datetime) -> Party:
    entity = entity_of(person, home, now)
    if entity.pk == home.pk:
        return Party(kind=INTERNAL_RECIPIENT, name=str(person), is_person=True)
    return Party(kind=RECIPIENT, name=entity.name, orgnr=entity.orgnr)


def secretariat(kind: str = INTERNAL_RECIPIENT) -> Party:
    return Party(kind=kind, name=_("Digitaliseringsrådets sekretariat"))


def is_external(party: Party) -> bool:
    return party.kind in {SENDER, RECIPIENT}
