"""Whom a hearing asks, and who answers in their place, as conditions on its rows (``governance.queries``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef, Q

from governance.models.status import HEARABLE

if TYPE_CHECKING:
    from datetime import date

    from organization.actors import PersonActor


def is_asked(actor: PersonActor) -> Q:
    """Return the hearings that ask the actor, or somebody the actor stands in for today in the role asked."""
    condition = Q(person_id=actor.person_id)
    for grant in actor.grants:
        if grant.stand_in_for_id is not None:
            condition |= Q(person_id=grant.stand_in_for_id, role=grant.role)
    return condition


def stands_in(actor: PersonActor) -> Q:
    """Return the hearings that somebody has named the actor to answer in the place of who is asked."""
    return Q(stand_in_id=actor.person_id)


def reads_for(actor: PersonActor, *, shielded: bool) -> Q:
    """Return the hearings that open the papers of their case to the actor.

    Who is asked reads as long as the role asked is held.  A named stand-in reads what is needed to answer: until
    the hearing ends, and afterwards only who gave the answer.  What is shielded only a stand-in whom somebody else
    than the one asked has named: the secretariat settles who reads that.
    """
    asked = is_asked(actor) & Q(role__in={grant.role for grant in actor.grants})
    waited_for = Q(answered_at=None, initiative__status__in=HEARABLE) | Q(answered_by_id=actor.person_id)
    named = stands_in(actor) & waited_for
    return asked | (named & ~Q(stand_in_by_id=F("person_id")) if shielded else named)


def stand_in_can_answer(day: date) -> Q:
    """Tell of a hearing whether its stand-in is there, and may read what is shielded if it is (``reads_for``)."""
    may_read = Q(initiative__shield_basis="") | ~Q(stand_in_by_id=F("person_id"))
    return Q(stand_in_is_there(day)) & may_read


def stand_in_is_there(day: date) -> Exists:
    """Tell of a hearing whether its stand-in works where it can be answered from on that day."""
    from organization.models import RoleAssignment

    home = Q(unit__municipality_id=OuterRef("on_behalf_of_id")) | Q(
        unit__municipality_id=OuterRef("initiative__municipality_id")
    )
    region = Q(unit__municipality_id=OuterRef("on_behalf_of__region_id")) | Q(
        unit__municipality_id=OuterRef("initiative__municipality__region_id")
    )
    held = RoleAssignment.objects.in_force(day).filter(person_id=OuterRef("stand_in_id"))
    return Exists(held.filter(home | region, person__is_active=True))
