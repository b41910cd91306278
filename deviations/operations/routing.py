"""Lay a case in somebody's hands, and move it on with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import notices
from core.history import label_actions, record
from core.seeing import lock
from core.workdays import add_working_days
from core.workflow import TransitionBlocked, TransitionDenied
from deviations import policies, telling
from deviations.models import Anonymity, Deviation, DeviationRules, Routing, Status
from deviations.routing import Route
from deviations.staff import why_not_at_work

if TYPE_CHECKING:
    from datetime import datetime

    from core.actors import Actor
    from organization.models import Person

MOVABLE = frozenset({Status.REPORTED, Status.RECEIVED, Status.IN_PROGRESS})

label_actions({"reroute": _("Sendt videre")})


def lay_in_hands(deviation: Deviation, found: Route, *, by: Actor, now: datetime, reason: str = "") -> None:
    """Make somebody the receiver, write down why, and let the days to receive it begin anew.

    Who moved it is written only where somebody sent it on for a ``reason``: the first time it
    would be the reporter.
    """
    deviation.responsible = found.person
    days = DeviationRules.of_id(deviation.municipality_id).receive_days
    deviation.due_on = add_working_days(timezone.localdate(now), days)
    Routing.objects.create(
        deviation=deviation, person=found.person, unit=found.unit, why=found.why[:300], reason=reason[:500],
        moved_by_id=by.person_id if reason else None, at=now,
    )  # fmt: skip


def reroute(deviation: Deviation, person: Person, *, reason: str, by: Actor, now: datetime) -> Deviation:
    """Send the case on to another receiver.  The state stays; who handled it no longer does.

    :raises TransitionDenied: ``by`` may not move it.
    :raises TransitionBlocked: the state does not allow it, the person is part of the case or holds no role
        in the municipality, or the case has been with that person before (it shall not go in a circle).
    """
    with transaction.atomic():
        locked = lock(deviation, by)
        if not policies.may_receive(by, locked):
            raise TransitionDenied
        if reasons := why_not(locked, person) or _why_not_here(locked, person, now):
            raise TransitionBlocked(reasons)
        before = locked.responsible
        with record("reroute", actor=by, reason=reason):
            why = _("Sendt videre fra %(name)s") % {"name": before} if before else _("Sendt videre")
            lay_in_hands(locked, Route(person, None, why), reason=reason, by=by, now=now)
            locked.handler = None
            locked.version += 1
            locked.stamp(now)
            locked.save()
        notices.post(telling.case_is_sent_on(locked, by=by, now=now), about=locked, now=now)
    return locked


def why_not(deviation: Deviation, person: Person) -> list[str]:
    """Return why the case cannot go to ``person``, empty when it can.

    A hidden reporter is not refused: a refusal would tell, name by name, who reported.
    """
    if deviation.status not in MOVABLE:
        return [_("Saken kan ikke sendes videre slik den står nå.")]
    if person.pk == deviation.responsible_id:
        return [_("Saken ligger alt hos %(name)s.") % {"name": person}]
    if is_known_reporter(deviation, person) or deviation.concerned.filter(pk=person.pk).exists():
        return [_("%(name)s er selv del av saken. Velg en annen.") % {"name": person}]
    if deviation.routings.filter(person=person).exists():
        return [
            _("Saken har alt ligget hos %(name)s. Velg lederen over, eller ta den selv.") % {"name": person}
        ]
    return []


def _why_not_here(deviation: Deviation, person: Person, now: datetime) -> list[str]:
    reason = why_not_at_work(person, deviation.municipality_id, day=timezone.localdate(now))
    return [reason] if reason else []


def is_known_reporter(deviation: Deviation, person: Person) -> bool:
    return person.pk == deviation.reporter_id and deviation.anonymity == Anonymity.OPEN


def times_moved(deviation: Deviation) -> int:
    """Return how often the case was sent on after it first landed."""
    return max(0, deviation.routings.count() - 1)
