"""Who may do what with the organisation: roles only, never state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from organization.actors import as_person
from organization.models import Consultation, RoleAssignment
from organization.roles import PERMISSIONS, Permission, Role

if TYPE_CHECKING:
    from core.actors import Actor
    from organization.actors import PersonActor
    from organization.models import Person, SavedView, Unit

# Whoever lets people in must not open these to himself (domain/visibility, last paragraph): somebody else gives
# an administrator a role that reads cases.
_CASES = {
    Permission.READ_PAPERS_OF_LINE, Permission.READ_COUNCIL_PAPERS, Permission.READ_ALL_PAPERS, Permission.READ_SHIELDED,
}  # fmt: skip
CASE_ROLES = frozenset(role for role in Role if PERMISSIONS[role] & _CASES)


def may_administer(actor: Actor | None, _obj: object = None, /) -> bool:
    """Tell whether the actor administers anything at all: shows the links, opens nothing by itself."""
    return _holds(actor)


def may_manage_municipality(actor: Actor | None, municipality_id: int | None, /) -> bool:
    """The administrator of a whole municipality (or region): services, groups, strategy, imports."""
    if not actor or municipality_id is None:
        return False
    if actor.is_system:
        return True
    person = as_person(actor)
    lines = person.lines_where(Permission.MANAGE_ORGANIZATION)
    return any(grant.municipality_id == grant.unit_id == municipality_id for grant in lines)


def may_steer_consultation(actor: Actor | None, consultation: Consultation, /) -> bool:
    """Whoever writes the strategy opens it for comments, and answers them."""
    return may_manage_municipality(actor, consultation.municipality_id)


def may_comment(actor: Actor | None, consultation: Consultation, /) -> bool:
    """Those who are asked, by a role they hold today."""
    return Consultation.objects.asking(actor).filter(pk=consultation.pk).exists()


def may_read_summary(actor: Actor | None, consultation: Consultation, /) -> bool:
    """Those who are asked, and those who answer; what stands there for each is ``visible_to``."""
    return may_steer_consultation(actor, consultation) or may_comment(actor, consultation)


def may_manage_unit(actor: Actor | None, unit: Unit, /) -> bool:
    return _holds(actor, municipality_id=unit.municipality_id, unit_path=unit.path)


def may_end_role(actor: Actor | None, row: RoleAssignment, /) -> bool:
    return may_manage_unit(actor, row.unit)


def may_edit_person(actor: Actor | None, person: Person, /) -> bool:
    """The administrator where the person's main role is.

    Those who run the installation are edited by themselves only: a municipality that could
    change their e-mail could take over the installation.
    """
    if not actor:
        return False
    if actor.is_system:
        return True
    if person.is_superuser or person.is_staff:
        return False
    home = home_of(person)
    return home is not None and may_manage_unit(actor, home.unit)


def may_change_log_in(actor: Actor | None, person: Person, /) -> bool:
    """Whoever looks after every role of the person today or later, so that no municipality can take over
    an account that opens another's cases."""
    if not actor or actor.is_system:
        return bool(actor)
    if not may_edit_person(actor, person):
        return False
    held = RoleAssignment.objects.filter(person=person).exclude(valid_to__lte=timezone.localdate())
    return all(may_manage_unit(actor, row.unit) for row in held.select_related("unit"))


def home_of(person: Person) -> RoleAssignment | None:
    """Return the role that tells where a person belongs, the last one held if none is held now."""
    rows = RoleAssignment.objects.filter(person=person).main_first()
    return rows.select_related("unit").first()


def may_issue_link(actor: Actor | None, person: Person, /) -> bool:
    """A link to choose a password is for those who cannot send it to themselves.

    Who has a password and an e-mail address uses «Glemt passord».
    """
    helpless = not person.has_usable_password() or not person.email
    return helpless and person.is_active and may_change_log_in(actor, person)


def _holds(actor: Actor | None, **where: Any) -> bool:
    if not actor:
        return False
    if actor.is_system:
        return True
    person = as_person(actor)
    return person.holds(Permission.MANAGE_ORGANIZATION, **where)


def may_edit_view(actor: Actor, view: SavedView, /) -> bool:
    return bool(actor) and actor.person_id is not None and actor.person_id == view.owner_id


def may_share_view(actor: Actor, unit: Unit, /) -> bool:
    """Those who share views with the unit; the views show nobody more than before."""
    if not actor or actor.is_system:
        return bool(actor)
    return unit.pk in shares_views_with(as_person(actor))


_SHARING = frozenset({Permission.READ_PAPERS_OF_LINE, Permission.MANAGE_PORTFOLIO})


def shares_views_with(actor: PersonActor, /) -> set[int]:
    """Leaders share views of lists with the units they lead, and the portfolio manager with the municipality."""
    return {grant.unit_id for grant in actor.grants if grant.permissions & _SHARING}
