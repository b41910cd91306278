"""What the page of figures shows: each figure with its definition, its denominator and its list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.formats import duration, month, number, short_date
from core.formats import rate as share
from core.runs import is_more_than_chance
from deviations.figures import counting
from deviations.figures.above import above_of
from deviations.figures.addresses import days_of, list_url
from deviations.figures.confidential import confidential_of
from deviations.figures.course import course_of
from deviations.figures.exposure import Kind, denominator_of
from deviations.figures.tallies import Tally
from deviations.figures.wording import coverage_of, rate_heading, rate_text
from deviations.filters import GRAVE, NOTHING
from deviations.models import Category, DeviationType, Severity
from organization.models import Exposure

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, timedelta

    from deviations.figures.above import Above
    from deviations.figures.course import Course
    from deviations.figures.exposure import Denominator
    from deviations.figures.periods import Period
    from deviations.figures.scope import Scope
    from deviations.figures.tallies import Counts, Wait

_MOST_TYPES = 10


@dataclass(frozen=True, slots=True)
class Way:
    """A link from a figure to cases behind it."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with what it means; ``note`` says more about it, ``ways`` lead on, ``above`` is that of the unit above."""

    label: str
    value: str
    definition: str
    url: str = ""
    note: str = ""
    ways: tuple[Way, ...] = ()
    above: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: how many, how many against the denominator, and the list of them."""

    label: str
    count: int
    rate: str
    url: str
    grave: int = 0
    grave_url: str = ""
    grave_share: str = ""
    note: str = ""
    above: str = ""


def page_of(
    scope: Scope, period: Period, *, per: str, since: date | None, above: Scope | None = None
) -> dict[str, Any]:
    """Return what the template shows of ``scope`` in ``period``, with rates by the denominator ``per``.

    :param above: the unit above, where its rates shall stand beside.
    """
    units = [one.unit for one in (scope, above) if one]
    figures = list(Exposure.objects.visible_to(scope.actor).filter(unit__in=units))
    kind = per or Kind.WORK_YEARS
    against = denominator_of(kind, [one for one in figures if one.unit_id == scope.unit.pk], period, since)
    beside = above_of(above, figures, period, kind=kind, since=since)
    counts = counting.count(scope, period, covered=against.covered)
    coverage = coverage_of(period, against, since)
    tables = _Tables(scope, period, counts, against, beside)
    types = tables.types()
    return {
        "figures": [
            _reported(scope, period, counts, since), _rate(scope, counts, against, coverage, beside), *_open(scope, period),
            _answer(scope, period, counts.answer), _closing(scope, period, counts.closing),
        ],
        "courses": _courses(period, counts, against if per else None, since),
        "months": tables.months(since), "categories": tables.categories(), "severities": tables.severities(),
        "types": types[:_MOST_TYPES], "more_types": types[_MOST_TYPES:], "rate_heading": rate_heading(against.kind), "coverage": coverage,
        "sources": against.sources, "running": _running(period, counts), "confidential": confidential_of(scope, period),
        "is_empty": not counts.all.count, "above": beside,
    }  # fmt: skip


# --- The figures ---------------------------------------------------------------------------------
def _reported(scope: Scope, period: Period, counts: Counts, since: date | None) -> Figure:
    definition = _(
        "Avvik meldt i %(unit)s og enhetene under, fra %(first)s til %(last)s. Kladder er ikke med. %(confidential)s"
    ) % {
        "unit": scope.unit, "first": short_date(period.first), "last": short_date(period.last_day),
        "confidential": _("Fortrolige saker er med bare når du kan se dem.") if scope.has_lists else _("Fortrolige saker er ikke med."),
    }  # fmt: skip
    note, ways = _compared(scope, period, counts, since)
    return Figure(
        _("Meldt"), number(counts.all.count), definition, list_url(scope, days_of(period)), note, ways
    )


def _compared(
    scope: Scope, period: Period, counts: Counts, since: date | None
) -> tuple[str, tuple[Way, ...]]:
    """Return how it was in the time before, when that is known, and whether the difference can be chance."""
    first, last = period.before
    if since is None or since > first or not period.days:
        return "", ()
    before = counting.count_before(scope, period)
    days = (last - first).days + 1
    differs = is_more_than_chance(counts.all.count, before, share=period.days / (period.days + days))
    if not differs:
        note = _("Ikke større forskjell fra tida før enn tilfeldigheter gir.")
    elif counts.all.count > before:
        note = _("Flere enn i tida før, mer enn tilfeldigheter gir.")
    else:
        note = _("Færre enn i tida før, mer enn tilfeldigheter gir.")
    told = {"count": number(before), "first": short_date(first), "last": short_date(last)}
    return note, (Way(_("%(count)s fra %(first)s til %(last)s") % told, list_url(scope, (first, last))),)


def _rate(scope: Scope, counts: Counts, against: Denominator, coverage: str, above: Above | None) -> Figure:
    definition = _(
        "Meldte avvik delt på %(against)s for %(unit)s i de samme månedene. Enheten må ha tallet selv; det regnes ikke ut av andre."
    ) % {
        "against": _("liggedøgn, ganger 1 000,") if against.kind == Kind.RESIDENT_DAYS else _("årsverk i året"),
        "unit": scope.unit,
    }  # fmt: skip
    return Figure(
        rate_heading(against.kind),
        rate_text(against.rate(counts.all.covered)),
        f"{definition} {above.definition}" if above else definition,
        note=coverage,
        above=above.rate if above else "",
    )


def _open(scope: Scope, period: Period) -> tuple[Figure, Figure]:
    waiting, late = counting.open_now(scope, period.today)
    return (
        Figure(
            _("Åpne nå"), number(waiting),
            _("Saker som i dag ikke er lukket, avvist, overført eller slått sammen, uansett når de ble meldt."),
            list_url(scope, status="open"),
        ),
        Figure(
            _("Over fristen"), number(late), _("Åpne saker med frist før i dag. Nevneren er de åpne."),
            list_url(scope, status="open", forfalt="on"),
            _("%(share)s av de åpne") % {"share": share(late, waiting)} if waiting else "",
        ),
    )  # fmt: skip


def _answer(scope: Scope, period: Period, wait: Wait) -> Figure:
    definition = _(
        "Fra saken ble meldt til melder fikk det første svaret. Halvparten fikk svar innen medianen. Saker uten svar regnes "
        "som lengre enn alle andre. Duplikater uten eget svar og saker som ble lukket i et eldre system, er ikke med."
    )
    ways = (
        _way(_("%(count)s har fått svar"), wait.done, list_url(scope, days_of(period), svar="ja")),
        _way(_("%(count)s uten svar"), wait.waiting, list_url(scope, days_of(period), svar="nei")),
    )
    return Figure(_("Tid til første svar (median)"), _median(wait), definition, note=_most(wait), ways=ways)


def _closing(scope: Scope, period: Period, wait: Wait) -> Figure:
    definition = _(
        "Fra saken ble meldt til den ble lukket. Halvparten ble lukket innen medianen. Åpne saker regnes som lengre enn alle "
        "andre. Avviste, overførte og sammenslåtte saker er ikke med."
    )
    ways = (
        _way(_("%(count)s lukket"), wait.done, list_url(scope, days_of(period), status="closed")),
        _way(_("%(count)s åpne"), wait.waiting, list_url(scope, days_of(period), status="open")),
    )
    return Figure(_("Tid til lukking (median)"), _median(wait), definition, note=_most(wait), ways=ways)


def _way(text: str, count: int, url: str) -> Way:
    return Way(text % {"count": number(count)}, url)


def _median(wait: Wait) -> str:
    if not wait.count:
        return "–"
    return _length(wait.half) if wait.half is not None else _("ikke nådd")


def _most(wait: Wait) -> str:
    if not wait.count:
        return _("Ingen saker i perioden.")
    told = {"count": number(wait.count), "time": _length(wait.most) if wait.most is not None else ""}
    if wait.most is None:
        return _("Ni av ti er ikke nådd ennå (n = %(count)s).") % told
    return _("Ni av ti innen %(time)s (n = %(count)s).") % told


def _length(time: timedelta) -> str:
    """Write a length of time in whole days, or in hours when it is less than two days."""
    hours = time.total_seconds() / 3600
    if hours < 48:  # noqa: PLR2004 - two days
        return ngettext("%(n)d time", "%(n)d timer", round(hours)) % {"n": round(hours)}
    return duration(round(hours / 24))


# --- Month by month ------------------------------------------------------------------------------
def _courses(period: Period, counts: Counts, against: Denominator | None, since: date | None) -> list[Course]:
    """Return the run charts of all and of the grave: more reports may well be good, more grave ones are not."""
    months = [one for one in period.months if period.is_over(one)]
    if not months:
        return []

    def values(pick: str) -> list[float | None]:
        return [
            _value(one, getattr(_of(counts.months, one), pick), against)
            if period.is_known(one, since)
            else None
            for one in months
        ]

    suffix = f", {rate_heading(against.kind).lower()}" if against else _(", antall")
    return [
        course_of(_("Meldt hver måned%(suffix)s") % {"suffix": suffix}, _("Meldt"), months, values("count")),
        course_of(
            _("Høy eller kritisk alvorlighet hver måned%(suffix)s") % {"suffix": suffix},
            _("Alvorlige"),
            months,
            values("grave"),
        ),
    ]


def _value(one: date, count: int, against: Denominator | None) -> float | None:
    """Return the count or the rate of a month, and ``None`` for a rate without a denominator."""
    return count if against is None else against.rate_in(one, count)


def _of(tallies: Any, key: Any) -> Tally:
    return tallies.get(key) or Tally()


def _running(period: Period, counts: Counts) -> str:
    """Say how many there are so far in the month that is not over, which no chart shows."""
    current = next((one for one in period.months if one <= period.today and not period.is_over(one)), None)
    if current is None:
        return ""
    told = {"month": month(current), "count": number(_of(counts.months, current).count)}
    return (
        _("Måneden som ikke er over, %(month)s, er ikke med i diagrammet: %(count)s meldt så langt.") % told
    )


# --- The tables ----------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Tables:
    scope: Scope
    period: Period
    counts: Counts
    against: Denominator
    above: Above | None

    def months(self, since: date | None) -> list[Line]:
        """Return the newest month first; one before anything was reported here is left out."""
        return [self._month(one) for one in reversed(self.period.months) if self.period.is_known(one, since)]

    def _month(self, first: date) -> Line:
        tally, days = _of(self.counts.months, first), (first, self.period.last_day_of(first))
        return Line(
            month(first).capitalize(), tally.count, rate_text(self.against.rate_in(first, tally.count)), list_url(self.scope, days),
            tally.grave, list_url(self.scope, days, alvor=GRAVE), share(tally.grave, tally.count) if tally.count else "–",
            "" if self.period.is_over(first) else _("ikke over"), self.above.in_month(first) if self.above else "",
        )  # fmt: skip

    def categories(self) -> list[Line]:
        labels = [(one.value, str(one.label)) for one in Category] + [("", _("Uten kategori"))]
        return [
            self._line(label, "categories", key, kategori=key or NOTHING)
            for key, label in labels
            if key in self.counts.categories or (key and self.scope.category in {"", key})
        ]

    def severities(self) -> list[Line]:
        labels = [(one.value, str(one.label)) for one in reversed(Severity)] + [(0, _("Ikke vurdert"))]
        return [self._line(label, "severities", key, alvor=key or NOTHING) for key, label in labels]

    def types(self) -> list[Line]:
        """Return the types that anything was reported of, the most frequent first."""
        names = DeviationType.objects.filter(pk__in=[key for key in self.counts.types if key])
        labels: dict[int | None, str] = {None: _("Uten type"), **dict(names.values_list("pk", "name"))}
        lines: Iterable[tuple[int | None, Tally]] = sorted(
            self.counts.types.items(), key=lambda one: (-one[1].count, labels[one[0]])
        )
        return [self._line(labels[key], "types", key, type=key or NOTHING) for key, _tally in lines]

    def _line(self, label: str, part: str, key: Any, **filters: object) -> Line:
        url, tally = (
            list_url(self.scope, days_of(self.period), **filters),
            _of(getattr(self.counts, part), key),
        )
        above = self.above.of(getattr(self.above.counts, part), key) if self.above else ""
        return Line(label, tally.count, rate_text(self.against.rate(tally.covered)), url, above=above)
