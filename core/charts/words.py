"""Sentences that say what a chart shows, made of its data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext

from core.charts.chart import Series, Value, written

if TYPE_CHECKING:
    from collections.abc import Sequence

_NAMED = 6


def course(series: Series, labels: Sequence[str], unit: str) -> str:
    """Tell where a line begins, where it ends and what is missing: «Målt gikk fra 41,5 dager …»."""
    known = [(label, value) for label, value in zip(labels, series.values, strict=True) if value is not None]
    if not known:
        return gettext("%(name)s har ingen tall ennå.") % {"name": series.name}
    (first, start), (last, end) = known[0], known[-1]
    values = {
        "name": series.name,
        "start": written(start, unit),
        "first": first,
        "end": written(end, unit),
        "last": last,
    }
    if len(known) == 1:
        sentence = gettext("%(name)s var %(start)s (%(first)s).")
    elif start == end:
        sentence = gettext("%(name)s var %(start)s både først (%(first)s) og sist (%(last)s).")
    else:
        sentence = gettext("%(name)s gikk fra %(start)s (%(first)s) til %(end)s (%(last)s).")
    missing = [label for label, value in zip(labels, series.values, strict=True) if value is None]
    return f"{sentence % values} {absence(missing)}".strip()


def amounts(labels: Sequence[str], values: Sequence[Value], unit: str) -> str:
    """Tell the value of each label: «Helse: 12. Teknisk: 7.», the first ones when there are many."""
    known = [
        f"{label}: {written(value, unit)}."
        for label, value in zip(labels, values, strict=True)
        if value is not None
    ]
    missing = [label for label, value in zip(labels, values, strict=True) if value is None]
    if not known and not missing:
        return gettext("Ingen tall ennå.")
    rest = len(known) - 2 * _NAMED
    told = " ".join(known[: 2 * _NAMED])
    if rest > 0:
        told = gettext("%(told)s Og %(rest)d til, se tabellen.") % {"told": told, "rest": rest}
    return f"{told} {absence(missing)}".strip()


def absence(missing: Sequence[str]) -> str:
    """Tell which labels have no value: «Mangler: feb., mars.», or nothing."""
    if not missing:
        return ""
    named = ", ".join(missing[:_NAMED])
    if len(missing) > _NAMED:
        return gettext("Mangler: %(named)s og %(rest)d til.") % {
            "named": named,
            "rest": len(missing) - _NAMED,
        }
    # An abbreviated month brings its own full stop.
    return gettext("Mangler: %(named)s.") % {"named": named.removesuffix(".")}
