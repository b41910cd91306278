"""Which benefits stand in the way of closing a plan, and which plans of the line wait to be closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, Max, OuterRef, Q, Subquery
from django.db.models.fields.json import KeyTextTransform

from benefits.lessons import fell_short
from benefits.models import Benefit, Kind, Measurement
from benefits.models.benefit import CONCLUDED
from benefits.queries import OF_STOPPED_PILOT
from governance.models import Initiative, Status

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from governance.queries import InitiativeQuerySet
    from organization.actors import PersonActor

_JUDGED = sorted(CONCLUDED)


def not_judged() -> QuerySet[Any]:
    """Return the benefits that nobody has said how went; of a stopped pilot the result stands with the pilot."""
    standing = Benefit.objects.exclude(status=Benefit.Status.DROPPED).exclude(OF_STOPPED_PILOT)
    return standing.exclude(status__in=_JUDGED)


def without_lesson() -> QuerySet[Any]:
    """Return the benefits that fell short of their target, and where nobody has written what was learned."""
    return Benefit.objects.filter(fell_short(), status__in=_JUDGED, lesson="")


def carried_in_line() -> InitiativeQuerySet:
    """Return the initiatives that the line carries out without a project: its own changes, and local plans."""
    return Initiative.objects.filter(status=Status.REALIZING, project=None)


def ready_to_close() -> InitiativeQuerySet:
    """Keep the plans of the line with nothing left to measure, with ``ready_at``: when the last of it was written."""
    final = Measurement.objects.filter(
        indicator__benefit=OuterRef("pk"), indicator__is_main=True, kind=Kind.FINAL, value__isnull=False
    )
    ahead = not_judged().filter(~Exists(final), initiative=OuterRef("pk"))
    rows = Benefit.objects.filter(initiative=OuterRef("pk")).order_by().values("initiative")
    return (
        carried_in_line()
        .filter(Exists(rows), ~Exists(ahead))
        .annotate(ready_at=Subquery(rows.annotate(last=Max("changed_at")).values("last")))
    )


def conclusion_of(initiative: Initiative) -> str:
    """Return what was said when the plan was closed in the line, or nothing."""
    if initiative.status != Status.CLOSED:
        return ""
    events = Initiative.pgh_event_model.objects.filter(pgh_obj_id=initiative.pk)
    closed = events.filter(pgh_context__metadata__action="close").order_by("-pgh_id")
    written = KeyTextTransform("reason", "pgh_context__metadata")
    return closed.annotate(written=written).values_list("written", flat=True).first() or ""


def waiting_for(actor: PersonActor) -> QuerySet[Initiative]:
    """Return the plans that the actor answers for in the line, and that wait to be closed."""
    named = Q(service_owner_id=actor.person_id) | Q(service_owner=None, project_owner_id=actor.person_id)
    return ready_to_close().visible_to(actor).filter(named)
