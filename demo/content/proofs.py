"""Older deviations that two benefits of the demo are proved by, or not: one where the severe became fewer, and one
where people stopped reporting.  They lie in the months that the benefits' indicators count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import cycle, islice
from typing import TYPE_CHECKING

from benefits.periods import period_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from demo.content.model import BenefitPlan, Computed

_DAYS_OPEN = 12
_HOUR = (7, 9, 13, 15, 20)


@dataclass(frozen=True)
class _Told:
    """So many of a type and severity in a unit, before or after, told in turn with these words."""

    unit: str
    type: str
    severity: str
    before: int
    after: int
    texts: tuple[str, ...]


_NO_KEY = (
    "Kom ikke inn til bruker på kvelden. Nøkkelen hang ikke på tavla.",
    "To brukere fikk ikke kveldsbesøk før klokka elleve, siden nøkkelen lå i en annen bil.",
    "Alarm fra bruker. Vi sto utenfor døra i tretti minutter før pårørende kom med nøkkel.",
    "Morgenbesøket ble ikke gjort. Nøkkelen var tatt med hjem etter nattevakta.",
)
_LATE = (
    "Kjørelista var lagt uten pause, og siste besøk kom en time for sent.",
    "Bruker fikk besøk av tre forskjellige på en dag, og ba om å få vite hvem som kommer.",
    "Måltid ble ikke registrert, så neste vakt laget middag to ganger.",
    "Kalenderen viste gammel tid for legetimen. Bruker måtte bestille ny.",
)
_WATER = (
    "Klordoseringen sto på manuell etter vedlikehold, og ble ikke satt tilbake.",
    "Prøven fra høydebassenget ble ikke sendt innen fristen.",
    "Trykket falt i øvre felt da pumpe to stoppet uten alarm.",
    "Luka til bassenget sto åpen da vi kom på runden.",
)
_PUMPS = (
    "Filler i pumpa ved nedre stasjon. Renset på stedet.",
    "Døra til stasjonen lot seg ikke låse etter frosten.",
    "Loggen i pumpehuset var full, så to dager mangler.",
    "Gangveien til vannverket var ikke strødd.",
)
_TELLINGS = {
    "e-las": (
        _Told("elvdal-hjemmetjeneste-nord", "TJ-IKKE-UTF", "Høy", 9, 1, _NO_KEY),
        _Told("elvdal-hjemmetjeneste-sor", "TJ-IKKE-UTF", "Høy", 7, 1, _NO_KEY),
        _Told("elvdal-hjemmetjeneste-nord", "TJ-FORSINKET", "Lav", 6, 11, _LATE),
        _Told("elvdal-hjemmetjeneste-sor", "TJ-FORSINKET", "Lav", 6, 9, _LATE),
    ),
    "tilsynsrute-vann": (
        _Told("fjellheim-teknisk", "TJ-VANN", "Høy", 8, 0, _WATER),
        _Told("fjellheim-teknisk", "TJ-VANN", "Lav", 18, 0, _PUMPS),
    ),
}  # fmt: skip


def proof_lines(
    plan: BenefitPlan, codes: Mapping[str, str], day: Mapping[int, date]
) -> Iterator[tuple[object, ...]]:
    """Yield the older deviations behind the computed indicators of a plan, as lines of the file they are read from."""
    for computed in (planned.computed for planned in plan.benefits if planned.computed):
        number = 0
        for told in _TELLINGS[plan.key]:
            for reported, text in _moments(told, computed, day):
                number += 1
                closed = reported.date() + timedelta(days=_DAYS_OPEN)
                yield (
                    f"{plan.key}-{number:03d}", codes[told.unit], told.type, "Avvik", text, None, told.severity,
                    reported - timedelta(hours=1), reported, "Lukket", None, closed, "Gått gjennom på personalmøtet.",
                )  # fmt: skip


def _moments(told: _Told, computed: Computed, day: Mapping[int, date]) -> Iterator[tuple[datetime, str]]:
    for count, measured in ((told.before, computed.baseline_day), (told.after, computed.measured_day)):
        first, end = period_of(day[measured], computed.months)
        for at, text in enumerate(islice(cycle(told.texts), count)):
            on = first + (end - first) * (2 * at + 1) // (2 * count)
            yield datetime.combine(on, time(_HOUR[at % len(_HOUR)], 10 + at)), f"{text} ({at + 1})"
