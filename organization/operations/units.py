"""Writes to the tree.  Every one locks the tree of its municipality first, so that two never meet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.errors import Refused
from core.history import record
from organization.models import RoleAssignment, Service, Unit
from organization.operations.roles import end_rows
from organization.operations.saving import Edit, lock

if TYPE_CHECKING:
    from datetime import date, datetime

    from core.actors import Actor

LEVELS = [Unit.Kind.REGION, Unit.Kind.MUNICIPALITY, Unit.Kind.SECTOR, Unit.Kind.UNIT, Unit.Kind.DEPARTMENT]

MAX_DEPTH = 15


def lock_tree(unit: Unit) -> None:
    """Let one writer at a time into the tree of the unit's municipality."""
    Unit.objects.select_for_update().get(pk=unit.municipality_id or unit.pk)


@transaction.atomic
def create_unit(
    *, name: str, kind: str, code: str, parent: Unit | None, by: Actor, now: datetime, **fields: object
) -> Unit:
    """Add a node to the tree and settle which legal entity and region it belongs to.

    :raises Refused: the kind does not fit below the parent.
    """
    unit = Unit(name=name, kind=kind, code=code, **fields)
    with record("create_unit", actor=by):
        insert_unit(unit, parent, now=now)
    return unit


def insert_unit(unit: Unit, parent: Unit | None, *, now: datetime) -> None:
    """Add an unsaved node below ``parent``; the caller records it.

    :raises Refused: the kind does not fit below the parent.
    """
    check_kind(unit, parent)
    if parent is not None and parent.depth >= MAX_DEPTH:
        raise Refused(_("Det blir for mange nivåer. Legg enheten høyere opp."))
    unit.stamp(now)
    if not unit.is_legal_entity and parent is not None:
        unit.municipality_id, unit.region_id = parent.municipality_id, parent.region_id
    elif parent is not None:
        unit.region_id = parent.pk
    if parent is None:
        Unit.objects.add_root(instance=unit)
    else:
        lock_tree(parent)
        Unit.objects.add_child(Unit.objects.get(pk=parent.pk), instance=unit)
    if unit.is_legal_entity:
        unit.municipality = unit
        unit.save(update_fields=["municipality"])


def fits(kind: str, above: str) -> bool:
    """Tell whether a node of ``kind`` can stand below one of ``above``; departments can be nested."""
    if kind == above == Unit.Kind.DEPARTMENT:
        return True
    return LEVELS.index(Unit.Kind(kind)) > LEVELS.index(Unit.Kind(above))


def check_kind(unit: Unit, parent: Unit | None) -> None:
    """Refuse a node that stands above or beside its parent's level.

    :raises Refused: says what does not fit.
    """
    if parent is None:
        if not unit.is_legal_entity:
            raise Refused(_("Bare en region eller en kommune kan stå øverst."))
        return
    if not fits(unit.kind, parent.kind):
        raise Refused(level_problem(unit.kind, parent.kind))


def level_problem(kind: str, above: str) -> str:
    labels = {"kind": Unit.Kind(kind).label, "above": str(Unit.Kind(above).label).lower()}
    return _("%(kind)s kan ikke ligge under %(above)s. Velg et annet nivå eller en annen plass.") % labels


@transaction.atomic
def edit_unit(edit: Edit[Unit], *, by: Actor, now: datetime) -> Unit:
    """Save new facts of a unit; a new level must fit above and below.

    :raises StaleVersion: somebody else saved in the meantime.
    :raises Refused: the level does not fit.
    """
    unit = edit.row
    lock_tree(unit)
    lock(edit)
    if not edit.fields:
        return unit
    if "kind" in edit.fields:
        check_kind(unit, Unit.objects.get_parent(unit))
        for child in Unit.objects.get_children(unit):
            check_kind(child, unit)
    unit.stamp(now)
    with record("edit_unit", actor=by):
        unit.save(update_fields=[*edit.fields, "changed_at"])
    return unit


@transaction.atomic
def move_unit(unit: Unit, *, parent: Unit, by: Actor, now: datetime) -> Unit:
    """Move a unit, and everything below it, to another place in the same municipality.

    :raises Refused: the place is below itself, does not fit the level, or is another municipality's.
    """
    lock_tree(unit)
    with record("move_unit", actor=by):
        place_unit(unit, parent, now=now)
    return Unit.objects.get(pk=unit.pk)


def place_unit(unit: Unit, parent: Unit, *, now: datetime) -> None:
    """Move a unit; the caller has locked the tree and records it.

    :raises Refused: as ``move_unit``.
    """
    fresh = Unit.objects.get(pk=unit.pk)
    target = Unit.objects.get(pk=parent.pk)
    if fresh.is_legal_entity or target.municipality_id != fresh.municipality_id:
        raise Refused(_("En enhet kan bare flyttes innenfor kommunen."))
    if target.path.startswith(fresh.path):
        raise Refused(_("«%(name)s» kan ikke flyttes under seg selv.") % {"name": fresh.name})
    check_kind(fresh, target)
    branch = Unit.objects.below(fresh)
    deepest: int = branch.aggregate(deepest=Max("depth"))["deepest"]
    if target.depth + 1 + deepest - fresh.depth > MAX_DEPTH:
        raise Refused(_("Det blir for mange nivåer. Legg enheten høyere opp."))
    branch.update(changed_at=now)
    Unit.objects.move(fresh, target, pos="last-child")


@transaction.atomic
def close_unit(unit: Unit, *, on: date, end_roles: bool, by: Actor, now: datetime) -> Unit:
    """Close a unit from a day.  Nothing may be left in it; with ``end_roles`` its roles end that day.

    :raises Refused: says what is left.
    """
    lock_tree(unit)
    fresh = Unit.objects.get(pk=unit.pk)
    rows = roles_after(fresh, on)
    reasons = closing_reasons(fresh, on)
    if rows and not end_roles:
        reasons.append(_roles_left(len(rows)))
    if fresh.is_legal_entity:
        reasons.append(_("En kommune eller region legges ikke ned her."))
    if reasons:
        raise Refused(*reasons)
    fresh.closed_on = on
    fresh.stamp(now)
    with record("close_unit", actor=by):
        end_rows(rows, on=on, now=now)
        fresh.save(update_fields=["closed_on", "changed_at"])
    return fresh


def roles_after(unit: Unit, day: date) -> list[RoleAssignment]:
    """Return the roles on the unit that do not end by ``day``."""
    return list(RoleAssignment.objects.filter(Q(valid_to=None) | Q(valid_to__gt=day), unit=unit))


def _roles_left(count: int) -> str:
    return ngettext(
        "%(n)d rolle på enheten gjelder fortsatt da. Kryss av for at den skal avsluttes, eller avslutt den først.",
        "%(n)d roller på enheten gjelder fortsatt da. Kryss av for at de skal avsluttes, eller avslutt dem først.",
        count,
    ) % {"n": count}


def closing_reasons(unit: Unit, day: date) -> list[str]:
    """Return what must be moved away before the unit can close on ``day``."""
    left = Unit.objects.below(unit).exclude(pk=unit.pk).open_on(day).order_by("path")[:5]
    below = [
        _("«%(name)s» ligger under. Flytt den eller legg den ned først.") % {"name": u.name} for u in left
    ]
    services = Service.objects.filter(unit=unit).order_by("name")[:5]
    moved = _("Tjenesten «%(name)s» hører til enheten. Flytt den til en annen enhet først.")
    return below + [moved % {"name": service.name} for service in services]


@transaction.atomic
def reopen_unit(unit: Unit, *, by: Actor, now: datetime) -> Unit:
    """Open a closed unit again.  Roles that ended with it are given anew.

    :raises Refused: a unit above it is closed.
    """
    lock_tree(unit)
    fresh = Unit.objects.get(pk=unit.pk)
    closed = Unit.objects.above(fresh).exclude(pk=fresh.pk).exclude(closed_on=None).first()
    if closed is not None:
        raise Refused(
            _("«%(name)s» over er lagt ned. Åpne den først, eller flytt enheten.") % {"name": closed.name}
        )
    fresh.closed_on = None
    fresh.stamp(now)
    with record("reopen_unit", actor=by):
        fresh.save(update_fields=["closed_on", "changed_at"])
    return fresh
