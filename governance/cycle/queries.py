"""Who sees the annual cycle, and named filters on its periods."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import ExpressionWrapper, F, OuterRef, Q, Value
from django.db.models.functions import TruncDate

from governance.queries import in_region_of
from organization.queries import InMunicipality, municipalities_of

if TYPE_CHECKING:
    from datetime import date
    from typing import Self

    from core.actors import Actor


# A draft that nobody has touched for so long is not on its way to a meeting.
IN_WORK = timedelta(days=60)


class FeedQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor | None) -> Self:
        """Keep the person's own: who has the address reads as that person."""
        if not actor:
            return self.none()
        return self if actor.is_system else self.filter(person_id=actor.person_id)


class CycleQuerySet(InMunicipality):
    def visible_to(self, actor: Actor | None) -> Self:
        """Keep the cycles of the own municipalities and of the region they are part of, as with meetings."""
        ids = municipalities_of(actor)
        if ids is None:
            return self
        return self.filter(Q(municipality_id__in=ids) | in_region_of(actor)) if actor else self.none()

    def between(self, first: date, last: date) -> Self:
        """Keep those with a day from ``first`` to ``last``, both included."""
        return self.filter(submission_on__lte=last, meeting_on__gte=first)

    def reached_by_draft(self, changed_at: F | OuterRef, day: date) -> Self:
        """Keep those whose deadline of submission is not over, and that a draft last touched then is on its way to."""
        touched = TruncDate(ExpressionWrapper(changed_at, models.DateTimeField()))
        worked_on = ExpressionWrapper(touched + Value(IN_WORK), models.DateTimeField())
        return self.filter(submission_on__gte=day, submission_on__lte=worked_on)

    def leading_to_meetings_in(self, year: int) -> Self:
        return self.filter(meeting_on__year=year).order_by("meeting_on")

    def open_for(self, municipality_id: int, day: date) -> Self:
        """Keep those whose papers are not due yet on ``day``: a case can still get there."""
        return self.filter(municipality_id=municipality_id, papers_on__gte=day).order_by("meeting_on")
