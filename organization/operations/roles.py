"""Roles are given and ended; the rows stay as history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import Refused
from core.formats import long_date
from core.history import record
from organization.models import Person, RoleAssignment, Unit
from organization.roles import Role

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from core.actors import Actor


@transaction.atomic
def give_role(
    *,
    person: Person,
    role: Role | str,
    unit: Unit,
    valid_from: date,
    by: Actor,
    now: datetime,
    **fields: object,
) -> RoleAssignment:
    """Give ``person`` a role on ``unit`` from a day, until another day if ``valid_to`` is given.

    A new main position takes over from the one before.
    """
    row = RoleAssignment(
        person=person, role=str(role), unit=unit, valid_from=valid_from, changed_at=now, **fields
    )
    row.full_clean()
    with record("give_role", actor=by):
        if row.is_main and row.valid_from <= timezone.localdate(now):
            others = RoleAssignment.objects.filter(person=person, is_main=True)
            others.update(is_main=False, changed_at=now)
        row.save()
    return row


@transaction.atomic
def end_role(row: RoleAssignment, *, on: date, by: Actor, now: datetime, reason: str = "") -> RoleAssignment:
    """End a role on a day: from that day it gives no access.  The row stays as history.

    :raises Refused: it ends before that already, or the municipality would be without administrator.
    """
    locked: RoleAssignment = RoleAssignment.objects.select_for_update().get(pk=row.pk)
    if locked.valid_to is not None and locked.valid_to < on:  # ending must never open what was closed
        ends = {"day": long_date(locked.valid_to)}
        raise Refused(_("Rollen slutter alt %(day)s. Gi rollen på nytt hvis den skal vare lenger.") % ends)
    with record("end_role", actor=by, reason=reason):
        end_rows([locked], on=on, now=now)
    require_administrator([locked], on)
    return locked


def end_rows(rows: Iterable[RoleAssignment], *, on: date, now: datetime) -> None:
    """End roles on a day, those that begin later before they begin; the caller records it."""
    for row in rows:
        row.valid_to = max(on, row.valid_from)
        row.stamp(now)
        row.save(update_fields=["valid_to", "changed_at"])


def require_administrator(ended: Iterable[RoleAssignment], day: date) -> None:
    """Refuse that a municipality is left with nobody who can let others in.

    :raises Refused: says what to do first.
    """
    tops = {row.unit_id for row in ended if _administers_all(row)}
    for municipality_id in tops:
        stays = RoleAssignment.objects.in_force(day).filter(
            role=Role.ADMINISTRATOR, unit_id=municipality_id, person__is_active=True
        )
        if not stays.exists():
            raise Refused(
                _("Da står kommunen uten administrator. Gi rollen til en annen først, og prøv så igjen.")
            )


def _administers_all(row: RoleAssignment) -> bool:
    return row.role == Role.ADMINISTRATOR and row.unit_id == row.unit.municipality_id
