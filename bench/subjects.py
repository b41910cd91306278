"""Which record the page of one record shows: the first that fits, and so the same in every size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benefits.models import Benefit
from deviations.models import Deviation
from governance.models import Initiative, Meeting
from portfolio.models import Project

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet

    from organization.actors import PersonActor


def _initiatives(actor: PersonActor, **conditions: Any) -> QuerySet[Any]:
    """Keep initiatives at home that are somebody else's and stand in another unit's line."""
    homes, units = actor.municipality_ids, [grant.unit_id for grant in actor.grants]
    rows = Initiative.objects.visible_to(actor).filter(
        municipality_id__in=homes, shield_basis="", **conditions
    )
    return rows.exclude(submitter_id=actor.person_id).exclude(unit_id__in=units)


def _own(actor: PersonActor) -> QuerySet[Any]:
    rows = Initiative.objects.visible_to(actor).filter(
        submitter_id=actor.person_id, submitted_at__isnull=False
    )
    return rows.filter(shield_basis="")


def _deviations(actor: PersonActor, **conditions: Any) -> QuerySet[Any]:
    """Keep cases of the actor's own line."""
    return Deviation.objects.readable_by(actor).handled_by(actor).filter(**conditions)


SUBJECTS: dict[str, Callable[[PersonActor], QuerySet[Any]]] = {
    "own initiative": _own,
    "adopted initiative": lambda actor: _initiatives(actor, status="in_portfolio"),
    "initiative in preparation": lambda actor: _initiatives(actor, status="under_preparation"),
    "received initiative": lambda actor: _initiatives(actor, status="received"),
    "held meeting": lambda actor: Meeting.objects.visible_to(actor).filter(
        municipality_id__in=actor.municipality_ids, status="minutes_approved"
    ),
    "open deviation": lambda actor: _deviations(actor, status="in_progress"),
    "closed deviation": lambda actor: _deviations(actor, status="closed"),
    "project": lambda actor: Project.objects.visible_to(actor).filter(
        municipality_id__in=actor.municipality_ids, status="active"
    ),
    "benefit": lambda actor: Benefit.objects.filter(
        initiative__in=_initiatives(actor, status="in_portfolio").values("pk")
    ),
}


def pick(name: str, actor: PersonActor) -> int | None:
    """Return the id of the first record called ``name`` that the actor sees, if there is one."""
    return SUBJECTS[name](actor).order_by("pk").values_list("pk", flat=True).first()
