"""How the six areas of a project stand: what each value means for an area, and the signs that show it.

The meanings are our own short wording of the choices in domain/portfolio 1.2 (*Prosjektstatus*).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from portfolio.models import Area, Health, Project, StatusReport, Trend
from portfolio.models.status import HEALTH_TONES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.utils.functional import _StrOrPromise as StrOrPromise

G, W, B, U = Health.GOOD, Health.WATCH, Health.BAD, Health.UNKNOWN
MEANINGS: dict[Area, dict[Health, StrOrPromise]] = {
    Area.PROGRESS: {
        G: _("Foran plan eller på plan"),
        W: _("Mindre forsinkelser som prosjektet kan hente inn selv"),
        B: _("Forsinket: sluttdato eller en viktig leveranse holder ikke"),
        U: _("Det er ingen plan å måle mot"),
    },
    Area.ECONOMY: {
        G: _("Under budsjett eller på budsjett"),
        W: _("Mindre overskridelser som prosjektet kan dekke selv"),
        B: _("Over budsjett: noen må skaffe penger eller kutte"),
        U: _("Prognosen er ikke klar"),
    },
    Area.QUALITY: {
        G: _("Leveransene er som avtalt, eller bedre"),
        W: _("Mindre avvik fra det som er avtalt"),
        B: _("Større avvik: leveransen kan ikke brukes slik den er"),
        U: _("Ikke noe er levert eller prøvd ennå"),
    },
    Area.RISK: {
        G: _("Lav risiko, og mulighetene blir brukt"),
        W: _("Middels risiko som prosjektet håndterer"),
        B: _("Høy risiko: tiltakene hos prosjektet er ikke nok"),
        U: _("Risiko og muligheter er ikke vurdert"),
    },
    Area.RESOURCES: {
        G: _("Folkene som trengs, er på plass"),
        W: _("Noen mangler, men det går med omprioritering"),
        B: _("For få folk: arbeidet stopper eller sklir ut"),
        U: _("Behovet er ikke avklart"),
    },
    Area.BENEFITS: {
        G: _("Gevinstene kommer som planlagt, eller før"),
        W: _("Mindre forsinkelser, eller målinger som mangler"),
        B: _("Gevinstene kommer sent eller blir mindre enn lovet"),
        U: _("Uttaket er ikke begynt, så det er ikke noe å måle"),
    },
}
SHORT: dict[Area, StrOrPromise] = {**{area: area.label for area in Area}, Area.RISK: _("Risiko")}
"""The name of an area where there is little room."""
TREND_ICONS = {Trend.BETTER: "arrow-up", Trend.SAME: "arrow-flat", Trend.WORSE: "arrow-down", Trend.FIRST: ""}
NEEDS_TEXT = frozenset({W, B})
_RANK = {G: 2, W: 1, B: 0}


@dataclass(frozen=True, slots=True)
class Sign:
    """One area of a report: its value in a word, a tone and what it means; the trend in a word and an icon."""

    area: Area
    label: str
    short: StrOrPromise
    value: Health
    word: str
    tone: str
    meaning: StrOrPromise
    trend: str
    trend_icon: str
    text: str


def signs_of(report: StatusReport) -> list[Sign]:
    """Return the six areas of a report."""
    return [
        _sign(area, getattr(report, area), getattr(report, f"{area}_trend"), getattr(report, f"{area}_text"))
        for area in Area
    ]


def _sign(area: Area, of: str, since: str, text: str = "") -> Sign:
    value, trend = Health(of), Trend(since)
    return Sign(
        area, str(area.label), SHORT[area], value, str(value.label), HEALTH_TONES[value], MEANINGS[area][value],
        "" if trend == Trend.FIRST else str(trend.label), TREND_ICONS[trend], text,
    )  # fmt: skip


def trend_of(value: str, before: str | None) -> Trend:
    """Return how a value compares with the one before; what is not known cannot be compared with what is."""
    if before is not None and value == before:
        return Trend.SAME
    now, then = _RANK.get(Health(value)), _RANK.get(Health(before)) if before is not None else None
    if now is None or then is None:
        return Trend.FIRST
    return Trend.BETTER if now > then else Trend.WORSE


@dataclass(frozen=True, slots=True)
class Latest:
    """The latest published report of a project, as a card or a row shows it."""

    day: date
    signs: list[Sign]
    ends_on: date | None = None


def read_latest(projects: Iterable[Project]) -> None:
    """Give each project its latest published report as its query found it (``with_latest_status``)."""
    for project in projects:
        if told := project.latest_told:
            signs = [_sign(area, told[area], told[f"{area}_trend"]) for area in Area]
            expected = told["forecast_ends_on"]
            ends_on = date.fromisoformat(expected) if expected else None
            project.latest_status = Latest(date.fromisoformat(told["day"]), signs, ends_on)
