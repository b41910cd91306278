"""What is heard: the strategy as a whole, and each goal in the words it had."""

from __future__ import annotations

from typing import TYPE_CHECKING

from organization.models import Consultation, ConsultationPoint

if TYPE_CHECKING:
    from datetime import datetime

    from organization.models import Goal


def hear_goals(consultation: Consultation, *, now: datetime) -> None:
    """Keep what is heard when the consultation opens."""
    whole = ConsultationPoint(consultation=consultation, changed_at=now)
    goals = [_point(consultation, goal, now) for goal in consultation.strategy.goals.all()]
    ConsultationPoint.objects.bulk_create([whole, *goals])


def hear_the_rest(consultation: Consultation, *, now: datetime) -> None:
    """Let goals be heard that came into the draft while a consultation that goes on was closed."""
    left = consultation.strategy.goals.exclude(
        pk__in=consultation.points.filter(goal__isnull=False).values("goal")
    )
    ConsultationPoint.objects.bulk_create(_point(consultation, goal, now) for goal in left)


def hear_new_goal(goal: Goal, *, now: datetime) -> None:
    """Let a goal that comes into the draft while it is heard be heard too."""
    consultation = Consultation.objects.filter(strategy_id=goal.strategy_id, status="open").first()
    if consultation is not None:
        _point(consultation, goal, now).save(force_insert=True)


def _point(consultation: Consultation, goal: Goal, now: datetime) -> ConsultationPoint:
    return ConsultationPoint(
        consultation=consultation, goal=goal, code=goal.code, title=goal.title, indicator=goal.indicator, changed_at=now
    )  # fmt: skip
