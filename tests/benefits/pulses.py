"""Plan a pulse, open it, answer it and let it end, the way people do it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from benefits.models import PulseRound
from benefits.operations import pulse as operations
from organization.roles import Role

if TYPE_CHECKING:
    from benefits.models import Benefit
    from organization.actors import PersonActor
    from tests.world import Place

YES, NO = [3] * 5, [0] * 5


def planned(benefit: Benefit, place: Place, occasion: str = "before_bp3", **values: Any) -> PulseRound:
    today = timezone.localdate()
    given = {
        "opens_on": today + timedelta(days=1), "closes_on": today + timedelta(days=15), "units": [place.municipality], **values,
    }  # fmt: skip
    by, plan = place.actor(Role.SERVICE_OWNER), operations.PulseInput(**given)
    return operations.plan_pulse(benefit.initiative, occasion, plan, by=by, now=timezone.now())


def open_pulse(benefit: Benefit, place: Place, occasion: str = "before_bp3", **values: Any) -> PulseRound:
    """Return a pulse whose first day was yesterday."""
    pulse = planned(benefit, place, occasion, **values)
    return moved(pulse, opens_on=timezone.localdate() - timedelta(days=1))


def moved(pulse: PulseRound, **days: Any) -> PulseRound:
    PulseRound.objects.filter(pk=pulse.pk).update(**days)
    pulse.refresh_from_db()
    return pulse


def over(pulse: PulseRound) -> PulseRound:
    today = timezone.localdate()
    return moved(pulse, opens_on=today - timedelta(days=20), closes_on=today - timedelta(days=1))


def answer(pulse: PulseRound, by: PersonActor, replies: list[int] = YES) -> None:
    operations.answer_pulse(pulse, replies, by=by, today=timezone.localdate())
