"""What triggers keep beside the cases, and the same worked out here, case by case."""

from __future__ import annotations

from collections import Counter
from math import inf
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import F, Q, Sum

from deviations.models import ActionLink, Deviation, MonthlyCount, Status
from deviations.models.status import OPEN, SEVERE

if TYPE_CHECKING:
    from datetime import timedelta

_ZONE = ZoneInfo("Europe/Oslo")
Sums = dict[tuple[object, ...], tuple[int, int]]


def sums() -> Sums:
    """Return count and grave by municipality, month, part and key, as they are kept."""
    keys = ("municipality_id", "month", "part", "key")
    rows = MonthlyCount.objects.order_by().values_list(*keys).annotate(all=Sum("count"), severe=Sum("grave"))
    found = {(*row[:3], _number(row[2], row[3])): (row[4], row[5]) for row in rows}
    return {key: value for key, value in found.items() if value != (0, 0)}


def counted() -> Sums:
    """Return the same, counted from the cases."""
    count, grave = Counter[tuple[object, ...]](), Counter[tuple[object, ...]]()
    for case in Deviation.objects.exclude(status=Status.DRAFT).filter(is_confidential=False):
        month = case.created_at.astimezone(_ZONE).date().replace(day=1)
        judged = case.judged_severity or 0
        parts = {
            "all": "", "category": case.category, "type": str(case.type_id or ""), "severity": str(judged),
            "answer": _to_answer(case), "closing": _to_close(case),
        }  # fmt: skip
        for part, key in parts.items():
            if key is not None:
                count[case.municipality_id, month, part, key] += 1
                grave[case.municipality_id, month, part, key] += judged in SEVERE
    return {key: (count[key], grave[key]) for key in count}


def links_out_of_step() -> bool:
    """Tell whether a link repeats anything else than what its action and its case say."""
    same = Q(
        owner_id=F("action__owner_id"), case_unit_id=F("deviation__unit_id"),
        case_is_confidential=F("deviation__is_confidential"),
    )  # fmt: skip
    return ActionLink.objects.exclude(same).exists()


def _number(part: str, key: str) -> str | float:
    return float(key) if part in {"answer", "closing"} else key


def _to_answer(case: Deviation) -> float | None:
    if case.answered_at is not None:
        return _length(case.answered_at - case.reported_at)
    return None if case.status in {Status.MERGED, Status.CLOSED} else inf


def _to_close(case: Deviation) -> float | None:
    if case.status == Status.CLOSED:
        return _length(case.closed_at - case.reported_at)
    return inf if case.status in OPEN else None


def _length(time: timedelta) -> float:
    """Whole hours to 47, then whole days."""
    seconds = time.total_seconds()
    hours = seconds / 3600
    return round(hours) * 3600 if hours < 47.5 else round(seconds / 86400) * 86400
