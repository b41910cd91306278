"""How the numbers are shown: value, how it compares with before, whether the target is reached, and what chance gives."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.formats import kroner_short, number, short_date
from core.runs import is_more_than_chance
from deviations.figures.addresses import list_url
from leadership.areas import SPAN
from leadership.figures.catalogue import Better, Figure, Kind, Measured, measure, shown_in
from leadership.figures.course import Course, course_of_reports
from leadership.figures.keeping import kept_before
from leadership.models import Key

if TYPE_CHECKING:
    from datetime import date

    from leadership.areas import Place
    from leadership.models import Target

_ONE = Decimal(1)
_SIGNS = {1: "up", -1: "down", 0: "flat"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """How a number compares: words, an icon and a tone."""

    words: str
    icon: str = ""
    tone: str = "neutral"


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One number of the page."""

    key: str
    label: str
    value: str
    unit: str
    note: str
    url: str
    definition: str
    trend: Compared
    target: Compared | None
    target_url: str
    course: Course | None = None


@dataclass(frozen=True, slots=True)
class Numbers:
    """The cards, and what was measured, by key."""

    cards: list[Card]
    now: dict[str, Measured]


def numbers_of(place: Place) -> Numbers:
    """Return the numbers of an area, compared with those of some weeks before."""
    figures, earlier = shown_in(place), place.earlier
    back = [figure for figure in figures if figure.has_past]
    found = measure([*((one, place) for one in figures), *((one, earlier) for one in back)])
    now = {figure.key.value: one for figure, one in zip(figures, found, strict=False)}
    kept, targets = kept_before(place.area, earlier.day)
    then = kept | {figure.key.value: one for figure, one in zip(back, found[len(figures) :], strict=True)}
    course = course_of_reports(place) if Key.REPORTED in now else None
    cards = [
        _card(figure, place, now[figure.key], then.get(figure.key), targets.get(figure.key))
        for figure in figures
    ]
    return Numbers([_with_course(card, course) for card in cards], now)


def _with_course(card: Card, course: Course | None) -> Card:
    if card.key != Key.REPORTED or course is None:
        return card
    return Card(**{name: getattr(card, name) for name in Card.__slots__ if name != "course"}, course=course)


def _card(figure: Figure, place: Place, now: Measured, then: Measured | None, target: Target | None) -> Card:
    score = now.score(figure.kind)
    where = urlencode({"omrade": place.area.pk})
    return Card(
        key=figure.key.value, label=figure.label, value=written(score, figure.kind), unit=_unit(score, figure.kind),
        note=note_of(figure, now, place.day.year), url=_list_url(figure, place, where), definition=str(figure.definition),
        trend=compared(figure, now, then, place.earlier.day), target=held_against(figure, score, target),
        target_url=f"{reverse('leadership:target_edit', args=[figure.key.value])}?{where}" if figure.may_have_target else "",
    )  # fmt: skip


def _list_url(figure: Figure, place: Place, where: str) -> str:
    """Return the list behind a number: for deviations the app's own, where the actor opens any."""
    if figure.key == Key.REPORTED and place.cases is not None:
        first = (place.at - SPAN).date()
        return list_url(place.cases, (first, place.day))
    if figure.key == Key.CLOSING and place.cases is not None and not place.cases.has_lists:
        return ""
    return f"{reverse('leadership:number_list', args=[figure.key.value])}?{where}"


def written(score: Decimal | None, kind: Kind) -> str:
    if score is None:
        return _("mangler") if kind == Kind.SHARE else "–"
    whole = score.quantize(_ONE, rounding=ROUND_HALF_UP)
    return f"{number(whole, 0)}\xa0%" if kind == Kind.SHARE else number(whole, 0)


def _unit(score: Decimal | None, kind: Kind) -> str:
    if kind != Kind.DAYS or score is None:
        return ""
    return ngettext("dag", "dager", int(score.quantize(_ONE, rounding=ROUND_HALF_UP)))


def note_of(figure: Figure, now: Measured, year: int) -> str:
    """Say what the number is a part of, or how many it is of."""
    whole = int(now.whole or 0)
    if figure.key == Key.NEEDY:
        return ngettext("av %(n)s prosjekt i gang", "av %(n)s prosjekter i gang", whole) % {
            "n": number(whole)
        }
    if figure.key == Key.MONEY:
        if not now.whole:
            return _("Ingen budsjettlinjer for %(year)s") % {"year": year}
        told = {"forecast": kroner_short(now.value or 0), "budget": kroner_short(now.whole)}
        return _("Prognose %(forecast)s, budsjett %(budget)s") % told
    if figure.key == Key.BENEFITS:
        if not whole:
            return _("Ingen målinger skulle vært gjort i år")
        return _("%(made)s av %(due)s målinger") % {"made": number(now.value or 0), "due": number(whole)}
    if figure.kind == Kind.DAYS:
        return (
            ngettext("median av %(n)s sak", "median av %(n)s saker", whole) % {"n": number(whole)}
            if whole
            else _("Ingen i perioden")
        )
    return ""


def compared(figure: Figure, now: Measured, then: Measured | None, day: date) -> Compared:
    """Say how the number compares with what it was on ``day``, and whether that is better."""
    score, before = now.score(figure.kind), then.score(figure.kind) if then else None
    told = {"day": short_date(day)}
    if score is None or before is None:
        return Compared(words=_("Ikke noe å sammenligne med fra %(day)s") % told)
    change = (score - before).quantize(_ONE, rounding=ROUND_HALF_UP)
    if not change:
        return Compared(words=_("Som %(day)s") % told, icon="flat")
    words = _changed(figure.kind, change) % {**told, "n": number(abs(change), 0)}
    if figure.key == Key.REPORTED and not is_more_than_chance(int(score), int(before)):
        return Compared(words=_("%(words)s, ikke mer enn tilfeldigheter gir") % {"words": words}, icon="flat")
    sign = 1 if change > 0 else -1
    tone = "neutral"
    if figure.better != Better.NEITHER:
        tone = "success" if (sign > 0) == (figure.better == Better.MORE) else "warning"
        words = f"{words}: {_('bedre') if tone == 'success' else _('dårligere')}"
    return Compared(words=words, icon=_SIGNS[sign], tone=tone)


def _changed(kind: Kind, change: Decimal) -> str:
    count = int(abs(change))
    if kind == Kind.SHARE:
        return (
            _("%(n)s prosentpoeng høyere enn %(day)s")
            if change > 0
            else _("%(n)s prosentpoeng lavere enn %(day)s")
        )
    if kind == Kind.DAYS and change > 0:
        return ngettext("%(n)s dag lengre enn %(day)s", "%(n)s dager lengre enn %(day)s", count)
    if kind == Kind.DAYS:
        return ngettext("%(n)s dag kortere enn %(day)s", "%(n)s dager kortere enn %(day)s", count)
    return _("%(n)s flere enn %(day)s") if change > 0 else _("%(n)s færre enn %(day)s")


def held_against(figure: Figure, score: Decimal | None, target: Target | None) -> Compared | None:
    """Say whether the target is reached, or nothing where there is none."""
    if target is None or target.value is None:
        return None
    wanted = target_words(figure, target.value)
    if score is None:
        return Compared(words=wanted)
    is_reached = score >= target.value if figure.better == Better.MORE else score <= target.value
    words = _("%(target)s: nådd") if is_reached else _("%(target)s: ikke nådd")
    return Compared(words=words % {"target": wanted}, tone="success" if is_reached else "warning")


def target_words(figure: Figure, value: Decimal) -> str:
    unit = {Kind.SHARE: "\xa0%", Kind.DAYS: " " + ngettext("dag", "dager", int(value)), Kind.COUNT: ""}[
        figure.kind
    ]
    words = _("Mål: minst %(value)s") if figure.better == Better.MORE else _("Mål: høyst %(value)s")
    return words % {"value": f"{number(value)}{unit}"}
