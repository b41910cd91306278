"""The first rows of a list of deviations, found way by way.

An actor sees cases in several ways (own, in hand, in line, by office).  As alternatives of one
condition they leave the database a choice between reading all that the actor sees and walking through
all there is.  Here each way brings its own first rows, through an index in the order of the list, and
only those are put together; so a page costs what it shows, however much lies behind it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Q

from core.conditions import first_of_each, has_one, is_among_first, is_one_of, without_index
from deviations import queries
from deviations.models import Category, DeviationType, Follower
from organization.actors import as_person
from organization.roles import Permission

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.actors import Actor
    from core.paging import First
    from deviations.queries import DeviationQuerySet
    from organization.actors import Grant, PersonActor


def first_visible_to(actor: Actor) -> First:
    """Return what finds the first rows that ``actor`` sees of a queryset that is filtered, but not by who sees it.

    For ``core.paging.keyset``.  Visibility has the last word: a way can only lose rows, never show one too many.
    Rows of rare words are found through the index of the words, which brings fewer than any way.
    """

    def first(rows: Any, ordering: tuple[str, ...], count: int) -> Any:
        if rows.have_rare_words:
            return rows.visible_to(actor).order_by(*ordering)[:count]
        return _first(rows, as_person(actor), ordering, count)

    return first


def _first(
    rows: DeviationQuerySet, actor: PersonActor, ordering: tuple[str, ...], count: int
) -> DeviationQuerySet:
    bare = rows.select_related(None).order_by(*ordering)
    found = Q(pk__in=[])
    for way in _plain_ways(actor, by_place=rows.have_index_of_place):
        found |= is_among_first("pk", bare.filter(way).values("pk")[:count])
    for groups, column, way in _grouped_ways(actor):
        each = bare.filter(way, **{column: OuterRef("pk")}).values("pk")[:count]
        found |= is_among_first("pk", first_of_each(groups, each))
    first: DeviationQuerySet = rows.filter(found).visible_to(actor).order_by(*ordering)[:count]
    return first


def _is_whole(grant: Grant) -> bool:
    """Tell whether the role is held on the municipality itself, and so counts for all that is in it."""
    return grant.unit_id == grant.municipality_id


def _plain_ways(actor: PersonActor, *, by_place: bool) -> list[Q]:
    """Return the ways of the person and of roles held on a municipality.

    :param by_place: whether what the rows are kept by has an index below the municipality.  Else it is not looked for
        that way, which the planner would do: nearly all that a person has is at work, in the order wanted.
    """
    seen = queries.as_anyone_but_concerned(actor)
    at_work = queries.where_at_work(actor)
    here = seen & (at_work if by_place else without_index(at_work))
    links = queries.links_of_own_actions(actor).values("deviation_id")
    followed = Follower.objects.filter(person_id=actor.person_id).values("deviation_id")
    ways = [
        Q(reporter_id=actor.person_id), Q(responsible_id=actor.person_id) & here, Q(handler_id=actor.person_id) & here,
        is_one_of("pk", links) & here, is_one_of("pk", followed) & here,
    ]  # fmt: skip
    ways += [
        Q(municipality_id=grant.municipality_id) & way & seen
        for grant, way in _by_office(actor)
        if _is_whole(grant)
    ]
    for grant in actor.lines_where(Permission.FOLLOW_PRIVACY):
        place = Q(is_confidential=False, municipality_id=grant.municipality_id) & seen
        ways += [place & Q(category=Category.INFORMATION_SECURITY), place & queries.is_breach()]
    return ways


def _grouped_ways(actor: PersonActor) -> list[tuple[Any, str, Q]]:
    """Return the ways of roles held below the municipality: each unit brings its own first rows."""
    seen = queries.as_anyone_but_concerned(actor)
    return [
        (queries.units_of(grant), "unit_id", way & seen)
        for grant, way in _by_office(actor)
        if not _is_whole(grant)
    ]


def _by_office(actor: PersonActor) -> Iterator[tuple[Grant, Q]]:
    """Yield the roles that show cases of their units, each with which cases."""
    plain = Q(is_confidential=False)
    for grant in actor.lines_where(Permission.READ_DEVIATIONS):
        yield grant, plain
    for grant in actor.lines_where(Permission.READ_CONFIDENTIAL):
        yield grant, Q(is_confidential=True)
    for grant in actor.lines_where(Permission.FOLLOW_HMS):
        yield grant, plain & Q(category=Category.HMS)
    for grant in actor.grants:
        if grant.role in queries.NAMEABLE:
            yield grant, _on_named_type(grant)


def _on_named_type(grant: Grant) -> Q:
    """Return the condition of confidential types that name the role; the index is that of what is confidential.

    Where no type does, as for most roles, nothing confidential is read.
    """
    named = DeviationType.objects.filter(
        municipality_id=grant.municipality_id, confidential_roles__contains=[grant.role]
    )
    of_named = without_index(is_one_of("type_id", named.values("pk")))
    return Q(is_confidential=True) & has_one(named) & of_named
