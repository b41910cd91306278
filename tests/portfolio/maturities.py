"""Self-assessments of a municipality."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from organization.roles import Role
from portfolio.maturity import operations
from portfolio.models import Prerequisite

if TYPE_CHECKING:
    from portfolio.models import MaturityReview
    from tests.world import Place


def draft(place: Place) -> MaturityReview:
    return operations.start_review(
        place.municipality, by=place.actor(Role.PORTFOLIO_MANAGER), now=timezone.now()
    )


def values(**changed: Any) -> dict[str, Any]:
    return {
        "level": 3,
        "grounds": "Vi gjør det stort sett.",
        "next_step": "",
        "owner": None,
        "due_on": None,
        **changed,
    }


def answered(place: Place, **changed: Any) -> MaturityReview:
    review = draft(place)
    for key in Prerequisite:
        operations.answer(
            review, key, values(**changed), by=place.actor(Role.PORTFOLIO_MANAGER), now=timezone.now()
        )
    return review


def locked(place: Place, **changed: Any) -> MaturityReview:
    review = answered(place, **changed)
    return operations.lock_review(review, by=place.actor(Role.PORTFOLIO_MANAGER), now=timezone.now())
