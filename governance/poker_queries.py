"""Who sees a game of nyttepoker, its rounds and its cards.

A game is seen by the council and the secretariat of its municipality and by those invited to it; a draft by the secretariat
alone.  What was played about an initiative is seen by those of them who read the initiative.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Case, Q, Value, When

from core.conditions import is_one_of
from core.queries import SeenWith
from governance.queries import in_region_of
from organization.actors import as_person
from organization.queries import municipalities_of
from organization.roles import Permission

if TYPE_CHECKING:
    from typing import Self

    from core.actors import Actor


class PokerGameQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor | None) -> Self:
        if not actor:
            return self.none()
        if actor.is_system:
            return self
        from governance.models import PokerPlayer

        person = as_person(actor)
        council = Q(municipality_id__in=person.municipalities_where(Permission.READ_COUNCIL_PAPERS))
        hosts = Q(municipality_id__in=person.municipalities_where(Permission.ARRANGE_MEETINGS))
        seats = PokerPlayer.objects.filter(person_id=person.person_id).order_by().values("game_id")
        near = Q(municipality_id__in=municipalities_of(actor) or frozenset()) | in_region_of(actor)
        begun = Q(opened_at__isnull=False)
        return self.filter(hosts | (begun & (council | (is_one_of("pk", seats) & near))))


class OfGame(SeenWith):
    seen_with = "game"


class PokerRoundQuerySet(OfGame):
    def visible_to(self, actor: Actor | None) -> Self:
        """Keep those about goals, and about initiatives that the actor reads."""
        from governance.models import Initiative

        rows = super().visible_to(actor)
        if not actor or actor.is_system:
            return rows
        read = Initiative.objects.read_in_full_by(actor)
        return rows.filter(Q(case=None) | Q(case__initiative__in=read))

    def active(self) -> Self:
        return self.filter(status__in=["open", "revealed"])

    def locked(self) -> Self:
        return self.filter(status="locked")


class PokerCardQuerySet(SeenWith):
    seen_with = "round"

    def visible_to(self, actor: Actor | None) -> Self:
        """Keep the actor's own, and all of them once they are shown.  The system alone sees what lies hidden."""
        rows = super().visible_to(actor)
        if not actor or actor.is_system:
            return rows
        return rows.filter(Q(round__revealed_at__isnull=False) | Q(player__person_id=actor.person_id))

    def hidden(self) -> Self:
        """Load who has played, ``lies``, and nothing of what."""
        lies = Case(
            When(Q(value__isnull=False) | ~Q(abstention=""), then=Value(True)), default=Value(False),
            output_field=models.BooleanField(),
        )  # fmt: skip
        return self.annotate(lies=lies).defer("value", "abstention")
