"""How the pulses of a plan are shown: when each is, and what it told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from benefits.adoption import Result, results_of
from benefits.models import Occasion, PulseGroup, PulseRound, Question

if TYPE_CHECKING:
    from datetime import date

    from governance.models import Initiative

SHORT = {
    Question.WHY: gettext_lazy("Forstår"), Question.WANT: gettext_lazy("Vil"), Question.KNOW: gettext_lazy("Vet hvordan"),
    Question.ABLE: gettext_lazy("Klarer"), Question.LASTS: gettext_lazy("Varer"),
}  # fmt: skip
"""The statements as headings, in their order."""


def rounds_of(initiative: Initiative, today: date) -> list[dict[str, Any]]:
    """Return the three occasions in order, each with its pulse when it is planned; two queries."""
    rows = PulseRound.objects.filter(initiative=initiative).prefetch_related(
        Prefetch("groups", PulseGroup.objects.select_related("unit"))
    )
    planned = {row.occasion: row for row in rows}
    return [
        _of_round(row, list(row.groups.all()), today)
        if (row := planned.get(occasion))
        else {"occasion": occasion, "row": None, "may_change": True}
        for occasion in Occasion
    ]


def _of_round(row: PulseRound, groups: list[PulseGroup], today: date) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "occasion": Occasion(row.occasion),
        "row": row,
        "may_change": row.opens_on > today,
    }
    shown |= {
        "is_open": row.is_open(today), "units": [str(group.unit) for group in groups],
        "asked": sum(group.asked for group in groups), "answers": sum(group.answers for group in groups),
    }  # fmt: skip
    if told := results_of(row, groups, today=today, name_of_all=_("Alle")):
        parts, together = told
        lines = [together, *parts] if len(parts) > 1 else [together]
        shown |= {"lines": [_line(line) for line in lines], "questions": list(SHORT.values())}
    return shown


def _line(result: Result) -> dict[str, Any]:
    """Return a result with each share beside its statement; how many answered only where it is shown."""
    return {
        "result": result,
        "shares": list(zip(SHORT.values(), result.agree, strict=False)) if result.is_shown else [],
    }


def latest_of(initiative: Initiative, today: date) -> dict[str, Any] | None:
    """Return the last pulse that is over, or ``None``: what stands beside the benefits; one query."""
    over = PulseRound.objects.filter(initiative=initiative, closes_on__lt=today).order_by("-closes_on", "-pk")
    groups = list(PulseGroup.objects.filter(round__in=over.values("pk")[:1]).select_related("round", "unit"))
    return _of_round(groups[0].round, groups, today) if groups else None
