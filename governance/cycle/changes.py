"""What has been changed in a period of the annual cycle, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.formats import short_date
from core.history import label_of
from core.presentation import names_of
from governance.models import BudgetTrack, CyclePeriod

if TYPE_CHECKING:
    from datetime import datetime

    from django.utils.functional import _StrOrPromise as StrOrPromise

_SHOWN = ("name", *CyclePeriod.DAYS, "budget_track")


@dataclass(frozen=True, slots=True)
class Change:
    """One change: when, by whom, what it is called, why, and each value before and after."""

    at: datetime
    who: str
    label: StrOrPromise
    reason: str
    differences: list[str]


def changes_of(period: CyclePeriod) -> list[Change]:
    """Return the changes of a period, newest first, in two statements; what shows nothing new is left out."""
    events: list[Any] = list(
        CyclePeriod.pgh_event_model.objects.filter(pgh_obj_id=period.pk)
        .select_related("pgh_context")
        .order_by("pgh_id")
    )
    contexts = [event.pgh_context.metadata if event.pgh_context else {} for event in events]
    names = names_of(context.get("actor") for context in contexts)
    changes = []
    for before, event, context in zip([None, *events], events, contexts, strict=False):
        differences = _differences(before, event) if before is not None else []
        if before is None or differences:
            who = names.get(context.get("actor"), "")
            label = label_of(str(context.get("action", "")))
            changes.append(Change(event.changed_at, who, label, str(context.get("reason", "")), differences))
    return changes[::-1]


def _differences(before: Any, after: Any) -> list[str]:
    labels = {column.name: column.verbose_name for column in CyclePeriod._meta.concrete_fields}
    return [
        _("%(field)s: fra %(before)s til %(after)s")
        % {
            "field": capfirst(str(labels[name])),
            "before": _shown(before, name),
            "after": _shown(after, name),
        }
        for name in _SHOWN
        if getattr(before, name) != getattr(after, name)
    ]


def _shown(event: Any, name: str) -> str:
    value = getattr(event, name)
    if isinstance(value, date):
        return short_date(value)
    return str(BudgetTrack(value).label if name == "budget_track" else value)
