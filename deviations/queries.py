"""Who sees which deviations, declared once (domain/visibility): card and papers are the same set.

Three exceptions to that, all narrower: who is named by role on a confidential type, and who
follows somebody else's report, see that the case is there and where it stands, not its
words; and nobody but the reporter sees a name that was asked to be hidden.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Case, Count, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from core.conditions import has_one, is_among_first, is_one_of, without_index
from core.textsearch import is_plain, search_query
from deviations.models.status import FINAL, OPEN, Anonymity, Category, Status
from organization.actors import as_person
from organization.queries import InMunicipality
from organization.roles import Permission, Role

if TYPE_CHECKING:
    from datetime import date
    from typing import Self

    from core.actors import Actor
    from organization.actors import Grant, PersonActor

_SAMPLE, _COMMON = 500, 0.02
"""Words that this share of so many rows have are common."""
_HAND_BACK = frozenset({Status.IN_PROGRESS, Status.ACTIONS_RUNNING, Status.EVALUATING})


def _nothing() -> Q:
    return Q(pk__in=[])


def is_of_unit_in(grant: Grant) -> Q:
    """Return the condition that the record's unit is the one of the grant, or below it."""
    return is_one_of("unit_id", units_of(grant).values("pk"))


def units_of(grant: Grant) -> models.QuerySet[Any]:
    """Return the unit of the grant and those below it."""
    from organization.models import Unit

    return Unit.objects.filter(path__startswith=grant.unit_path, municipality_id=grant.municipality_id)


def _own(actor: PersonActor) -> Q:
    return Q(reporter_id=actor.person_id)


def in_hands(actor: PersonActor) -> Q:
    """Return the condition that the actor receives or handles the case."""
    return Q(responsible_id=actor.person_id) | Q(handler_id=actor.person_id)


def _in_line(actor: PersonActor) -> Q:
    return _of_led_unit(actor, "unit_id") & Q(is_confidential=False)


def _of_led_unit(actor: PersonActor, column: str) -> Q:
    condition = _nothing()
    for grant in actor.lines_where(Permission.READ_DEVIATIONS):
        condition |= is_one_of(column, units_of(grant).values("pk"))
    return condition


def _confidential(actor: PersonActor) -> Q:
    """What is confidential, for clients of the API to whom it was given with a reason; no role of people has it."""
    condition = _nothing()
    for grant in actor.lines_where(Permission.READ_CONFIDENTIAL):
        condition |= Q(is_confidential=True) & is_of_unit_in(grant)
    return condition


def _of_own_field(actor: PersonActor) -> Q:
    """HMS of the verneombud's area; information security, and any breach of it, for the privacy officer."""
    condition = _nothing()
    for grant in actor.lines_where(Permission.FOLLOW_HMS):
        condition |= Q(category=Category.HMS, is_confidential=False) & is_of_unit_in(grant)
    for grant in actor.lines_where(Permission.FOLLOW_PRIVACY):
        place = Q(is_confidential=False, municipality_id=grant.municipality_id)
        condition |= place & (Q(category=Category.INFORMATION_SECURITY) | is_breach())
    return condition


def is_breach() -> Q:
    """Return the condition that a duty of GDPR began, whatever the category: the privacy officer is involved (art. 38, 39)."""
    from deviations.models import Duty

    return has_one(Duty.objects.filter(deviation_id=OuterRef("pk"), code__startswith="GDPR"))


def _named_on_type(actor: PersonActor, *, apart_from: frozenset[Role] = frozenset()) -> Q:
    """A confidential type names roles; theirs count for their unit and below, as everywhere."""
    from deviations.models import DeviationType

    condition = _nothing()
    for grant in actor.grants:
        if grant.role in NAMEABLE - apart_from:
            naming = DeviationType.objects.filter(
                municipality_id=grant.municipality_id, confidential_roles__contains=[grant.role]
            )
            condition |= is_one_of("type_id", naming.values("pk")) & is_of_unit_in(grant)
    return condition & Q(is_confidential=True)


def _with_own_action(actor: PersonActor) -> Q:
    return is_one_of("pk", links_of_own_actions(actor).values("deviation_id"))


def links_of_own_actions(actor: PersonActor) -> models.QuerySet[Any]:
    """Return the links of the actor's own corrective actions to cases that are not in the own line anyway.

    A leader with thousands of actions has them in cases of the own unit, which the line shows.
    """
    from deviations.models import ActionLink

    own = ActionLink.objects.filter(owner_id=actor.person_id, hides_case=False)
    return own.filter(Q(case_is_confidential=True) | ~_of_led_unit(actor, "case_unit_id"))


def _followed(actor: PersonActor) -> Q:
    from deviations.models import Follower

    return is_one_of("pk", Follower.objects.filter(person_id=actor.person_id).values("deviation_id"))


def _concerning(actor: PersonActor) -> Q:
    """The case is about the actor, who then sees it only as its reporter."""
    from deviations.models import Deviation

    rows = Deviation.concerned.through.objects.filter(person_id=actor.person_id)
    return is_one_of("pk", rows.values("deviation_id"))


def as_anyone_but_concerned(actor: PersonActor) -> Q:
    """Return the condition under which somebody other than its reporter sees a case at all."""
    return ~Q(status=Status.DRAFT) & ~_concerning(actor)


def where_at_work(actor: PersonActor) -> Q:
    """Return the condition that the record is of a municipality in which the actor holds a role today."""
    return Q(municipality_id__in=actor.municipality_ids)


NAMEABLE = frozenset(
    {
        Role.VERNEOMBUD,
        Role.PRIVACY_OFFICER,
        Role.KOMMUNEDIREKTOR,
        Role.HR,
        Role.SECTOR_LEADER,
        Role.QUALITY_MANAGER,
    }
)
"""Roles that a confidential type can name."""
_ANONYMISED = frozenset({Role.VERNEOMBUD})
"""Named roles that see a confidential case without its words (catalogue, *verneombud_anonymisert*)."""


def _named_with_words(actor: PersonActor) -> Q:
    return _named_on_type(actor, apart_from=_ANONYMISED)


def words_condition(actor: PersonActor) -> Q:
    """Return who reads what was written, as a condition on rows already visible.

    Whoever has an action on a confidential case reads the action, and of the case its card.
    """
    return (
        _own(actor)
        | in_hands(actor)
        | _in_line(actor)
        | _of_own_field(actor)
        | (_with_own_action(actor) & Q(is_confidential=False))
        | _named_with_words(actor)
        | _confidential(actor)
    )


class DeviationQuerySet(models.QuerySet[Any]):
    have_rare_words = False
    """Whether the rows are kept by words so rare that the index of words finds them soonest."""
    have_index_of_place = False
    """Whether the rows are kept by what an index has below each municipality."""

    def _clone(self) -> Self:
        clone: Self = super()._clone()  # type: ignore[misc]
        clone.have_rare_words = self.have_rare_words
        clone.have_index_of_place = self.have_index_of_place
        return clone

    def visible_to(self, actor: Actor | None) -> Self:
        """Keep own reports, what is in the actor's hands, line or field, and what the actor was named on.

        Of a municipality that the actor has left only the own reports.
        """
        if not actor:
            return self.none()
        if actor.is_system:
            return self
        person = as_person(actor)
        by_name = in_hands(person) | _with_own_action(person) | _followed(person)
        by_role = _in_line(person) | _of_own_field(person) | _named_on_type(person) | _confidential(person)
        others = (where_at_work(person) & by_name) | by_role
        return self.filter(_own(person) | (others & as_anyone_but_concerned(person)))

    def readable_by(self, actor: Actor | None) -> Self:
        """Keep what the actor may read the words of."""
        return self.visible_to(actor).with_words_for(actor)

    def with_words_for(self, actor: Actor | None) -> Self:
        """Keep what the actor may read the words of, of rows that are visible, or are made so later."""
        if not actor:
            return self.none()
        return self if actor.is_system else self.filter(words_condition(as_person(actor)))

    def with_access(self, actor: Actor) -> Self:
        """Annotate ``reads_words`` and ``reads_reporter``."""
        if actor.is_system:
            return self.annotate(reads_words=Value(True), reads_reporter=Value(True))
        words = words_condition(as_person(actor))
        named = Q(anonymity=Anonymity.OPEN) & words
        return self.annotate(reads_words=_flag(words), reads_reporter=_flag(named | _own(as_person(actor))))

    def counted_by(self, actor: Actor | None) -> Self:
        """Keep what the actor may count without reading it: never what is confidential, and no list shows it."""
        if not actor:
            return self.none()
        open_to_counting = self.exclude(status=Status.DRAFT).filter(
            Q(type=None) | Q(type__is_confidential=False), is_confidential=False
        )
        if actor.is_system:
            return open_to_counting
        places = as_person(actor).municipalities_where(Permission.READ_FIGURES)
        return open_to_counting.filter(municipality_id__in=places)

    def plain(self) -> Self:
        """Keep what is neither a draft nor confidential: what the sums of months hold."""
        return self.exclude(status=Status.DRAFT).filter(is_confidential=False)

    def hidden_from_leader(self, actor: PersonActor) -> Self:
        """Keep what is about ``actor`` and reported by somebody else: all that hides a plain case of the own line."""
        return self.filter(_concerning(actor)).exclude(reporter_id=actor.person_id)

    def guarded_for(self, actor: Actor) -> Self:
        """Keep what is of a confidential type where the actor sees figures: to be counted by the year only."""
        places = as_person(actor).municipalities_where(Permission.READ_FIGURES)
        return self.exclude(status=Status.DRAFT).filter(
            type__is_confidential=True, municipality_id__in=places
        )

    def told_to_staff(self) -> Self:
        """Keep the closed cases of which everybody in the unit may read the type and what was changed.

        Never what is confidential, is about somebody, hurt somebody, or whose words are forgotten.
        """
        from deviations.models import Deviation, Injury

        about = Deviation.concerned.through.objects.filter(deviation_id=OuterRef("pk"))
        hurt = Injury.objects.filter(deviation_id=OuterRef("pk"))
        return self.filter(
            Q(type=None) | Q(type__is_confidential=False),
            ~has_one(about),
            ~has_one(hurt),
            status=Status.CLOSED,
            is_confidential=False,
            identity_dropped_at=None,
        )

    def handled_by(self, actor: Actor | None) -> Self:
        """Keep what the actor has in hand or in the own line: the list of a leader."""
        if not actor or actor.is_system:
            return self.none() if not actor else self
        person = as_person(actor)
        return self.filter(in_hands(person) | _in_line(person))

    def of_reporter(self, actor: Actor) -> Self:
        return self.filter(reporter_id=actor.person_id)

    def open(self) -> Self:
        return self.filter(status__in=OPEN)

    def ended(self) -> Self:
        return self.filter(status__in=FINAL)

    def overdue(self, day: date) -> Self:
        return self.open().filter(due_on__lt=day)

    def below(self, unit: Any) -> Self:
        from organization.models import Unit

        return self.filter(is_one_of("unit_id", Unit.objects.below(unit).order_by().values("pk")))

    def matching(self, text: str, actor: Actor) -> Self:
        """Keep what matches ``text`` among what the actor may read: a search never leaks a word.

        Where nothing does, keep what has words like it, since one of them may be misspelt.
        """
        from deviations.similar import resembling

        read = self.with_words_for(actor)
        found = read.having_words(search_query(text))
        if not found.have_rare_words or not is_plain(text) or found.visible_to(actor).exists():
            return found
        return resembling(read, text)

    def having_words(self, query: Any) -> Self:
        """Keep what has the words of ``query``, in the way that finds it soonest.

        Rare words are looked up in their index.  Of common ones it would bring rows from all years, and whoever
        reads the newest rows meets enough of them soon.  Which it is decides how rows are found, never which.
        """
        if sign_of_common(query, _COMMON).exists():
            return self.filter(without_index(Q(search=query)))
        found = self.filter(search=query)
        found.have_rare_words = True
        return found

    def similar_to(self, text: str, actor: Actor) -> Self:
        """Keep those that the actor reads and whose description has the same words, most alike first."""
        from deviations.similar import alike

        return alike(self, text, actor)

    def in_my_hands(self, actor: PersonActor) -> Self:
        """Keep those whose next step is the actor's own."""
        receiving = Q(status__in=[Status.REPORTED, Status.RECEIVED], responsible_id=actor.person_id)
        handling = Q(status__in=_HAND_BACK, handler_id=actor.person_id)
        answering = Q(status__in=[Status.AWAITING_REPORTER, Status.DRAFT], reporter_id=actor.person_id)
        return self.filter(receiving | handling | answering)

    def of_category(self, category: str) -> Self:
        kept = self.filter(category=category)
        kept.have_index_of_place = True
        return kept

    def in_hands_of(self, actor: PersonActor) -> Self:
        """Keep what the actor receives or handles."""
        return self.filter(in_hands(actor))

    def judged(self, *severities: int) -> Self:
        """Keep some severities: the handler's, or the reporter's until there is one."""
        return self.filter(Q(severity__in=severities) | Q(severity=None, reported_severity__in=severities))

    def unjudged(self) -> Self:
        return self.filter(severity=None, reported_severity=None)

    def answered(self) -> Self:
        return self.filter(answered_at__isnull=False)

    def unanswered(self) -> Self:
        """Keep what the reporter has had no answer to.

        A duplicate is answered in its main case; closing answers, so what is closed without was closed elsewhere.
        """
        return self.filter(answered_at=None).exclude(status__in=[Status.MERGED, Status.CLOSED])

    def with_open_duties(self) -> Self:
        """Annotate ``open_duties``: how many duties stand open on the case."""
        from deviations.models import Duty

        rows = (
            Duty.objects.filter(deviation_id=OuterRef("pk"), status="open").order_by().values("deviation_id")
        )
        count = rows.annotate(count=Count("pk")).values("count")
        return self.annotate(open_duties=Coalesce(Subquery(count, output_field=IntegerField()), 0))


def sign_of_common(query: Any, share: float) -> models.QuerySet[Any]:
    """Return rows that are found only when the words of ``query`` are common: a share of the newest has them.

    The sample is of all rows, whoever may see them.
    """
    from deviations.models import Deviation

    newest = Deviation.objects.order_by("-pk").values("pk")[:_SAMPLE]
    having = Deviation.objects.filter(is_among_first("pk", newest), without_index(Q(search=query)))
    enough = max(1, int(_SAMPLE * share))
    return having.order_by().values("pk")[enough - 1 : enough]


def _flag(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=models.BooleanField())


class DeviationChildQuerySet(models.QuerySet[Any]):
    """Rows of a deviation: whoever reads its words sees them."""

    def visible_to(self, actor: Actor | None) -> Self:
        from deviations.models import Deviation

        if actor and actor.is_system:
            return self
        return self.filter(deviation__in=Deviation.objects.readable_by(actor))

    def open(self) -> Self:
        return self.filter(status="open")


class DutyQuerySet(DeviationChildQuerySet):
    def unmet(self) -> Self:
        """Keep those whose deadline is not met."""
        return self.filter(_is_unmet())

    def with_met(self) -> Self:
        """Annotate ``is_met``: the law's deadline is met, though more of the duty may remain."""
        return self.annotate(is_met=Case(When(_is_unmet(), then=False), default=True))

    def told_by_clock(self, person_id: int) -> Self:
        """Keep those of which some hour has passed and the person was told (``deviations.duty_clock``)."""
        from deviations.duty_clock import entries

        return self.filter(is_one_of("pk", entries().filter(person_id=person_id).values("object_id")))


def _is_unmet() -> Q:
    """Return the duties of which what the deadline is about is not stamped, or nothing says what it is about."""
    from deviations.models import Stamp

    about = Stamp.objects.filter(duty_id=OuterRef("pk"), meets_deadline=True)
    return has_one(about.filter(done_at=None)) | ~has_one(about)


class CorrectiveActionQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor | None) -> Self:
        """Keep own actions, those of the own line, and those of a deviation the actor reads, where they work today."""
        if not actor:
            return self.none()
        if actor.is_system:
            return self
        person = as_person(actor)
        condition = Q(owner_id=person.person_id) | Q(proposed_by_id=person.person_id)
        for grant in person.lines_where(Permission.READ_DEVIATIONS):
            condition |= is_of_unit_in(grant) & ~_serves_confidential()
        return self.filter(where_at_work(person) & (condition | _serves_readable(person)))

    def open(self) -> Self:
        from deviations.models.action import ACTION_OPEN

        return self.filter(status__in=ACTION_OPEN)

    def matching(self, text: str) -> Self:
        """Keep those with every word of ``text`` in the title."""
        rows = self
        for word in text.replace("\x00", " ").split()[:10]:
            rows = rows.filter(title__icontains=word)
        return rows

    def in_hands_of(self, actor: PersonActor) -> Self:
        return self.open().filter(owner_id=actor.person_id)

    def of_line(self, actor: PersonActor) -> Self:
        """Keep those of the units that the actor leads, and below; narrow by visibility too."""
        condition = _nothing()
        for grant in actor.lines_where(Permission.HANDLE_DEVIATIONS):
            condition |= is_of_unit_in(grant)
        return self.filter(condition)


def _serves_confidential() -> Q:
    from deviations.models import ActionLink

    return has_one(ActionLink.objects.filter(action_id=OuterRef("pk"), deviation__is_confidential=True))


def _serves_readable(actor: PersonActor) -> Q:
    from deviations.models import ActionLink, Deviation

    hands = Deviation.objects.filter(in_hands(actor)).order_by().values("pk")
    links = ActionLink.objects.filter(deviation_id__in=hands)
    return is_one_of("pk", links.values("action_id"))


class CatalogueQuerySet(InMunicipality):
    """Rows of a municipality's catalogue: everybody there may see what can be reported and what is asked."""

    def active(self) -> Self:
        return self.filter(is_active=True)


class ImportJobQuerySet(CatalogueQuerySet):
    def open(self) -> Self:
        """Keep what waits or is under way."""
        return self.filter(status__in=["waiting", "running"])

    def without_file(self) -> Self:
        """Leave out the file, which may be large, but annotate ``has_file``."""
        return self.defer("content").annotate(has_file=_flag(Q(content__isnull=False)))
