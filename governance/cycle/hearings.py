"""The deadline of hearings in the annual cycle: the cases that still wait for answers, and who must bring them in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef
from django.db.models.functions import TruncDate

from governance.models import Hearing, Initiative, Status

if TYPE_CHECKING:
    from governance.hearing_queries import HearingQuerySet
    from governance.queries import InitiativeQuerySet


def answers_owed() -> HearingQuerySet:
    """Return the open hearings of cases under preparation that aim at a meeting, asked before its deadline of hearings."""
    rows: HearingQuerySet = Hearing.objects.open().awaited()
    return rows.filter(
        initiative__status=Status.UNDER_PREPARATION,
        initiative__cycle_period__hearing_on__gte=TruncDate("asked_at"),
    )


def cases_without_answers() -> InitiativeQuerySet:
    """Return the cases under preparation for which answers are owed."""
    rows: InitiativeQuerySet = Initiative.objects.filter(status=Status.UNDER_PREPARATION)
    return rows.filter(Exists(answers_owed().filter(initiative_id=OuterRef("pk"))))
