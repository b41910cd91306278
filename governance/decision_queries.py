"""Who sees which lines of the decision log, and who reads the words of a decision."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING

from django.db.models import BooleanField, Case, F, OuterRef, Q, Value, When
from django.utils import timezone

from core.conditions import has_one
from core.finding import contains, is_long_enough
from core.textsearch import search_query
from governance.queries import (
    ChildQuerySet,
    in_region_of,
    papers_condition,
    shielded_condition,
    sight_of_meeting,
)
from organization.queries import municipalities_of

if TYPE_CHECKING:
    from typing import Self

    from core.actors import Actor
    from governance.models import Meeting
    from organization.actors import PersonActor


def _text_is_open_to(actor: PersonActor) -> Q:
    """Return who reads the words of a decision: those who read the papers, shielded ones included."""
    return papers_condition(actor) & (Q(shield_basis="") | shielded_condition(actor))


# What a line of the log shows; the long texts of the initiative stay in the database.
_SHOWN = (
    "number", "text", "amount", "initiative__archive_reference", "body", "outcome", "reference", "votes_for", "votes_against", "votes_blank", "casting_vote",
    "decided_at", "decided_on", "initiative", "initiative__card_title", "agenda_item", "agenda_item__meeting",
    "agenda_item__case_number", "agenda_item__title", "agenda_item__matter", "municipality",
    "municipality__name", "follow_up__status", "follow_up__due_on", "follow_up__closed_at", "follow_up__responsible",
    "follow_up__responsible__name",
)  # fmt: skip


class DecisionQuerySet(ChildQuerySet):
    """Lines of the decision log.

    A decision that a municipality takes for itself on a regional initiative is its own paper:
    the region sees it, the other municipalities do not.
    """

    def visible_to(self, actor: Actor | None) -> Self:
        """Keep the decisions the actor may read the words of."""
        visible = super().visible_to(actor)
        return visible if not actor or actor.is_system else visible.filter(_own_or_common(actor))

    def logged_for(self, actor: Actor) -> Self:
        """Keep the lines the actor may see at all; ``reads_text`` says whether the words are among it."""
        from governance.models import Initiative

        if actor.is_system:
            return self.annotate(reads_text=Value(True))
        cards = Initiative.objects.visible_to(actor).filter(pk=OuterRef("initiative_id"))
        readable = Initiative.objects.filter(_text_is_open_to(actor), pk=OuterRef("initiative_id"))  # type: ignore[arg-type]
        at_home = Q(municipality_id__in=municipalities_of(actor) or frozenset()) | in_region_of(actor)
        # Asked of the initiative in the same breath, without a join: the newest lines are then met in order.
        ids = municipalities_of(actor) or frozenset()
        common = cards.filter(Q(municipality_id__in=ids) | Q(municipality_id=OuterRef("municipality_id")))
        own = Q(municipality_id__in=ids) & has_one(cards)
        lines = self.filter(own | has_one(common) | (Q(initiative=None) & at_home))
        reads = When(Q(initiative=None) | has_one(readable), then=Value(True))
        return lines.annotate(reads_text=Case(reads, default=Value(False), output_field=BooleanField()))

    def with_follow_up_access(self, actor: Actor) -> Self:
        """Annotate ``reads_follow_up``: whether the actor reads the words, or is who is to carry them out.

        Who is responsible must know of it, also where the words are shielded: they stay with who reads the case.
        To be asked after ``logged_for``.
        """
        reads = Q(reads_text=True)
        if actor.person_id is not None:
            reads |= Q(follow_up__responsible=actor.person_id)
        known = Case(When(reads, then=Value(True)), default=Value(False), output_field=BooleanField())
        return self.annotate(reads_follow_up=known)

    def with_sight_of_meeting(self, actor: Actor) -> Self:
        """Annotate ``sees_meeting``: whether the actor can open the meeting it was decided in."""
        return self.annotate(sees_meeting=sight_of_meeting(actor, "agenda_item__meeting_id"))

    def listed(self) -> Self:
        """Load what a line of the log shows, in one query."""
        return self.select_related(
            "initiative", "agenda_item", "municipality", "follow_up__responsible"
        ).only(*_SHOWN)

    def of_council(self, meeting: Meeting) -> Self:
        """Keep what the council of a meeting has decided."""
        from governance.council.deciding import body_of

        return self.filter(municipality_id=meeting.municipality_id, body=body_of(meeting))

    def decided_in(self, year: int) -> Self:
        """Keep what was decided in a year, by the days of Oslo."""
        begins, ends = (
            timezone.make_aware(datetime.combine(date(one, 1, 1), time.min)) for one in (year, year + 1)
        )
        return self.filter(decided_at__gte=begins, decided_at__lt=ends)

    def followed_up(self, which: str, *, person_id: int | None, day: date) -> Self:
        """Keep what is followed up: ``all``, ``mine``, ``waiting``, ``overdue`` or what stands in one of its states.

        Of others only where the words may be read.  To be asked after ``logged_for``.
        """
        rows = self.filter(follow_up__isnull=False)
        if which == "mine":
            return rows.filter(follow_up__responsible=person_id)
        rows = rows.filter(reads_text=True)
        waiting = rows.filter(follow_up__status__in=["open", "under_way"])
        if which == "waiting":
            return waiting
        if which == "overdue":
            return waiting.filter(follow_up__due_on__lt=day)
        return rows if which == "all" else rows.filter(follow_up__status=which)

    def matching(self, text: str) -> Self:
        """Keep what has ``text``: in numbers and public title for all, in the words for those who may read them.

        To be asked after ``logged_for``.
        """
        if not is_long_enough(text):
            return self.filter(initiative__search_card=search_query(text))
        return self.filter(contains("card", text) | (contains("text", text) & Q(reads_text=True)))


def _own_or_common(actor: Actor) -> Q:
    """The decision is of the initiative's owner, or of a municipality of the actor's, or the actor is of the owner."""
    ids = municipalities_of(actor) or frozenset()
    own = Q(municipality_id__in=ids) | Q(initiative__municipality_id__in=ids)
    return own | Q(municipality_id=F("initiative__municipality_id"))
