"""Writes to the organisation that touch more than one row, or need a lock."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import connection, transaction

from core.history import record
from organization.models import NumberSeries, Person, RoleAssignment, Unit

if TYPE_CHECKING:
    from core.actors import Actor
    from organization.roles import Role


def next_number(municipality_id: int, series: str, year: int) -> int:
    """Return the next number of a series; two at once never get the same.

    The row is locked until the transaction ends, so an aborted one leaves no gap.
    """
    table = NumberSeries._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"insert into {table} (municipality_id, series, year, last) values (%s, %s, %s, 1) "
            f"on conflict (municipality_id, series, year) do update set last = {table}.last + 1 returning last",
            [municipality_id, series, year],
        )
        return int(cursor.fetchone()[0])


@transaction.atomic
def create_unit(
    *, name: str, kind: str, code: str, parent: Unit | None, by: Actor, now: datetime, **fields: str
) -> Unit:
    """Add a node to the tree and settle which legal entity and region it belongs to.

    :raises ValueError: the kind does not fit below the parent.
    """
    unit = Unit(name=name, kind=kind, code=code, changed_at=now, **fields)
    check_kind(unit, parent)
    if not unit.is_legal_entity and parent is not None:
        unit.municipality_id, unit.region_id = parent.municipality_id, parent.region_id
    elif parent is not None:
        unit.region_id = parent.pk
    with record("create_unit", actor=by):
        if parent is None:
            Unit.objects.add_root(instance=unit)
        else:
            Unit.objects.add_child(Unit.objects.get(pk=parent.pk), instance=unit)
        if unit.is_legal_entity:
            unit.municipality = unit
            unit.save(update_fields=["municipality"])
    return unit


_ORDER = [Unit.Kind.REGION, Unit.Kind.MUNICIPALITY, Unit.Kind.SECTOR, Unit.Kind.UNIT, Unit.Kind.DEPARTMENT]


def check_kind(unit: Unit, parent: Unit | None) -> None:
    """Refuse a node that stands above or beside its parent's level.

    :raises ValueError: says which levels fit.
    """
    level = _ORDER.index(Unit.Kind(unit.kind))
    if parent is None:
        if level > _ORDER.index(Unit.Kind.MUNICIPALITY):
            raise ValueError("only a region or a municipality can stand at the top")
        return
    above = _ORDER.index(Unit.Kind(parent.kind))
    if level <= above and not (unit.kind == parent.kind == Unit.Kind.DEPARTMENT):
        raise ValueError(f"{unit.kind} cannot stand below {parent.kind}")


@transaction.atomic
def give_role(
    *, person: Person, role: Role | str, unit: Unit, valid_from: date, by: Actor, now: datetime, **fields: object
) -> RoleAssignment:
    """Give ``person`` a role on ``unit`` from a day, until another day if ``valid_to`` is given."""
    row = RoleAssignment(
        person=person, role=str(role), unit=unit, valid_from=valid_from, changed_at=now, **fields
    )
    row.full_clean()
    with record("give_role", actor=by):
        row.save()
    return row


@transaction.atomic
def end_role(row: RoleAssignment, *, on: date, by: Actor, now: datetime, reason: str = "") -> RoleAssignment:
    """End a role on a day: from that day it gives no access.  The row stays as history."""
    locked: RoleAssignment = RoleAssignment.objects.select_for_update().get(pk=row.pk)
    locked.valid_to = max(on, locked.valid_from)
    locked.stamp(now)
    with record("end_role", actor=by, reason=reason):
        locked.save()
    return locked
