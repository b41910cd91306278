"""Who sees consultations of strategies and what is said in them, and whom they ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from core.queries import SeenWith
from organization.queries import OfOwnOrRegion, administered_by, at_or_above
from organization.roles import Role

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from typing import Self

    from core.actors import Actor
    from organization.models import Consultation, ConsultationComment, ConsultationPoint
    from organization.queries import PersonQuerySet

# Who is asked, and the column that says so: elected representatives always are.
ASKED: tuple[tuple[tuple[Role, ...], str], ...] = (
    ((Role.ELECTED_REPRESENTATIVE,), ""),
    ((Role.LEADER, Role.SECTOR_LEADER), "hears_leaders"),
    ((Role.SECRETARIAT, Role.COORDINATOR), "hears_secretariat"),
)


def asked_in(consultation: Consultation, day: date) -> PersonQuerySet:
    """Return the people who are asked, by the roles they hold on ``day``; in a region, those of its municipalities too."""
    from organization.models import Person, RoleAssignment

    entity = consultation.municipality_id
    held = (
        RoleAssignment.objects.in_force(day)
        .filter(Q(unit__municipality_id=entity) | Q(unit__municipality__region_id=entity))
        .filter(role__in=consultation.asked_roles)
    )
    people: PersonQuerySet = Person.objects.filter(pk__in=held.values("person_id"), is_active=True)
    return people.order_by("name_sort", "pk")


class ConsultationQuerySet(OfOwnOrRegion):
    def asking(self, actor: Actor | None) -> Self:
        """Keep those that ask the actor, by a role held today."""
        grants: Iterable[Any] = getattr(actor, "grants", ())
        condition = Q()
        for roles, choice in ASKED:
            held = {grant.municipality_id for grant in grants if grant.role in roles}
            if held:
                condition |= at_or_above(held, "municipality_id") & (Q(**{choice: True}) if choice else Q())
        return self.filter(condition) if condition else self.none()

    def open_on(self, day: date) -> Self:
        return self.filter(status="open", opens_on__lte=day, closes_on__gte=day)

    def unanswered_by(self, person_id: int | None) -> Self:
        """Keep those in which the person has said nothing that stands, and not that there is nothing to say."""
        return self.exclude(Exists(_said(OuterRef("pk")).filter(author_id=person_id)))

    def standing(self) -> Self:
        """Keep those that are to come or go on."""
        return self.filter(status__in=["planned", "open"])

    def passed_unheard(self) -> Self:
        """Keep those that nobody was asked in, of drafts that have not been sent out for comments since."""
        held = self.model.objects.exclude(status="cancelled")
        later = held.filter(strategy=OuterRef("strategy"), pk__gt=OuterRef("pk"))
        return self.filter(~Exists(later), status="unheard", strategy__adopted_on=None)


class PointQuerySet(SeenWith):
    seen_with = "consultation"


class CommentQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor | None) -> Self:
        """Keep the own comments; those who write the strategy see what stands, and when it is answered all who were asked."""
        from organization.models import Consultation

        if not actor:
            return self.none()
        if actor.is_system:
            return self
        answered = Consultation.objects.asking(actor).filter(status="answered")
        managed = Q(point__consultation__municipality_id__in=administered_by(actor))
        shared = Q(point__consultation__in=answered) | managed
        return self.filter(Q(author_id=actor.person_id) | (shared & Q(withdrawn_at=None)))

    def own_or_new(self, point: ConsultationPoint, person_id: int) -> ConsultationComment:
        """Return what the person has said of a point, or an empty comment that is not saved yet."""
        own: ConsultationComment = self.filter(point=point, author_id=person_id).first() or self.model(
            point=point, author_id=person_id
        )
        own.point = point
        return own

    def standing(self) -> Self:
        """Keep what is to be answered: neither withdrawn nor that there is nothing to say."""
        return self.filter(withdrawn_at=None, has_no_remarks=False)


class AnswerQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor | None) -> Self:
        """Keep what those who write the strategy have answered; all others when the answers are sent."""
        from organization.models import ConsultationComment

        if not actor:
            return self.none()
        if actor.is_system:
            return self
        sent = Q(comment__point__consultation__status="answered")
        managed = Q(comment__point__consultation__municipality_id__in=administered_by(actor))
        return self.filter(sent | managed, comment__in=ConsultationComment.objects.visible_to(actor))


def _said(consultation: Any) -> Any:
    from organization.models import ConsultationComment

    return ConsultationComment.objects.filter(point__consultation=consultation, withdrawn_at=None)


def said_nothing(consultation: Consultation, people: PersonQuerySet) -> PersonQuerySet:
    """Return those of ``people`` who have said nothing in it."""
    rest: PersonQuerySet = people.exclude(pk__in=_said(consultation.pk).values("author_id"))
    return rest


def authors_in(consultation: Consultation) -> PersonQuerySet:
    """Return the people whose comments stand in it."""
    from organization.models import Person

    said = _said(consultation.pk).filter(has_no_remarks=False)
    people: PersonQuerySet = Person.objects.filter(pk__in=said.values("author_id"), is_active=True)
    return people.order_by("name_sort", "pk")
