"""Hearings: whom they ask, and which of them somebody owes an answer to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce

from governance.hearings.who import is_asked, stand_in_can_answer, stands_in
from governance.models.status import HEARABLE
from governance.queries import ChildQuerySet

if TYPE_CHECKING:
    from datetime import date
    from typing import Any, Self

    from django.db.models import QuerySet

    from organization.actors import PersonActor


class HearingQuerySet(ChildQuerySet):
    def naming(self, actor: PersonActor) -> Self:
        """Keep those that ask the actor, or name the actor as stand-in, answered or not."""
        return self.filter(is_asked(actor) | stands_in(actor))

    def open(self) -> Self:
        """Keep those that nobody has answered, or noted the passed deadline of."""
        return self.filter(answered_at=None, noted_at=None)

    def with_awaited(self) -> Self:
        """Annotate ``is_awaited``: there is no answer, and somebody still owes one.

        A municipality that has stepped out owes none, nor does who was asked before, or with, somebody
        else in the same role who has answered since.  A new word on the answer of an earlier round is not one to this.
        """
        from governance.models import Hearing, Participation

        home = Coalesce("on_behalf_of_id", "initiative__municipality_id")
        later = Hearing.objects.annotate(answers_for_id=home).filter(
            initiative_id=OuterRef("initiative_id"), role=OuterRef("role"), answers_for_id=OuterRef("answers_for_id"),
            answered_at__gt=OuterRef("asked_at"), asked_at__gte=OuterRef("asked_at"),
        )  # fmt: skip
        stays = Participation.objects.filter(
            initiative_id=OuterRef("initiative_id"), municipality_id=OuterRef("answers_for_id"), left_at=None
        )
        is_in = Q(answers_for_id=F("initiative__municipality_id")) | Exists(stays)
        owed = Q(answered_at=None) & is_in & ~Exists(later)
        rows = self.annotate(answers_for_id=home)
        return rows.annotate(is_awaited=Case(When(owed, then=Value(True)), default=Value(False)))

    def awaited(self) -> Self:
        """Keep those that somebody owes an answer to, whether or not the passed deadline is noted."""
        return self.with_awaited().filter(is_awaited=True)

    def asking(self, actor: PersonActor, day: date) -> Self:
        """Keep those that wait for the actor's answer on that day: the stand-in's where there is one at work, else who is asked."""
        waited_for = stands_in(actor) | (is_asked(actor) & (Q(stand_in=None) | ~stand_in_can_answer(day)))
        return self.open().filter(waited_for, initiative__status__in=HEARABLE).awaited()

    def answerers(self) -> QuerySet[Any, Any]:
        """Return who is to answer each: the stand-in where one is named, else who is asked."""
        return self.values_list(Coalesce("stand_in_id", "person_id"))

    def deserted(self, day: date) -> Self:
        """Keep those that wait for a stand-in who has left, or may not read a case that was shielded meanwhile."""
        rows = self.filter(answered_at=None, stand_in__isnull=False, initiative__status__in=HEARABLE)
        return rows.filter(~stand_in_can_answer(day))
