"""Roles that follow from groups at a provider of log-in: the list that administrators keep, and what it does at log-in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from core.actors import System
from core.history import record
from organization.models import GroupRole, RoleAssignment
from organization.operations.roles import end_rows
from organization.policies import CASE_ROLES
from organization.roles import Role

if TYPE_CHECKING:
    from datetime import date, datetime

    from core.actors import Actor
    from organization.log_in import Vouched
    from organization.models import Person

Place = tuple[str, int]


@transaction.atomic
def remove_group_role(row: GroupRole, *, by: Actor, now: datetime) -> None:
    """Let a group give a role no longer, and end it at once for those who have it by no other group's grace."""
    with record("remove_group_role", actor=by, group=row.group, role=row.role, unit=row.unit_id):
        row.delete()
    twins = GroupRole.objects.filter(provider=row.provider, role=row.role, unit=row.unit_id)
    if twins.exists():  # who is in the other group is known when they log in next
        return
    given = RoleAssignment.objects.filter(from_provider=row.provider, role=row.role, unit=row.unit_id)
    with record("remove_group_role", actor=by, reason=row.group):
        end_rows(given.in_force(timezone.localdate(now)), on=timezone.localdate(now), now=now)


def follow_groups(person: Person, vouched: Vouched, *, now: datetime) -> None:
    """Give the roles of the groups that the person is in now, and end those of groups they are in no longer.

    Roles that were given by hand are left alone.
    """
    day = timezone.localdate(now)
    held = list(RoleAssignment.objects.select_for_update(of=("self",)).filter(person=person).in_force(day))
    wanted = _wanted(person, held, vouched, day)
    by_group = [row for row in held if row.from_provider == vouched.provider.key]
    missing = wanted - {_place(row) for row in held}
    with record("follow_groups", actor=System("log-in"), reason=vouched.provider.name):
        end_rows([row for row in by_group if _place(row) not in wanted], on=day, now=now)
        for role, unit_id in sorted(missing):
            row = RoleAssignment(
                person=person, role=role, unit_id=unit_id, valid_from=day, from_provider=vouched.provider.key,
                changed_at=now,
            )  # fmt: skip
            row.full_clean()
            row.save(force_insert=True)


def _wanted(person: Person, held: list[RoleAssignment], vouched: Vouched, day: date) -> set[Place]:
    """Return what the groups give; nothing that reads cases to whoever administers, as by hand."""
    rows = GroupRole.objects.filter(
        provider=vouched.provider.key, group__in=vouched.groups,
        municipality__orgnr__in=vouched.provider.municipalities,
    ).exclude(unit__closed_on__lte=day)  # fmt: skip
    administers = any(row.role == Role.ADMINISTRATOR for row in held)
    return {(row.role, row.unit_id) for row in rows if not (administers and row.role in CASE_ROLES)}


def _place(row: RoleAssignment) -> Place:
    return row.role, row.unit_id
