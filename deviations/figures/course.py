"""How a figure moves month by month: the run chart, and in plain words whether anything has changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.charts import Chart, Series, line
from core.formats import month as month_name
from core.formats import number
from core.runs import FEWEST, runs_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from core.charts.chart import Value
    from core.runs import Run, Runs


@dataclass(frozen=True, slots=True)
class Course:
    """A run chart with what it says, and by which rule."""

    title: str
    chart: Chart
    finding: str
    rule: str


def course_of(
    title: str, name: str, months: Sequence[date], values: Sequence[Value], *, unit: str = ""
) -> Course:
    """Return the run chart of ``values``; a month without a value was not measured and is a gap."""
    runs = runs_of(values)
    series = [Series(name, values)]
    if runs.median is not None:
        series.append(Series(_("Median"), [runs.median] * len(months), "reference"))
    names = [month_name(month) for month in months]
    chart = line(title, names, series, unit=unit, size=(720, 300), key=title)
    return Course(title, chart, finding_of(runs, names), _rule(runs))


def finding_of(runs: Runs, names: Sequence[str]) -> str:
    """Say whether the level has changed, or whether chance alone gives such numbers."""
    if not runs.is_enough:
        return ngettext(
            "For få måneder til å skille endring fra tilfeldigheter: %(useful)d måned teller, og det trengs minst %(fewest)d.",
            "For få måneder til å skille endring fra tilfeldigheter: %(useful)d måneder teller, og det trengs minst %(fewest)d.",
            runs.useful,
        ) % {"useful": runs.useful, "fewest": FEWEST}
    if runs.is_random:
        return _("Variasjonen er tilfeldig. Ett høyt tall er ikke en trend.")
    if runs.long_run is None:
        return _(
            "Variasjonen er ikke tilfeldig: linja krysser medianen %(crossings)d ganger, og minst %(fewest)d var ventet. "
            "Nivået har endret seg i perioden, men ikke på ett tydelig tidspunkt."
        ) % {"crossings": runs.crossings, "fewest": runs.fewest_crossings}
    return _of_change(runs, runs.long_run, names)


def _of_change(runs: Runs, run: Run, names: Sequence[str]) -> str:
    if runs.shift is not None:
        told = {"month": names[runs.shift.first]}
        if runs.shift.is_higher:
            return _("Det er en varig endring fra %(month)s: nivået er høyere enn før.") % told
        return _("Det er en varig endring fra %(month)s: nivået er lavere enn før.") % told
    told = {"first": names[run.first], "last": names[run.last]}
    if run.is_above:
        return _("Nivået var høyere fra %(first)s til %(last)s enn ellers, men ikke siden.") % told
    return _("Nivået var lavere fra %(first)s til %(last)s enn ellers, men ikke siden.") % told


def _rule(runs: Runs) -> str:
    told = {
        "useful": runs.useful, "longest": runs.longest, "crossings": runs.crossings,
        "limit": runs.longest_expected, "fewest": runs.fewest_crossings,
        "median": number(runs.median) if runs.median is not None else _("mangler"),
    }  # fmt: skip
    if not runs.is_enough:
        return (
            _(
                "Måneder på medianen (%(median)s), måneder uten tall og måneden som ikke er over, teller ikke med. "
                "Regelen er den i Anhøj og Olesen 2014."
            )
            % told
        )
    return (
        _(
            "Medianen er %(median)s, og %(useful)d måneder ligger over eller under den. Nivået har endret seg når flere enn "
            "%(limit)d av dem på rad ligger på samme side (her høyst %(longest)d), eller når linja krysser medianen færre enn "
            "%(fewest)d ganger (her %(crossings)d). Regelen er den i Anhøj og Olesen 2014. Den tar ikke hensyn til årstider."
        )
        % told
    )
