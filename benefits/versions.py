"""Versions of a plan: how every benefit stood when it was approved, and what differs since."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from benefits.models import Benefit, PlanApproval, Use
from core.formats import kroner, number

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from django.utils.functional import _StrOrPromise as StrOrPromise

Line = dict[str, Any]


def line_of(benefit: Benefit) -> Line:
    """Return how a benefit stands now, as a version keeps it."""
    indicator = benefit.main_indicator
    return {
        "benefit": benefit.pk, "title": benefit.title, "owner": str(benefit.service_owner or ""), "form": benefit.form,
        "kroner": benefit.kroner_per_year, "hours": benefit.hours_per_year, "points": benefit.points,
        "from": benefit.full_effect_from, "use": benefit.used_for, "cut": benefit.cut_amount,
        "indicator": indicator.name if indicator else "", "target": indicator.target if indicator else None,
        "unit": indicator.unit if indicator else "", "years": {row.year: row.expected for row in benefit.estimates.all()},
    }  # fmt: skip


def lines_of(benefits: Iterable[Benefit]) -> list[Line]:
    """Return the lines as the database gives them back, so that two versions can be compared."""
    kept: list[Line] = json.loads(json.dumps([line_of(row) for row in benefits], cls=DjangoJSONEncoder))
    return kept


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs between two versions of a benefit; ``change`` only between two figures."""

    label: StrOrPromise
    old: str
    new: str
    change: str = ""


@dataclass(frozen=True, slots=True)
class Compared:
    """A benefit in two versions: ``came``, ``went``, ``changed`` or ``same``."""

    title: str
    state: str
    differences: tuple[Difference, ...] = ()

    @property
    def is_changed(self) -> bool:
        return self.state != "same"


def _text(value: Any) -> str:
    return str(value) if value not in (None, "") else "–"


def _amount(value: Any) -> str:
    return "–" if value is None else kroner(Decimal(str(value)))


def _count(value: Any) -> str:
    return "–" if value is None else number(Decimal(str(value)))


def _label(choices: Any) -> Callable[[Any], str]:
    return lambda value: str(choices(value).label) if value in choices.values else _text(value)


_FIELDS: tuple[tuple[str, StrOrPromise, Callable[[Any], str], bool], ...] = (
    ("title", gettext_lazy("Navn"), _text, False), ("owner", gettext_lazy("Tjenesteeier"), _text, False),
    ("form", gettext_lazy("Form"), _label(Benefit.Form), False), ("kroner", gettext_lazy("Kroner per år"), _amount, True),
    ("hours", gettext_lazy("Timer per år"), _count, True), ("points", gettext_lazy("Nyttepoeng"), _count, True),
    ("from", gettext_lazy("Full virkning fra"), _text, False), ("use", gettext_lazy("Brukes til"), _label(Use), False),
    ("cut", gettext_lazy("Budsjettkutt"), _amount, True), ("indicator", gettext_lazy("Indikator"), _text, False),
    ("unit", gettext_lazy("Måleenhet"), _text, False), ("target", gettext_lazy("Mål"), _count, True),
)  # fmt: skip


def compare(old: Sequence[Line], new: Sequence[Line]) -> list[Compared]:
    """Return every benefit of either version, those that differ first; a version knows the fields of its day."""
    earlier, later = ({line["benefit"]: line for line in lines} for lines in (old, new))
    found = [
        _compared(earlier.get(pk), later.get(pk))
        for pk in [*later, *(pk for pk in earlier if pk not in later)]
    ]
    return sorted(found, key=lambda one: not one.is_changed)


def _compared(old: Line | None, new: Line | None) -> Compared:
    if old is None or new is None:
        line = new or old or {}
        return Compared(
            line["title"], "came" if old is None else "went", tuple(_only(line, came=old is None))
        )
    differences = tuple(_differences(old, new))
    return Compared(new["title"], "changed" if differences else "same", differences)


def _only(line: Line, *, came: bool) -> Iterable[Difference]:
    """Yield the figures of a benefit that stands in one version only."""
    for key, label, write, is_figure in _FIELDS:
        if is_figure and line.get(key) is not None:
            none, figure = _text(None), write(line[key])
            yield Difference(label, none, figure) if came else Difference(label, figure, none)


def _differences(old: Line, new: Line) -> Iterable[Difference]:
    for key, label, write, is_figure in _FIELDS:
        if key in old and old[key] != new[key]:
            change = _change(old[key], new[key], write) if is_figure else ""
            yield Difference(label, write(old[key]), write(new[key]), change)
    before, after = old.get("years") or {}, new.get("years") or {}
    for year in sorted({*before, *after}):
        if before.get(year) != after.get(year):
            label = _("Anslag for %(year)s") % {"year": year}
            was, now = before.get(year), after.get(year)
            yield Difference(label, _count(was), _count(now), _change(was, now, _count))


def _change(old: Any, new: Any, write: Callable[[Any], str]) -> str:
    """Return the difference between two figures with its sign, or nothing when one is missing."""
    if old is None or new is None:
        return ""
    change = Decimal(str(new)) - Decimal(str(old))
    return f"+{write(change)}" if change > 0 else write(change)


def standing(benefits: Iterable[Benefit]) -> list[Benefit]:
    """Return those that are not taken out of the plan."""
    return [row for row in benefits if row.status != Benefit.Status.DROPPED]


def in_plan(rows: Any) -> Any:
    """Return the benefits that a version keeps, with what a line needs."""
    rows = rows.exclude(status=Benefit.Status.DROPPED).select_related("service_owner").order_by("pk")
    return rows.prefetch_related("estimates", "indicators")


def differing(ids: Collection[int]) -> dict[int, bool]:
    """Tell, for the initiatives that have an approved plan, whether it was changed since; four queries for any number."""
    latest = PlanApproval.objects.filter(initiative__in=ids).order_by("initiative_id", "-number")
    approved: Mapping[int, list[Line]] = dict(
        latest.distinct("initiative_id").values_list("initiative_id", "lines")
    )
    standing: dict[int, list[Benefit]] = {pk: [] for pk in approved}
    for benefit in in_plan(Benefit.objects.filter(initiative__in=list(approved))):
        standing[benefit.initiative_id].append(benefit)
    return {pk: is_changed(lines, standing[pk]) for pk, lines in approved.items()}


def is_changed(lines: Sequence[Line], benefits: Iterable[Benefit]) -> bool:
    """Tell whether the benefits differ from what was approved."""
    return any(one.is_changed for one in compare(lines, lines_of(benefits)))
