"""What was filed of plans of benefits, or would have been (``archive.history.sources``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, F, OuterRef

from archive.history.sources import key_of
from benefits.filing import draft_plan, draft_report
from benefits.models import Benefit, PlanApproval
from core.asof import of_event
from governance.filing.history import about, as_then, of_initiative
from governance.models import Initiative, Status

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from archive.filing import Draft
    from archive.history.sources import Memo


def _plans(municipality_id: int) -> QuerySet[Any]:
    rows = PlanApproval.objects.filter(initiative__municipality_id=municipality_id).order_by("pk")
    key = key_of("initiative/", F("initiative_id"), "/benefit-plan/", F("number"))
    return about(rows, "initiative", "approved_at", message_key=key)


def _reports(municipality_id: int) -> QuerySet[Any]:
    """Return the cases that were closed with benefits in them."""
    benefits = Benefit.objects.filter(initiative=OuterRef("pk")).exclude(status=Benefit.Status.DROPPED)
    closed = Initiative.objects.filter(municipality_id=municipality_id, status=Status.CLOSED)
    key = key_of("initiative/", F("pk"), "/benefit-report")
    return about(closed.filter(Exists(benefits)), "", "status_since", message_key=key)


def _draft_plan(row: Any, memo: Memo) -> Draft:
    return draft_plan(row, as_then(row.initiative_id, row.happened_at, memo), now=row.happened_at)


def _draft_report(row: Any, memo: Memo) -> Draft | None:
    """Draft the report of the case as it stood when it was to be closed, with the words that it was closed with."""
    del memo
    events = Initiative.pgh_event_model.objects.filter(pgh_obj_id=row.pk).select_related("pgh_context")
    closed = events.filter(status=Status.CLOSED).order_by("pgh_id").first()
    before = (
        events.filter(pgh_id__lt=closed.pgh_id).order_by("-pgh_id").first() if closed is not None else None
    )
    told = closed.pgh_context.metadata if closed is not None and closed.pgh_context else {}
    initiative = row if before is None else of_event(Initiative, before)
    return draft_report(initiative, conclusion=str(told.get("reason", "")), now=row.happened_at)


SOURCES = (
    of_initiative("benefit_plan", _plans, _draft_plan, fixed=True),
    of_initiative("benefit_report", _reports, _draft_report, fixed=True),
)
