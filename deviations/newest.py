"""The first rows of a list of deviations, found way by way.

An actor sees cases in several ways (own, in hand, in line, by office).  As alternatives of one
condition they leave the database a choice between reading all that the actor sees and walking through
all there is.  Here each way brings its own first rows, through an index in the order of the list, and
only those are put together; so a page costs what it shows, however much lies behind it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Q

from core.conditions import first_of_each, is_among_first, is_one_of
from deviations import queries
from deviations.models import Category, DeviationType, Follower
from organization.actors import as_person
from organization.models import Unit
from organization.roles import Permission

if TYPE_CHECKING:
    from core.actors import Actor
    from core.paging import First
    from deviations.queries import DeviationQuerySet
    from organization.actors import Grant, PersonActor


def first_visible_to(actor: Actor) -> First:
    """Return what finds the first rows that ``actor`` sees of a queryset that is filtered, but not by who sees it.

    For ``core.paging.keyset``.  Visibility has the last word: a way can only lose rows, never show one too many.
    """

    def first(rows: Any, ordering: tuple[str, ...], count: int) -> Any:
        return _first(rows, as_person(actor), ordering, count)

    return first


def _first(
    rows: DeviationQuerySet, actor: PersonActor, ordering: tuple[str, ...], count: int
) -> DeviationQuerySet:
    bare = rows.select_related(None).order_by(*ordering)
    found = Q(pk__in=[])
    for way in _plain_ways(actor):
        found |= is_among_first("pk", bare.filter(way).values("pk")[:count])
    for groups, column, way in _grouped_ways(actor):
        each = bare.filter(way, **{column: OuterRef("pk")}).values("pk")[:count]
        found |= is_among_first("pk", first_of_each(groups, each))
    first: DeviationQuerySet = rows.filter(found).visible_to(actor).order_by(*ordering)[:count]
    return first


def _plain_ways(actor: PersonActor) -> list[Q]:
    seen = queries.as_anyone_but_concerned(actor)
    here = seen & queries.where_at_work(actor)
    links = queries.links_of_own_actions(actor).values("deviation_id")
    followed = Follower.objects.filter(person_id=actor.person_id).values("deviation_id")
    ways = [
        Q(reporter_id=actor.person_id), Q(responsible_id=actor.person_id) & here, Q(handler_id=actor.person_id) & here,
        is_one_of("pk", links) & here, is_one_of("pk", followed) & here,
    ]  # fmt: skip
    for grant in actor.lines_where(Permission.FOLLOW_PRIVACY):
        place = Q(is_confidential=False, municipality_id=grant.municipality_id) & seen
        ways += [place & Q(category=Category.INFORMATION_SECURITY), place & queries.is_breach()]
    return ways


def _grouped_ways(actor: PersonActor) -> list[tuple[Any, str, Q]]:
    seen = queries.as_anyone_but_concerned(actor)
    plain = Q(is_confidential=False) & seen
    ways = [(_units(grant), "unit_id", plain) for grant in actor.lines_where(Permission.HANDLE_DEVIATIONS)]
    of_hms = plain & Q(category=Category.HMS)
    ways += [(_units(grant), "unit_id", of_hms) for grant in actor.lines_where(Permission.FOLLOW_HMS)]
    for grant in actor.grants:
        if grant.role in queries.NAMEABLE:
            named = DeviationType.objects.filter(
                municipality_id=grant.municipality_id, confidential_roles__contains=[grant.role]
            )
            on_type = is_one_of("type_id", named.values("pk"))
            ways.append((_units(grant), "unit_id", Q(is_confidential=True) & on_type & seen))
    return ways


def _units(grant: Grant) -> Any:
    return Unit.objects.filter(path__startswith=grant.unit_path, municipality_id=grant.municipality_id)
