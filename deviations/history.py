"""Which closed deviations were filed, or would have been (``archive.history.sources``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import F

from archive.history.sources import Source
from archive.operations import rules_of
from core.asof import as_it_was, of_event
from deviations.filing import draft_closed
from deviations.models import CorrectiveAction, Deviation

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from archive.filing import Draft
    from archive.history.sources import Memo


def _closings(municipality_id: int) -> QuerySet[Any]:
    """Return each time a case was closed, where the municipality files them and their words are kept."""
    rows = Deviation.pgh_event_model.objects.filter(
        pgh_obj__municipality_id=municipality_id, pgh_obj__identity_dropped_at=None, closed_at__isnull=False
    )
    if not rules_of(municipality_id).archives_deviations:
        rows = rows.none()
    each = rows.order_by("pgh_obj_id", "closed_at", "pgh_id").distinct("pgh_obj_id", "closed_at")
    return each.annotate(subject_pk=F("pgh_obj_id"), about_pk=F("pgh_obj_id"), happened_at=F("closed_at"))


def _draft(row: Any, memo: Memo) -> Draft:
    deviation = of_event(Deviation, row)
    ids = deviation.actions.filter(links__linked_at__lte=row.happened_at).values_list("pk", flat=True)
    actions = sorted(as_it_was(CorrectiveAction, ids, at=row.happened_at).values(), key=lambda one: one.pk)
    rules = rules_of(deviation.municipality_id)
    return draft_closed(deviation, actions, rules, now=row.happened_at)


SOURCES = (Source(kind="deviation", subject=Deviation, about=Deviation, happened=_closings, draft=_draft),)
