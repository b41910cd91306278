"""What was reported before the region had this system: tellings that are put together into the files it is read from.

The building blocks stand in `history/*.txt`, one telling a line with its variants in braces. Which ones, where, when
and in which words follows from the seed, so that the demo is the same every time.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from demo.content.build import ContentError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HERE = Path(__file__).parent / "history"
SYSTEM = "Kvalitetsportalen"
HEADINGS = (
    "Saksnummer", "Avdeling", "Avvikstype", "Meldingstype", "Beskrivelse", "Sted", "Alvorlighetsgrad", "Hendelsesdato",
    "Opprettet dato", "Status", "Årsak", "Lukket dato", "Konklusjon",
)  # fmt: skip
SIZES = {"elvdal": 825, "nordsund": 350, "fjellheim": 200}
YEARS = 3
_LINE = re.compile(r"(\S+) ([123-]) ([.wsak-]) (\S+): (.+) ~ (.+)")
_VARIANTS = re.compile(r"\{([^{}]+)\}")
_KINDS = {"": "Avvik", "near_miss": "Nestenulykke", "dangerous_condition": "Farlig forhold",
          "suggestion": "Forbedringsforslag", "positive": "Noe som gikk bra"}  # fmt: skip
_SEVERITIES = {"1": "Lav", "2": "Middels", "3": "Høy", "-": ""}
_DAYS = {"1": (3, 25), "2": (5, 45), "3": (7, 60), "-": (4, 40)}
# How much is reported of each group, and in which units of it, by municipality.
_SHARES = {
    "nursing": 34,
    "home": 28,
    "school": 14,
    "kindergarten": 8,
    "technical": 6,
    "property": 3,
    "office": 5,
    "welfare": 5,
    "culture": 1,
}
_UNITS: dict[str, dict[str, tuple[str, ...]]] = {
    "elvdal": {
        "nursing": ("elvdal-elvebakken-furua", "elvdal-elvebakken-bjorka", "elvdal-elvebakken-furua"),
        "home": ("elvdal-hjemmetjeneste-nord", "elvdal-hjemmetjeneste-sor"),
        "school": ("elvdal-ungdomsskole", "elvdal-brua", "elvdal-brua", "elvdal-sorgrenda"),
        "kindergarten": ("elvdal-tyttebaeret", "elvdal-elvelangs"), "technical": ("elvdal-vva",), "property": ("elvdal-eiendom",),
        "office": ("elvdal-plan", "elvdal-stab-okonomi", "elvdal-stab-hr", "elvdal-stab-dokument", "elvdal-stab-torg"),
        "welfare": ("elvdal-nav", "elvdal-psykisk", "elvdal-tildeling", "elvdal-barnevern", "elvdal-helsestasjon"),
        "culture": ("elvdal-bibliotek", "elvdal-kulturskole", "elvdal-fritid"),
    },
    "nordsund": {
        "nursing": ("nordsund-sykehjem", "nordsund-sykehjem", "nordsund-sykehjem-natt"), "home": ("nordsund-hjemmetjeneste",),
        "school": ("nordsund-skole",), "kindergarten": ("nordsund-barnehage",), "technical": ("nordsund-va",),
        "property": ("nordsund-bygg",), "office": ("nordsund-okonomi", "nordsund-service", "nordsund-plan"), "welfare": ("nordsund-nav",),
        "culture": ("nordsund-kultur",),
    },
    "fjellheim": {
        "nursing": ("fjellheim-omsorg",), "home": ("fjellheim-hjemmetjeneste",), "school": ("fjellheim-skole",),
        "kindergarten": ("fjellheim-barnehage",), "technical": ("fjellheim-teknisk",), "office": ("fjellheim-kontor",),
    },
}  # fmt: skip
_PLACES = {
    "nursing": ("Stua", "Medisinrommet", "Kjøkkenet", "Vaktrommet", "Gangen", "Badet", "Rom 3", "Rom 8", "Rom 14", "Skyllerommet"),
    "home": ("Hos bruker", "Hos bruker, badet", "Hos bruker, kjøkkenet", "Basen", "I bilen", "Omsorgsboligene", "Medisinrommet på basen"),
    "school": ("Klasserommet", "Skolegården", "Gymsalen", "SFO", "Personalrommet", "Garderoben"),
    "kindergarten": ("Avdelingen", "Garderoben", "Uteområdet", "Kjøkkenet", "Stellerommet"),
    "technical": ("Ute på veien", "Pumpestasjonen", "Vannverket", "Lageret"), "property": ("Rådhuset", "Kjelleren", "Kulturhuset"),
    "office": ("Kontoret", "Skranken", "Møterommet"), "welfare": ("Mottaket", "Samtalerommet", "Kontoret"), "culture": ("Utlånet", "Salen"),
}  # fmt: skip
_MONTHS = (1.15, 1.1, 1.1, 0.95, 1.0, 0.95, 0.55, 0.85, 1.05, 1.15, 1.2, 0.95)
_SEASONS = {
    "w": (3, 3, 2, 0, 0, 0, 0, 0, 0, 0, 1.5, 3), "s": (0, 0, 0, 0, 0, 2, 4, 2, 0, 0, 0, 0), "a": (1, 1, 1, 1, 1, 0.5, 0, 0.6, 1, 1, 1, 0.8),
    "k": (3, 3, 2, 0.6, 0.3, 0.2, 0.2, 0.3, 0.8, 1.5, 2.5, 2),
}  # fmt: skip
_HIGHEST = 5.0
_OFFICE_HOURS = frozenset({"office", "school", "kindergarten", "welfare", "property", "culture"})
_SATURDAY = 5


@dataclass(frozen=True)
class Past:
    """One thing that happened, with its words in variants; ``season`` is a letter of ``_SEASONS``, or none."""

    group: str
    type: str
    kind: str
    severity: str
    season: str
    cause: str
    text: str
    note: str

    @property
    def weight(self) -> float:
        """How often it is told: medication and falls most, grave things and suggestions least."""
        if self.kind in {"suggestion", "positive"}:
            return 0.5
        often = 2.2 if self.type.startswith("TJ-LM") else 1.6 if self.type == "TJ-FALL" else 1.0
        return often * (0.55 if self.severity == "3" else 1.0)


def read_past() -> list[Past]:
    """Return every telling of the files.

    :raises ContentError: a line cannot be understood.
    """
    found = []
    for path in sorted(HERE.glob("*.txt")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            if line.startswith("#") or not line.strip():
                continue
            match = _LINE.fullmatch(line)
            if match is None:
                raise ContentError(f"history/{path.name}: line {number} is not a telling")
            code, severity, season, cause, text, note = match.groups()
            type_, _slash, kind = code.partition("/")
            found.append(Past(path.stem, type_, kind, severity, season, cause.strip("-"), text, note))
    return found


def lines_of(
    municipality: str, tellings: list[Past], codes: Mapping[str, str], causes: Mapping[str, str], until: date
) -> list[Sequence[Any]]:
    """Return the lines of a municipality's file, the oldest first.

    :param codes: the code of each unit by its key; ``causes``: the name of each cause by its code.
    :param until: the day the file was made; what is told ended before that.
    """
    chance = Random(f"past {municipality}")  # noqa: S311 - the same demo every time, not a secret
    told = _Teller(chance, tellings, municipality)
    drawn = [(_when(chance, one[0], until), *one) for one in told.many(SIZES[municipality])]
    rows = sorted(drawn, key=lambda row: row[0])
    numbers: Counter[int] = Counter()
    lines: list[Sequence[Any]] = []
    for reported, past, unit, text, note in rows:
        numbers[reported.year] += 1
        days = chance.randint(*_DAYS[past.severity])
        closed = min(reported.date() + timedelta(days=days), until)
        happened = reported - timedelta(minutes=chance.randrange(10, 300))
        place = chance.choice(_PLACES[past.group]) if chance.random() < 0.45 else None  # noqa: PLR2004 - not everybody tells
        lines.append((
            f"{reported.year}-{numbers[reported.year]:03d}", codes[unit], past.type, _KINDS[past.kind], text, place,
            _SEVERITIES[past.severity] or None, happened, reported, "Lukket", causes.get(past.cause), closed, note,
        ))  # fmt: skip
    return lines


class _Teller:
    """Draws tellings so that the same words never come twice in a municipality, and seldom the same telling."""

    def __init__(self, chance: Random, tellings: list[Past], municipality: str) -> None:
        self.chance, self.units = chance, _UNITS[municipality]
        self.by_group = {group: [past for past in tellings if past.group == group] for group in self.units}
        self.uses: Counter[Past] = Counter()
        self.words: set[str] = set()

    def many(self, count: int) -> list[tuple[Past, str, str, str]]:
        shares = [_SHARES[group] for group in self.units]
        groups = self.chance.choices(list(self.units), shares, k=count)
        return [self._one(group) for group in groups]

    def _one(self, group: str) -> tuple[Past, str, str, str]:
        pool = self.by_group[group]
        while True:
            past = self.chance.choices(pool, [one.weight / (1 + self.uses[one]) for one in pool])[0]
            self.uses[past] += 1
            text = said(past.text, self.chance)
            if text not in self.words:
                self.words.add(text)
                return past, self.chance.choice(self.units[group]), text, said(past.note, self.chance)


def said(text: str, chance: Random) -> str:
    """Return the text with one of the variants at each place."""
    return _VARIANTS.sub(lambda match: chance.choice(match[1].split("|")), text)


def _when(chance: Random, past: Past, until: date) -> datetime:
    """Return when it was reported: by season, fewer in July, and some more each year."""
    weights = _SEASONS.get(past.season, _MONTHS)
    span = YEARS * 365
    while True:
        day = until - timedelta(days=chance.randrange(8, span))
        growth = 1 - 0.25 * (until - day).days / span
        if chance.random() * _HIGHEST > weights[day.month - 1] * growth:
            continue
        if past.group not in _OFFICE_HOURS:
            return datetime.combine(
                day,
                time(
                    chance.choice((0, 2, 5, 7, 8, 10, 11, 13, 15, 16, 18, 20, 21, 22, 23)),
                    chance.randrange(60),
                ),
            )
        if day.weekday() < _SATURDAY:
            return datetime.combine(day, time(chance.randrange(8, 17), chance.randrange(60)))
