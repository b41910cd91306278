"""Say which roles there are and how much of each, and ask for people to a project."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Refused, StaleVersion
from core.formats import short_date
from core.history import label_actions, record
from core.seeing import lock
from core.workflow import TransitionDenied
from organization.actors import as_person
from organization.operations import create, save
from portfolio.capacity import policies
from portfolio.models import Capacity, ResourceRequest, ResourceRole
from portfolio.operations import why_ended
from portfolio.policies import may_edit

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal

    from core.actors import Actor
    from organization.operations import Edit
    from portfolio.models import Absence, Project

_SAME = timedelta(minutes=1)
"""Somebody who sends the same form twice means one."""
_DAY = timedelta(days=1)
label_actions({
    "create_resource_role": gettext_lazy("Ressursrolle opprettet"), "edit_resource_role": gettext_lazy("Ressursrolle endret"),
    "set_capacity": gettext_lazy("Kapasitet satt"), "remove_capacity": gettext_lazy("Kapasitet fjernet"),
    "set_absence": gettext_lazy("Fravær ført"), "remove_absence": gettext_lazy("Fravær fjernet"),
})  # fmt: skip


# --- Roles ---------------------------------------------------------------------------------------
@transaction.atomic
def save_role(edit: Edit[ResourceRole], *, by: Actor, now: datetime) -> ResourceRole:
    """Make a role of a municipality, or change one.

    :raises TransitionDenied: ``by`` does not manage the portfolio there.
    :raises StaleVersion: somebody else saved it since.
    """
    role = edit.row
    if not policies.may_set_roles(by, role.municipality_id):
        raise TransitionDenied
    if role.pk is None:
        return create(role, action="create_resource_role", by=by, now=now)
    return save(edit, action="edit_resource_role", by=by, now=now)


@transaction.atomic
def set_in_use(role: ResourceRole, in_use: bool, *, by: Actor, now: datetime) -> None:
    """Take a role out of use, or into use again.  What is granted stays; nobody can ask for more."""
    current = lock(role, by)
    if not policies.may_set_roles(by, current.municipality_id):
        raise TransitionDenied
    if current.is_active != in_use:
        current.is_active = in_use
        current.stamp(now)
        with record("edit_resource_role", actor=by):
            current.save()


# --- How much there is ---------------------------------------------------------------------------
@transaction.atomic
def save_capacity(edit: Edit[Capacity], *, by: Actor, now: datetime) -> Capacity:
    """Say how much there is of a role in a period.

    One that stands until further notice ends the day before a later one begins.

    :raises Http404: ``by`` does not see the role.
    :raises TransitionDenied: ``by`` does not answer for it.
    :raises StaleVersion: somebody else saved it since.
    :raises Refused: another period covers some of the days.
    """
    row = edit.row
    _lock_role(row.role, by)
    _make_room(row, by=by, now=now)
    if row.pk is None:
        return create(row, action="set_capacity", by=by, now=now)
    return save(edit, action="set_capacity", by=by, now=now)


def _make_room(row: Capacity, *, by: Actor, now: datetime) -> None:
    others = Capacity.objects.filter(role_id=row.role_id).exclude(pk=row.pk).order_by("from_on")
    for other in others:
        if not _overlap(row, other):
            continue
        if other.to_on is not None or other.from_on >= row.from_on:
            raise Refused(_told_of(other))
        other.to_on = row.from_on - _DAY
        other.stamp(now)
        with record("set_capacity", actor=by):
            other.save()


def _overlap(one: Capacity, other: Capacity) -> bool:
    ends_before = one.to_on is not None and one.to_on < other.from_on
    return not ends_before and (other.to_on is None or other.to_on >= one.from_on)


def _told_of(other: Capacity) -> str:
    words = {"first": short_date(other.from_on), "last": short_date(other.to_on) if other.to_on else ""}
    if other.to_on is None:
        return _("Rollen har alt en kapasitet fra %(first)s og videre. Velg en sluttdato før den, eller endre den som står.") % words  # fmt: skip
    return _("Rollen har alt en kapasitet fra %(first)s til %(last)s. Velg en annen periode, eller endre den som står.") % words  # fmt: skip


@transaction.atomic
def save_absence(edit: Edit[Absence], *, by: Actor, now: datetime) -> Absence:
    """Say what takes people of a role away from projects in a period."""
    row = edit.row
    _lock_role(row.role, by)
    if row.pk is None:
        return create(row, action="set_absence", by=by, now=now)
    return save(edit, action="set_absence", by=by, now=now)


@transaction.atomic
def remove(row: Capacity | Absence, *, seen: str, by: Actor) -> None:
    """Take a capacity or an absence away; its history stays.

    :raises Http404: it is gone.
    :raises StaleVersion: somebody else saved it since ``seen``.
    """
    _lock_role(row.role, by)
    current = type(row).objects.filter(role_id=row.role_id, pk=row.pk).first()
    if current is None:
        raise Http404
    if current.changed_at.isoformat() != seen:
        raise StaleVersion
    with record(f"remove_{row._meta.model_name}", actor=by):
        current.delete()


def _lock_role(role: ResourceRole, by: Actor) -> None:
    if not policies.may_answer_for(by, lock(role, by)):
        raise TransitionDenied


# --- Asking --------------------------------------------------------------------------------------
@transaction.atomic
def ask(  # noqa: PLR0913 - the fields of one request, keyword-only
    project: Project, *, role: ResourceRole, work_years: Decimal, from_on: date, to_on: date, purpose: str, by: Actor, now: datetime
) -> ResourceRequest:  # fmt: skip
    """Ask whoever answers for a role to let the project have some of it; the same sent twice is one.

    :raises Http404: ``by`` cannot see the project.
    :raises TransitionDenied: ``by`` does not work on the project.
    :raises Refused: the project has ended, or the role is not one that it can ask for.
    """
    current = lock(project, by)
    if not may_edit(by, current):
        raise TransitionDenied
    if reason := why_ended(current):
        raise Refused(reason)
    offered = ResourceRole.objects.filter(pk=role.pk, municipality_id=current.municipality_id).in_use()
    if not offered.exists():
        raise Refused(_("Velg en rolle som er i bruk i prosjektets kommune."))
    values = {"role": role, "work_years": work_years, "from_on": from_on, "to_on": to_on, "purpose": purpose}
    asked = ResourceRequest.objects.waiting().filter(project=current)
    if (same := asked.filter(asked_at__gt=now - _SAME, **values).first()) is not None:
        found: ResourceRequest = same
        return found
    made = ResourceRequest(project=current, asked_by=as_person(by).person, asked_at=now, **values)
    made.stamp(now)
    with record("ask_for_people", actor=by):
        made.save(force_insert=True)
    return made
