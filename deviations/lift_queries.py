"""Who sees which lifts: everybody in the municipality, and who is asked to answer them.

Nobody of another municipality does, and seeing a lift never shows the deviation behind it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Count, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from core.conditions import has_one, is_one_of
from core.queries import SeenWith
from core.textsearch import search_query
from organization.actors import as_person
from organization.roles import Permission

if TYPE_CHECKING:
    from typing import Self

    from core.actors import Actor
    from organization.actors import Grant, PersonActor

_DONE = ("done", "awaiting_evaluation", "closed", "rejected")


def addressed_to(actor: PersonActor) -> Q:
    """Return the condition that the lift was raised to the actor: as a leader, by role, or by profession."""
    from organization.models import ProfessionalGroup

    person = actor.person_id
    groups = ProfessionalGroup.objects.filter(Q(responsible_id=person) | Q(members=person))
    condition = is_one_of("group_id", groups.values("pk"))
    for grant in actor.grants:
        condition |= Q(role=grant.role, municipality_id=grant.municipality_id)
    for grant in actor.lines_where(Permission.HANDLE_DEVIATIONS):
        everybody, own_sector = Q(sector=None), Q(sector__path__in=_line_of(grant))
        condition |= Q(role="", group=None, municipality_id=grant.municipality_id) & (everybody | own_sector)
    return condition


def _line_of(grant: Grant) -> list[str]:
    """Return the paths of the unit of a grant and of all above it."""
    from organization.models import Unit

    path, step = grant.unit_path, Unit.steplen
    return [path[:end] for end in range(step, len(path) + 1, step)]


def _replies(kind: str) -> Any:
    from deviations.models import LiftReply

    return LiftReply.objects.filter(lift_id=OuterRef("pk"), kind=kind)


class LiftQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor | None) -> Self:
        """Keep those of the actor's municipalities: a lift is told without names, for all who might know a way."""
        if not actor:
            return self.none()
        return self if actor.is_system else self.filter(municipality_id__in=as_person(actor).municipality_ids)

    def waiting(self) -> Self:
        return self.filter(status="raised")

    def open(self) -> Self:
        return self.filter(status__in=["raised", "being_solved"])

    def addressed_to(self, actor: PersonActor) -> Self:
        return self.filter(addressed_to(actor))

    def of_raiser(self, actor: Actor) -> Self:
        return self.filter(raised_by_id=actor.person_id)

    def not_answered_by(self, actor: PersonActor) -> Self:
        """Leave out what the actor raised, has offered to solve, or has replied to."""
        from deviations.models import LiftOffer, LiftReply

        own = {"lift_id": OuterRef("pk"), "person_id": actor.person_id}
        return self.exclude(raised_by_id=actor.person_id).filter(
            ~has_one(LiftOffer.objects.standing().filter(**own)) & ~has_one(LiftReply.objects.filter(**own))
        )

    def awaiting_raiser(self) -> Self:
        """Keep those whose next step is that of the one who raised it."""
        from deviations.models import LiftOffer

        standing = LiftOffer.objects.standing().filter(lift_id=OuterRef("pk"))
        offered = Q(status="raised") & has_one(standing)
        done = Q(status="being_solved", action__status__in=_DONE)
        asked = Q(is_asked=True, status__in=["raised", "being_solved"])
        return self.with_question().filter(offered | done | asked)

    def with_question(self) -> Self:
        """Annotate ``is_asked``: the last word about it is a question that who raised it has not answered."""
        from deviations.models import LiftMessage

        last = LiftMessage.objects.filter(lift_id=OuterRef("pk")).order_by("-pk").values("from_raiser")[:1]
        return self.annotate(is_asked=Coalesce(Exact(Subquery(last), False), False))

    def with_offer_facts(self) -> Self:
        """Annotate ``offer_count`` and ``first_offer_at`` of the offers that stand."""
        from deviations.models import LiftOffer

        rows = LiftOffer.objects.standing().filter(lift_id=OuterRef("pk")).order_by().values("lift_id")
        first = rows.annotate(first=models.Min("made_at")).values("first")
        return self.annotate(offer_count=_count(rows), first_offer_at=Subquery(first))

    def with_same_count(self) -> Self:
        """Annotate ``same_count``: how many others have said that they have the same problem."""
        return self.annotate(same_count=_count(_replies("same").order_by().values("lift_id")))

    def matching(self, text: str) -> Self:
        return self.filter(search=search_query(text))


def _count(rows: Any) -> Coalesce:
    counted = rows.annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


class LiftChildQuerySet(SeenWith):
    seen_with = "lift"


class OfferQuerySet(LiftChildQuerySet):
    def standing(self) -> Self:
        """Keep those that are neither withdrawn nor accepted."""
        return self.filter(withdrawn_at=None, accepted_at=None)
