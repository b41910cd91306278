"""A person with the roles held today, read once per request."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, cast

from django.db import DEFAULT_DB_ALIAS
from django.db.models import BigIntegerField, DateField, FilteredRelation
from django.utils import timezone

from core.statements import Slot, prepare
from organization.queries import held_on
from organization.roles import LEADING_SECRETARIAT, PERMISSIONS, Permission, Role, permissions_of
from organization.scopes import permissions_of_scopes

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from core.actors import Actor
    from core.statements import Statement
    from organization.models import Person, RoleAssignment


@dataclass(frozen=True, slots=True)
class Grant:
    """One role on one unit, in force today."""

    role: str
    unit_id: int
    unit_path: str
    municipality_id: int
    leading: bool
    stand_in_for_id: int | None = None

    @property
    def permissions(self) -> frozenset[Permission]:
        return permissions_of(self.role, on_top=self.unit_id == self.municipality_id, leading=self.leading)


@dataclass(frozen=True)
class PersonActor:
    """A person acting with the roles of one day.

    Knows nothing of states; policies ask ``holds`` and ``has_role``.
    """

    person: Person
    grants: tuple[Grant, ...]
    acting_for: int | None = None

    @property
    def person_id(self) -> int:
        return int(self.person.pk)

    @property
    def label(self) -> str:
        return self.person.name

    @property
    def is_system(self) -> bool:
        return False

    @property
    def scope(self) -> tuple[int, tuple[Grant, ...], int | None]:
        return self.person_id, self.grants, self.acting_for

    @cached_property
    def municipality_ids(self) -> frozenset[int]:
        """Every municipality (or region) in which the person has any role today."""
        return frozenset(grant.municipality_id for grant in self.grants)

    @cached_property
    def acting_for_id(self) -> int | None:
        if self.acting_for in self.municipality_ids:
            return self.acting_for
        return self.grants[0].municipality_id if self.grants else None

    def municipality_choices(self) -> list[dict[str, Any]]:
        """Return the municipalities the person can act for, for the switch in the header.

        Whoever has one only needs no switch, and no query.
        """
        if len(self.municipality_ids) < 2:  # noqa: PLR2004 - one is no choice
            return []
        from organization.models import Unit

        rows = Unit.objects.filter(pk__in=self.municipality_ids).order_by("path").values_list("pk", "name")
        return [{"id": pk, "name": name, "current": pk == self.acting_for_id} for pk, name in rows]

    def holds(
        self, permission: Permission, *, municipality_id: int | None = None, unit_path: str | None = None
    ) -> bool:
        """Tell whether a role held today gives ``permission``.

        With ``municipality_id`` the role must be in that municipality; with ``unit_path``
        also on that unit or above it in the line.
        """
        return any(
            permission in grant.permissions
            and (municipality_id is None or grant.municipality_id == municipality_id)
            and (unit_path is None or unit_path.startswith(grant.unit_path))
            for grant in self.grants
        )

    def has_role(
        self, *roles: Role, municipality_id: int | None = None, unit_path: str | None = None
    ) -> bool:
        return any(
            grant.role in roles
            and (municipality_id is None or grant.municipality_id == municipality_id)
            and (unit_path is None or unit_path.startswith(grant.unit_path))
            for grant in self.grants
        )

    def municipalities_where(self, permission: Permission) -> frozenset[int]:
        return frozenset(g.municipality_id for g in self.grants if permission in g.permissions)

    def lines_where(self, permission: Permission) -> tuple[Grant, ...]:
        """Return the grants whose units, and everything below, ``permission`` covers."""
        return tuple(g for g in self.grants if permission in g.permissions)

    def role_names(self, municipality_id: int | None = None) -> list[str]:
        """Return the labels of the roles held, without repetition, in the table's order."""
        held = {g.role for g in self.grants if municipality_id in {None, g.municipality_id}}
        return [str(role.label) for role in Role if role in held]


@dataclass(frozen=True, slots=True)
class ClientGrant(Grant):
    """What a client of the API may in the municipality that issued it: what its scopes give, and nothing by role."""

    scopes: frozenset[str] = frozenset()

    @property
    def permissions(self) -> frozenset[Permission]:
        return permissions_of_scopes(self.scopes)


@dataclass(frozen=True)
class ClientActor(PersonActor):
    """A client of the API.  Its person is an account that nobody logs in with, so that history names the client.

    It holds one grant, and rows are read through the same ``visible_to`` as for people.
    """

    client_id: int = 0


CLIENT_ROLE = "api_client"


def client_actor(
    person: Person, *, client_id: int, place: tuple[int, str], scopes: frozenset[str]
) -> ClientActor:
    """Return the client that acts as ``person``.

    :param place: the id and the path of the municipality or region that issued it.
    """
    municipality_id, path = place
    grant = ClientGrant(CLIENT_ROLE, municipality_id, path, municipality_id, leading=False, scopes=scopes)
    return ClientActor(person, (grant,), municipality_id, client_id=client_id)


def as_person(actor: Actor) -> PersonActor:
    """Return the actor as the person it is; whoever calls has dealt with the system before."""
    return cast("PersonActor", actor)


def person_actor(person: Person, *, day: date | None = None, acting_for: int | None = None) -> PersonActor:
    """Return ``person`` with the roles in force on ``day`` (today when not given)."""
    known = read_person(person.pk, day) if person.is_active else None
    return PersonActor(person, (known and known.grants) or (), acting_for)


def read_person(pk: int, day: date | None = None) -> Person | None:
    """Return the person with the ``grants`` of ``day`` (today), by the statement that every request begins with."""
    from organization.models import Person

    rows = _person_with_grants().first_rows(person=pk, day=day or timezone.localdate())
    if not rows:
        return None
    names = _columns_of_person()
    person: Person = Person.from_db(DEFAULT_DB_ALIAS, names, rows[0][: len(names)])
    held = [row[len(names) :] for row in rows]
    person.grants = tuple(Grant(*values) for values in held if values[0] is not None)
    return person


@lru_cache(maxsize=1)
def _person_with_grants() -> Statement:
    """Return the statement of a person: a row for each role held, or one row without a role."""
    from organization.models import Person

    held = FilteredRelation("roles", condition=held_on(Slot("day", DateField()), "roles__"))
    rows = Person.objects.filter(pk=Slot("person", BigIntegerField())).annotate(held=held)
    grant = ("role", "unit_id", "unit__path", "unit__municipality_id", "is_leading", "stand_in_for_id")
    columns = [*_columns_of_person(), *(f"held__{name}" for name in grant)]
    return prepare(rows.order_by("-held__is_main", "held__pk").values_list(*columns))


@lru_cache(maxsize=1)
def _columns_of_person() -> list[str]:
    from organization.models import Person

    return [field.attname for field in Person._meta.concrete_fields]


def people_with(
    permission: Permission, *, municipality_id: int, unit_path: str | None = None, day: date | None = None
) -> list[Person]:
    """Return the people whose roles give ``permission`` in that municipality, nearest the unit first."""
    roles = {role for role in Role if permission in PERMISSIONS[role]}
    if permission in LEADING_SECRETARIAT:
        roles.add(Role.SECRETARIAT)
    held = _held(roles, municipality_id, unit_path, day)
    on_top = municipality_id
    return list(
        dict.fromkeys(
            row.person
            for row in held
            if permission in permissions_of(row.role, on_top=row.unit_id == on_top, leading=row.is_leading)
        )
    )


def people_in_roles(
    roles: Iterable[Role],
    *,
    municipality_id: int,
    unit_path: str | None = None,
    leading: bool = False,
    day: date | None = None,
) -> list[Person]:
    """Return active people with one of ``roles``, those on the nearest unit of the line first."""
    held = _held(roles, municipality_id, unit_path, day)
    return list(dict.fromkeys(row.person for row in held if row.is_leading or not leading))


def _held(
    roles: Iterable[Role], municipality_id: int, unit_path: str | None, day: date | None
) -> list[RoleAssignment]:
    """Return the roles in force, on the unit's line when one is given, the nearest unit first."""
    from organization.models import RoleAssignment

    rows = (
        RoleAssignment.objects.in_force(day or timezone.localdate())
        .filter(role__in=list(roles), unit__municipality_id=municipality_id, person__is_active=True)
        .select_related("person", "unit")
    )
    near = [row for row in rows if unit_path is None or unit_path.startswith(row.unit.path)]
    near.sort(key=lambda row: (-len(row.unit.path), row.pk))
    return near


def nearest_in_roles(roles: Iterable[Role], *, municipality_id: int, unit_path: str) -> list[Person]:
    """Return those with one of ``roles`` on the nearest unit of the line that has any.

    Stand-ins hold the same role for their period and are therefore among them.
    """
    from organization.models import RoleAssignment

    rows = (
        RoleAssignment.objects.in_force(timezone.localdate())
        .filter(role__in=list(roles), unit__municipality_id=municipality_id, person__is_active=True)
        .select_related("person", "unit")
    )
    line = [row for row in rows if unit_path.startswith(row.unit.path)]
    nearest = max((len(row.unit.path) for row in line), default=0)
    return list(dict.fromkeys(row.person for row in line if len(row.unit.path) == nearest))
