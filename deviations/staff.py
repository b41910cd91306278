"""Whether those who are to do something are still there to do it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from organization.models import Person, RoleAssignment

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet


def why_not_at_work(person: Person, municipality_id: int, *, day: date) -> str:
    """Return why nothing can be laid on ``person`` in the municipality, or nothing."""
    if Person.objects.at_work_in(municipality_id, day).filter(pk=person.pk).exists():
        return ""
    return _("%(name)s har ingen rolle i kommunen nå. Velg en annen.") % {"name": person}


def with_staff(actions: QuerySet[Any]) -> QuerySet[Any]:
    """Annotate ``owner_has_left``: the owner holds no role in the municipality of the action today."""
    held = RoleAssignment.objects.in_force(timezone.localdate()).filter(
        person_id=OuterRef("owner_id"),
        unit__municipality_id=OuterRef("municipality_id"),
        person__is_active=True,
    )
    return actions.annotate(owner_has_left=~Q(Exists(held)))
