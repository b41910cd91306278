"""Who sees which initiatives and meetings, in three layers, declared once (domain/visibility).

``visible_to`` is the card, ``readable_by`` the papers; ``with_access`` annotates
``reads_papers`` and ``reads_shielded`` for a page that shows one record.
"""

from __future__ import annotations

import re
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.search import SearchQuery, SearchRank, TrigramWordSimilarity
from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest

from core.conditions import has_one, is_one_of
from core.textsearch import search_query
from governance.hearings.who import reads_for
from governance.models.status import ADOPTED_AND_LATER, FINAL, Status
from organization.actors import as_person
from organization.queries import InMunicipality, municipalities_of
from organization.roles import Permission

if TYPE_CHECKING:
    from datetime import date
    from typing import Self

    from core.actors import Actor
    from organization.actors import Grant, PersonActor


def _any_word(text: str) -> SearchQuery:
    """Return a query that finds any of the words, Norwegian stems counted as one."""
    words = re.findall(r"\w{3,}", text)[:20]
    return SearchQuery(" or ".join(words) or "''", search_type="websearch", config="norwegian")


def _nobody() -> Q:
    return Q(pk__in=[])


def _in_municipalities(ids: frozenset[int]) -> Q:
    """The record belongs to one of them, or one of them takes part in it."""
    if not ids:
        return _nobody()
    from governance.models import Participation

    taking_part = Participation.objects.filter(
        initiative_id=OuterRef("pk"), municipality_id__in=ids, left_at=None
    )
    return Q(municipality_id__in=ids) | has_one(taking_part)


def _within_reach(actor: PersonActor) -> Q:
    """The actor holds a role today where the record belongs, takes part, or has its region.

    Who has left keeps neither what was written nor what was asked of them.
    """
    from organization.models import Unit

    ids = municipalities_of(actor) or frozenset()
    of_own_region = Unit.objects.legal_entities().filter(region_id__in=ids)
    return _in_municipalities(ids) | is_one_of("municipality_id", of_own_region.values("pk"))


def _own(actor: PersonActor) -> Q:
    from governance.models import Initiative

    co_edited = Initiative.co_editors.through.objects.filter(person_id=actor.person_id)
    return Q(submitter_id=actor.person_id) | is_one_of("pk", co_edited.values("initiative_id"))


def _in_line(actor: PersonActor) -> Q:
    """The record's unit is one the actor leads, or below it."""
    from organization.models import Unit

    condition = _nobody()
    for grant in actor.lines_where(Permission.READ_PAPERS_OF_LINE):
        below = Unit.objects.filter(path__startswith=grant.unit_path, municipality_id=grant.municipality_id)
        condition |= is_one_of("unit_id", below.values("pk"))
    return condition


def _asked(actor: PersonActor, *, shielded: bool = False) -> Q:
    from governance.models import Hearing

    asked = Hearing.objects.filter(initiative_id=OuterRef("pk"))
    return has_one(asked.filter(reads_for(actor, shielded=shielded)))


def _prepares(actor: PersonActor) -> Q:
    """The case is the actor's to prepare, by a role held today."""
    return Q(case_handler_id=actor.person_id) if actor.holds(Permission.PREPARE) else _nobody()


def _named(actor: PersonActor) -> Q:
    return (
        Q(service_owner_id=actor.person_id)
        | Q(project_owner_id=actor.person_id)
        | Q(case_handler_id=actor.person_id)
    )


def _endorsed_by(actor: PersonActor) -> list[Q]:
    """Return the cases that wait for the actor's endorsement, a condition for each line that the actor leads."""
    from organization.models import Unit

    def waits(grant: Grant) -> Q:
        below = Unit.objects.filter(path__startswith=grant.unit_path, municipality_id=grant.municipality_id)
        return Q(status=Status.AWAITING_ENDORSEMENT) & is_one_of("unit_id", below.values("pk"))

    return [waits(grant) for grant in actor.lines_where(Permission.ENDORSE)]


def papers_condition(actor: PersonActor) -> Q:
    """Return who reads the papers, as a condition on rows already visible."""
    return (
        _own(actor)
        | _in_line(actor)
        | _asked(actor)
        | _named(actor)
        | Q(status__in=ADOPTED_AND_LATER)
        | Q(papers_published_at__isnull=False)
        | _in_municipalities(actor.municipalities_where(Permission.READ_ALL_PAPERS))
    )


def shielded_condition(actor: PersonActor) -> Q:
    return (
        _own(actor)
        | _asked(actor, shielded=True)
        | _prepares(actor)
        | reduce(or_, _endorsed_by(actor), _nobody())  # nobody takes a stand on what they may not read
        | _in_municipalities(actor.municipalities_where(Permission.READ_SHIELDED))
    )


class InitiativeQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor | None) -> Self:
        """Keep what the actor may see the card of: own drafts, all that was submitted at home, and
        what the actor is asked about or named on elsewhere (a region's shared IKT leader, say)."""
        if not actor:
            return self.none()
        if actor.is_system:
            return self
        person = as_person(actor)
        if not person.grants:
            return self.none()
        submitted = Q(submitted_at__isnull=False) & ~Q(status=Status.DRAFT)
        at_home = _in_municipalities(municipalities_of(actor) or frozenset())
        by_name = _own(person) | (submitted & (_asked(person) | _named(person)))
        return self.filter((submitted & at_home) | (by_name & _within_reach(person)))

    def readable_by(self, actor: Actor | None) -> Self:
        """Keep what the actor may read the papers of."""
        visible = self.visible_to(actor)
        return visible if not actor or actor.is_system else visible.filter(papers_condition(as_person(actor)))

    def read_in_full_by(self, actor: Actor | None) -> Self:
        """Keep what the actor may read all of: the papers, and what is shielded in them."""
        readable = self.readable_by(actor)
        if not actor or actor.is_system:
            return readable
        return readable.filter(Q(shield_basis="") | shielded_condition(as_person(actor)))

    def with_access(self, actor: Actor) -> Self:
        """Annotate ``reads_papers`` and ``reads_shielded``."""
        if actor.is_system:
            return self.annotate(reads_papers=Value(True), reads_shielded=Value(True))
        return self.annotate(
            reads_papers=_flag(papers_condition(as_person(actor))),
            reads_shielded=_flag(Q(shield_basis="") | shielded_condition(as_person(actor))),
        )

    def in_municipality(self, municipality_id: int) -> Self:
        return self.filter(_in_municipalities(frozenset({municipality_id})))

    def open(self) -> Self:
        return self.exclude(status__in=FINAL)

    def overdue(self, day: date) -> Self:
        return self.filter(due_on__lt=day)

    def matching(self, text: str, actor: Actor) -> Self:
        """Keep what matches ``text``: titles and numbers for all, the content for those who may read it.

        What a person may not read is not searched either, so a search can never leak it.
        """
        query = search_query(text)
        found = Q(search_card=query)
        if actor.is_system:
            return self.filter(found | Q(search_papers=query))
        readable = papers_condition(as_person(actor)) & (
            Q(shield_basis="") | shielded_condition(as_person(actor))
        )
        return self.filter(found | (Q(search_papers=query) & readable))

    def looking_like(self, title: str) -> Self:
        """Keep those whose public title looks like ``title``, most alike first (Norwegian stems and trigrams)."""
        query = _any_word(title)
        alike = TrigramWordSimilarity(title, "card_title")
        return (
            self.filter(Q(search_card=query) | Q(card_title__trigram_word_similar=title))
            .annotate(likeness=Greatest(SearchRank(F("search_card"), query), alike))
            .order_by("-likeness", "-pk")
        )

    def concerning(self, actor: PersonActor) -> Self:
        """Keep those the actor wrote, or is named on.

        With those of ``Hearing.objects.naming`` this is all that is seen away from home.
        """
        return self.filter(_own(actor) | _named(actor))

    def in_my_hands(self, actor: PersonActor, day: date) -> Self:
        """Keep those whose next step is the actor's own."""
        return self.filter(reduce(or_, _waiting_for(actor, day)))

    def next_in_my_hands(self, actor: PersonActor, day: date, at_most: int) -> Self:
        """Keep those whose next step is the actor's own: of each kind ``at_most``, the nearest deadlines.

        What waits is read in the order of an index, so its cost does not grow with all that waits.
        """
        cases = self.model._default_manager.order_by("due_on", "pk").values("pk")
        first, *rest = (cases.filter(kind)[:at_most] for kind in _waiting_for(actor, day))
        return self.filter(pk__in=first.union(*rest, all=True))

    def in_queue_of(self, actor: PersonActor, state: str) -> Self:
        """Keep what the actor's secretariat has in one of the states after a case is sent in.

        Everybody sees what was sent in at home, so this is within ``visible_to``, and an index answers it alone.
        """
        return self.filter(municipality_id__in=actor.municipalities_where(Permission.TRIAGE), status=state)


def _flag(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=models.BooleanField())


def _waiting_for(actor: PersonActor, day: date) -> list[Q]:
    """Return the kinds of cases whose next step belongs to the actor on that day (domain/governance 4.3, *eier*).

    Each condition is one that an index answers by itself.
    """
    mine = Q(status__in=[Status.DRAFT, Status.RETURNED, Status.NOT_ENDORSED], submitter_id=actor.person_id)
    kinds = [mine, Q(status=Status.UNDER_PREPARATION, case_handler_id=actor.person_id)]
    kinds += _endorsed_by(actor)
    if secretariats := actor.municipalities_where(Permission.TRIAGE):
        states = (
            Status.SUBMITTED, Status.RECEIVED, Status.SENT_BACK, Status.READY_FOR_COUNCIL, Status.POSTPONED,
        )  # fmt: skip
        kinds += [Q(status=state, municipality_id__in=secretariats) for state in states]
        again = Q(review_on__lte=day)
        kinds.append(again & Q(status=Status.ON_HOLD, municipality_id__in=secretariats))
    if leading := actor.municipalities_where(Permission.DECIDE_FAST_TRACK):
        kinds.append(Q(status=Status.FAST_TRACK, municipality_id__in=leading))
    return kinds


class ChildQuerySet(models.QuerySet[Any]):
    """Rows of an initiative: whoever reads its papers sees them."""

    def visible_to(self, actor: Actor | None) -> Self:
        from governance.models import Initiative

        if actor and actor.is_system:
            return self
        return self.filter(initiative__in=Initiative.objects.readable_by(actor))


class CasePaperQuerySet(ChildQuerySet):
    def visible_to(self, actor: Actor | None) -> Self:
        """Keep what the council and the secretariat prepare, and what is published and not shielded."""
        rows = super().visible_to(actor)
        if not actor or actor.is_system:
            return rows
        from governance.models import Initiative

        unshielded = Initiative.objects.filter(Q(shield_basis="") | shielded_condition(as_person(actor)))
        return rows.out_to(as_person(actor)).filter(initiative__in=unshielded)

    def out_to(self, actor: PersonActor) -> Self:
        """Keep what is published, and what the actor prepares: ``visible_to`` for whoever reads the case itself."""
        published = Q(published_at__isnull=False) | Q(initiative__papers_published_at__isnull=False)
        return self.filter(published | _before_it_goes_out(actor))


def _before_it_goes_out(actor: PersonActor) -> Q:
    """Whose case papers are read before they go out: those one prepares, and those of one's council."""
    preparing = (
        Q(initiative__case_handler_id=actor.person_id) if actor.holds(Permission.PREPARE) else _nobody()
    )
    councils = actor.municipalities_where(Permission.READ_COUNCIL_PAPERS)
    return preparing | Q(initiative__municipality_id__in=councils)


class PaperCommentQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor | None) -> Self:
        """Keep those of cases that the actor reads in full, and writes or decides the paper of."""
        from governance.models import Initiative

        if actor and actor.is_system:
            return self
        rows = self.filter(initiative__in=Initiative.objects.read_in_full_by(actor))
        if not actor:
            return rows
        person = as_person(actor)
        writing = _before_it_goes_out(person)
        for line in person.lines_where(Permission.PREPARE):
            writing |= Q(
                initiative__municipality_id=line.municipality_id, initiative__unit__path__startswith=line.unit_path
            )  # fmt: skip
        return rows.filter(writing)

    def of_section(self, initiative_id: int, key: str) -> Self:
        """Keep those of one section, with their people, the oldest first."""
        rows = self.filter(initiative_id=initiative_id, key=key)
        return rows.select_related("written_by", "settled_by").order_by("written_at", "pk")


def in_region_of(actor: Actor) -> Q:
    from organization.models import Unit

    regions = (
        Unit.objects.filter(pk__in=municipalities_of(actor) or frozenset()).order_by().values("region_id")
    )
    return Q(municipality_id__in=regions)


class MunicipalDecisionQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor | None) -> Self:
        """Each municipality's own row is its own paper; the region sees the rows of its records."""
        ids = municipalities_of(actor)
        if ids is None:
            return self
        return self.filter(Q(municipality_id__in=ids) | Q(initiative__municipality_id__in=ids))

    def pending(self) -> Self:
        return self.filter(verdict="pending")

    def to_be_decided_by(self, actor: PersonActor) -> Self:
        return self.pending().filter(
            municipality_id__in=actor.municipalities_where(Permission.DECIDE_FOR_MUNICIPALITY)
        )


class MeetingQuerySet(InMunicipality):
    def visible_to(self, actor: Actor | None) -> Self:
        """Keep meetings of the own municipality and of the region it is part of.

        That a meeting takes place is open; what is on it is shown when the papers are out.
        """
        ids = municipalities_of(actor)
        if ids is None:
            return self
        return self.filter(Q(municipality_id__in=ids) | in_region_of(actor)) if actor else self.none()

    def with_case_count(self) -> Self:
        """Annotate ``case_count``: how many items stand on the agenda."""
        from governance.models import AgendaItem

        standing = (
            AgendaItem.objects.on_agenda().filter(meeting_id=OuterRef("pk")).order_by().values("meeting_id")
        )
        count = standing.annotate(count=Count("pk")).values("count")
        return self.annotate(case_count=Coalesce(Subquery(count), 0))

    def with_access(self, actor: Actor) -> Self:
        if actor.is_system:
            return self.annotate(reads_papers=Value(True))
        before = actor.municipalities_where(Permission.READ_COUNCIL_PAPERS)  # type: ignore[attr-defined]
        return self.annotate(reads_papers=_flag(Q(summoned_at__isnull=False) | Q(municipality_id__in=before)))

    def unfinished(self) -> Self:
        """Keep those whose minutes are not approved yet, as the index of them has it."""
        return self.filter(status__in=["planned", "summoned", "in_session", "concluded"])

    def awaiting_approval_by(self, actor: PersonActor) -> Self:
        """Keep concluded meetings whose minutes are the actor's to approve: who led, or leads the council and was there.

        Narrower than ``policies.may_approve_minutes``, which also lets a leader who left early approve.
        """
        from governance.models import Attendance

        me = actor.person_id
        later = self.model._default_manager.filter(
            municipality_id=OuterRef("municipality_id"), starts_at__gt=OuterRef("starts_at"), opened_at__isnull=False
        ).order_by("starts_at", "pk")  # fmt: skip
        was_there = Attendance.objects.filter(
            meeting_id=OuterRef("pk"), person_id=me, presence=Attendance.Presence.PRESENT
        )
        in_lead = was_there.filter(gone_at=None, seat__in=[Attendance.Seat.LEADER, Attendance.Seat.DEPUTY])
        led = actor.municipalities_where(Permission.LEAD_COUNCIL)
        turn = (
            Q(chair_id=me) | Q(Exists(was_there), next_chair=me) | Q(Exists(in_lead), municipality_id__in=led)
        )
        rows = self.filter(status="concluded").annotate(next_chair=Subquery(later.values("chair_id")[:1]))
        return rows.filter(turn)

    def upcoming(self) -> Self:
        return self.filter(status__in=["planned", "summoned", "in_session"]).order_by("starts_at")

    def past(self) -> Self:
        return self.exclude(status__in=["planned", "summoned", "in_session"]).order_by("-starts_at")

    def taking_cases(self) -> Self:
        return self.filter(status__in=["planned", "summoned"]).order_by("starts_at")

    def with_deadlines(self) -> Self:
        """Load what tells by when a case must be sent in for each of them."""
        from governance.models import CyclePeriod

        periods = CyclePeriod.objects.filter(municipality_id=OuterRef("municipality_id"))
        return self.select_related("cycle_period", "mandate").annotate(has_cycle=Exists(periods))


class MatterQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor | None) -> Self:
        """Keep what the actor reads as council or secretariat; others read the paper itself where it is written."""
        if not actor:
            return self.none()
        if actor.is_system:
            return self
        from governance.models import Initiative

        person = as_person(actor)
        readable = Initiative.objects.filter(
            Q(shield_basis="") | shielded_condition(person), pk=OuterRef("initiative_id")
        )
        at_home = Q(municipality_id__in=person.municipalities_where(Permission.READ_COUNCIL_PAPERS))
        return self.filter(at_home & has_one(readable))

    def waiting(self) -> Self:
        """Keep what is before the council and stands on no agenda."""
        from governance.models import AgendaItem

        standing = AgendaItem.objects.on_agenda().filter(matter_id=OuterRef("pk"), decision=None)
        return self.filter(~Exists(standing), closed_at=None)


def sight_of_meeting(actor: Actor, column: str) -> Exists:
    """Return whether the actor can open the meeting that ``column`` names, which may be of another council."""
    from governance.models import Meeting

    return Exists(Meeting.objects.visible_to(actor).filter(pk=OuterRef(column)))


class AgendaItemQuerySet(models.QuerySet[Any]):
    def with_sight_of_meeting(self, actor: Actor) -> Self:
        """Annotate ``sees_meeting``: whether the actor can open the meeting."""
        return self.annotate(sees_meeting=sight_of_meeting(actor, "meeting_id"))

    def on_agenda(self) -> Self:
        return self.filter(removed_at=None)
