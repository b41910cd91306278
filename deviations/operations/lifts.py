"""Lifts beside their steps: raise one, offer to solve it, ask about it, and say that one has the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import notices
from core.history import label_actions, record
from core.seeing import lock
from core.workflow import TransitionBlocked, TransitionDenied
from deviations import lift_telling as telling
from deviations import policies
from deviations.models import Deviation, Lift, LiftMessage, LiftOffer, LiftReply
from deviations.operations.touching import touch
from deviations.staff import why_not_at_work

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.utils.functional import _StrOrPromise as StrOrPromise

    from core.actors import Actor
    from organization.models import Person, ProfessionalGroup, Unit

label_actions(
    {
        "raise_lift": _("Løftet problemet"),
        "offer_solution": _("Kan løse det"),
        "withdraw_offer": _("Trakk tilbudet"),
        "write_about_lift": _("Skrev om problemet"),
        "reply_to_lift": _("Har det samme"),
    }
)


def why_not_raised(deviation: Deviation) -> StrOrPromise | None:
    """Return what stands in the way of raising the problem behind a case, if anything does."""
    if deviation.is_confidential:
        return _("Saken er fortrolig. Da kan ikke noe om den løftes til andre. Snakk med lederen over deg.")
    if not deviation.is_open:
        return _("Saken er avsluttet. Gjenåpne den for å løfte problemet.")
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftInput:
    """A problem as it is told to others: a role, the leaders of a sector, a group, or else all leaders."""

    title: str
    problem: str
    role: str = ""
    sector: Unit | None = None
    group: ProfessionalGroup | None = None
    names_unit: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferInput:
    """How somebody would solve it, which unit and who there, and by when."""

    plan: str
    unit: Unit
    owner: Person
    due_on: date


def raise_lift(deviation: Deviation, given: LiftInput, *, by: Actor, now: datetime) -> Lift:
    """Raise the problem behind a case; the same form sent twice raises it once.

    :raises TransitionDenied: ``by`` does not handle the case.
    :raises TransitionBlocked: the case is confidential or has ended, or the sector or group is not of the municipality.
    """
    if not policies.may_raise_lift(by, deviation):
        raise TransitionDenied
    if given.sector is not None and given.sector.municipality_id != deviation.municipality_id:
        raise TransitionBlocked([_("Sektoren hører til en annen kommune.")])
    if given.group is not None and not deviation.unit.path.startswith(given.group.municipality.path):
        raise TransitionBlocked([_("Faggruppen hører til en annen kommune.")])
    with transaction.atomic(), record("raise_lift", actor=by, of=deviation):
        locked = lock(deviation, by)
        if reason := why_not_raised(locked):
            raise TransitionBlocked([reason])
        known: Lift | None = (
            locked.lifts.waiting().filter(title=given.title, raised_by_id=by.person_id).first()
        )
        if known is not None:
            return known
        lift = Lift(
            municipality_id=locked.municipality_id, deviation=locked, title=given.title, problem=given.problem, role=given.role,
            sector=given.sector,
            group=given.group,
            unit=locked.unit if given.names_unit else None, raised_by_id=cast("int", by.person_id), raised_at=now, status_since=now,
        )  # fmt: skip
        lift.stamp(now)
        lift.save()
        touch(locked, now)
        notices.post(telling.problem_is_raised(lift, by=by), about=lift, now=now)
    return lift


def offer_solution(lift: Lift, given: OfferInput, *, by: Actor, now: datetime) -> LiftOffer:
    """Say «Jeg kan løse dette»; whoever has said so already gets what was said.

    :raises TransitionDenied: ``by`` raised it, or is not among those it was raised to.
    :raises TransitionBlocked: it no longer waits, or the unit or the owner is not of the municipality.
    """
    with transaction.atomic(), record("offer_solution", actor=by, reason=given.plan):
        locked = _waiting(lift, by)
        if given.unit.municipality_id != locked.municipality_id:
            raise TransitionBlocked([_("Enheten hører til en annen kommune.")])
        if reason := why_not_at_work(given.owner, locked.municipality_id, day=timezone.localdate(now)):
            raise TransitionBlocked([reason])
        offer, made = LiftOffer.objects.standing().get_or_create(
            lift=locked, person_id=cast("int", by.person_id),
            defaults={"plan": given.plan, "unit": given.unit, "owner": given.owner, "due_on": given.due_on, "made_at": now},
        )  # fmt: skip
        if made:
            LiftReply.objects.filter(
                lift=locked, person_id=cast("int", by.person_id), kind=LiftReply.Kind.NOT_US
            ).delete()
            _touch(locked, now)
            notices.post(telling.somebody_can_solve(locked, offer, by=by), about=locked, now=now)
    return offer


def withdraw_offer(lift: Lift, *, by: Actor, now: datetime) -> LiftOffer:
    """Take back the own offer, as long as it has not been accepted.

    :raises TransitionBlocked: there is none that stands.
    """
    with transaction.atomic(), record("withdraw_offer", actor=by):
        locked = lock(lift, by)
        offer = LiftOffer.objects.standing().filter(lift=locked, person_id=cast("int", by.person_id)).first()
        if offer is None:
            raise TransitionBlocked(
                [_("Du har ikke noe tilbud som kan trekkes. Det kan alt være tatt imot.")]
            )
        offer.withdrawn_at = now
        offer.save()
        _touch(locked, now)
        notices.post(telling.offer_is_withdrawn(locked, offer, by=by), about=locked, now=now)
    return cast("LiftOffer", offer)


def write_about_lift(lift: Lift, text: str, *, by: Actor, now: datetime) -> LiftMessage:
    """Ask about a lift, or answer as the one who raised it; the same words sent twice are kept once.

    :raises TransitionDenied: ``by`` sees it without being asked.
    :raises TransitionBlocked: it has ended.
    """
    with transaction.atomic(), record("write_about_lift", actor=by):
        locked = lock(lift, by)
        steers = policies.may_steer_lift(by, locked)
        if not steers and not policies.may_answer_lift(by, locked):
            raise TransitionDenied
        if not locked.is_open:
            raise TransitionBlocked([_("Problemet er avsluttet. Det kan ikke skrives mer om det.")])
        last: LiftMessage | None = locked.messages.last()
        if last is not None and (last.author_id, last.text) == (by.person_id, text):
            return last
        message = LiftMessage.objects.create(
            lift=locked, author_id=cast("int", by.person_id), from_raiser=steers, text=text, at=now
        )
        _touch(locked, now)
        notices.post(telling.somebody_has_written(locked, message, by=by), about=locked, now=now)
    return message


def reply_to_lift(lift: Lift, kind: str, *, by: Actor, now: datetime) -> None:
    """Say that one has the same problem, or that it is nothing for the own unit; the last word counts.

    :raises TransitionDenied: ``by`` raised it, or is not among those it was raised to.
    :raises TransitionBlocked: it has ended.
    """
    with transaction.atomic(), record("reply_to_lift", actor=by):
        locked = lock(lift, by)
        if not policies.may_answer_lift(by, locked):
            raise TransitionDenied
        if not locked.is_open:
            raise TransitionBlocked([_("Problemet er avsluttet.")])
        LiftReply.objects.update_or_create(
            lift=locked, person_id=cast("int", by.person_id), defaults={"kind": kind, "at": now}
        )
        if kind == LiftReply.Kind.SAME:
            _touch(locked, now)


def take_reply_back(lift: Lift, *, by: Actor) -> None:
    """Let the lift stand as not replied to by the actor."""
    LiftReply.objects.filter(lift=lift, person_id=cast("int", by.person_id)).delete()


def _waiting(lift: Lift, by: Actor) -> Lift:
    locked = lock(lift, by)
    if not policies.may_answer_lift(by, locked):
        raise TransitionDenied
    if not locked.is_waiting:
        raise TransitionBlocked([_("Problemet venter ikke lenger på løsning. Last siden på nytt.")])
    return locked


def _touch(lift: Lift, now: datetime) -> None:
    Lift.objects.filter(pk=lift.pk).update(changed_at=now)
    lift.changed_at = now
