"""From rows to cases: what each would become, what is there already, and what is wrong, by line and column."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.spreadsheets.tables import plain
from deviations import guarding
from deviations.importing.telling import tell_nobody
from deviations.models import (
    Category,
    Cause,
    Deviation,
    DeviationType,
    Kind,
    Origin,
    Severity,
    Status,
)
from deviations.models.status import UNHURT
from deviations.operations.reporting import place_in_catalogue
from deviations.routing import Roster, Route, route
from organization.importing.plans import Importer
from organization.models import Unit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from core.actors import Actor
    from core.spreadsheets import Row, TableError
    from deviations.importing.telling import Telling

_CLOSED = frozenset({"lukket", "avsluttet", "ferdig", "ferdigbehandlet", "behandlet", "closed", "arkivert"})
_OPEN = frozenset(
    {
        "åpen",
        "apen",
        "åpent",
        "ny",
        "nytt",
        "meldt",
        "mottatt",
        "underbehandling",
        "pågår",
        "registrert",
        "open",
        "tiltakpågår",
    }
)
_SEVERITIES = {
    **{str(severity.value): severity.value for severity in Severity}, **{plain(str(severity.label)): severity.value for severity in Severity},
    "ubetydelig": 1, "liten": 1, "mindrealvorlig": 2, "moderat": 2, "alvorlig": 3, "stor": 3, "sværtalvorlig": 4, "megetalvorlig": 4,
}  # fmt: skip
_NOON = time(12)
_TOLD_EVERY = 250
_LIMITS = {
    "external": 60,
    "title": 200,
    "description": 20_000,
    "place": 200,
    "immediate": 4000,
    "outcome": 4000,
}
_TEXTS = ("title", "description", "place", "immediate", "outcome")
_NO_OUTCOME = gettext_lazy("Lukket i %(system)s. Hva som ble endret, fulgte ikke med.")


_FACTS = (
    "unit_id", "type_id", "category", "kind", "status", "severity", "reported_severity", "is_confidential", "responsible_id",
    "title", "description", "place", "immediate_action", "closing_note",
)  # fmt: skip


def _moments(row: Deviation) -> tuple[datetime | None, ...]:
    return row.reported_at, row.discovered_at, row.closed_at


@dataclass
class Case:
    """One row as it will stand, with what stands beside it."""

    line: int
    external: str
    row: Deviation
    cause: Cause | None = None
    route: Route | None = None


@dataclass
class Plan:
    """What the file would do.  One error, and nothing is done."""

    cases: list[Case] = field(default_factory=list)
    errors: list[TableError] = field(default_factory=list)
    known: int = 0
    phones: list[int] = field(default_factory=list)
    unknown: dict[str, Counter[str]] = field(default_factory=lambda: {"type": Counter(), "unit": Counter()})

    @property
    def new(self) -> int:
        return len(self.cases)

    @property
    def open(self) -> int:
        return sum(case.row.is_open for case in self.cases)

    @property
    def confidential(self) -> int:
        return sum(case.row.is_confidential for case in self.cases)

    def by(self, name: str) -> list[tuple[str, int]]:
        """Return how many cases of each category, or of each year."""
        told: Callable[[Deviation], str] = {
            "category": lambda row: str(row.get_category_display()) or "–",
            "year": lambda row: str(timezone.localdate(row.reported_at).year),
        }[name]
        return sorted(Counter(told(case.row) for case in self.cases).items())

    @property
    def fingerprint(self) -> str:
        """Return a text that is the same only for a plan that does the same.

        Of moments the day: what is said to have happened today ends with the moment it is read.
        """
        mark = hashlib.sha256()
        for case in self.cases:
            told = [getattr(case.row, name) for name in _FACTS]
            days = [moment and timezone.localdate(moment) for moment in _moments(case.row)]
            mark.update(repr((case.external, case.cause and case.cause.pk, told, days)).encode())
        return mark.hexdigest()


class Reading(Importer):
    """Reads the rows of one system's file.  ``values`` maps words of the file to codes of units and types."""

    def __init__(
        self,
        municipality: Unit,
        actor: Actor,
        *,
        system: str,
        values: Mapping[str, Mapping[str, str]],
        now: datetime,
    ) -> None:
        super().__init__(municipality, actor)
        self.system, self.values, self.now = system, values, now
        self.found = Plan()
        self.plan.errors = self.found.errors
        self._load()

    def _load(self) -> None:
        units = list(Unit.objects.filter(municipality=self.municipality))
        types = list(DeviationType.objects.filter(municipality=self.municipality))
        self._units = _by_words(units, "unit", self.values)
        self._types = _by_words(types, "type", self.values)
        self._causes = _by_words(Cause.objects.filter(municipality=self.municipality), "", {})
        self._roster = Roster.of(self.municipality, timezone.localdate(self.now))
        origins = Origin.objects.filter(municipality=self.municipality, system=self.system)
        self._known = set(origins.values_list("external_number", flat=True))
        self._lines: dict[str, int] = {}
        self._routes: dict[tuple[int, int | None, str], Route | None] = {}

    def read(self, rows: list[Row], *, tell: Telling = tell_nobody) -> None:
        """Fill ``self.found`` from the rows."""
        for number, row in enumerate(rows):
            if number % _TOLD_EVERY == 0:
                tell(number)
            before = len(self.found.errors)
            case = self._case(row)
            if case is not None and len(self.found.errors) == before:
                self.found.cases.append(case)

    # --- One row ---------------------------------------------------------------------------------
    def _case(self, row: Row) -> Case | None:
        external = self._text(row, "external", required=True)
        if external in self._known:
            self.found.known += 1
            return None
        if external and external in self._lines:
            self.wrong(
                row,
                "external",
                _("Nummeret står også på linje %(line)d. Ta bort den ene.") % {"line": self._lines[external]},
            )
        self._lines.setdefault(external, row.line)
        texts = {name: self._text(row, name, required=name == "description") for name in _TEXTS}
        self._guard(row, texts)
        deviation = Deviation(
            municipality=self.municipality, title=texts["title"], description=texts["description"], place=texts["place"],
            immediate_action=texts["immediate"], kind=self._kind(row), anonymity="hidden", changed_at=self.now,
        )  # fmt: skip
        self._place(row, deviation)
        self._date(row, deviation, texts["outcome"])
        severity = self._severity(row)
        if deviation.kind not in UNHURT:
            deviation.severity = severity if deviation.status == Status.CLOSED else None
            deviation.reported_severity = severity
        case = Case(row.line, external, deviation, self._cause(row))
        self._hand_over(row, case)
        return case

    def _text(self, row: Row, key: str, *, required: bool = False) -> str:
        text = self.text(row, key, required=required).strip()
        if text.startswith(("=", "'=")):
            self.wrong(row, key, _("Cellen er en formel. Lim inn verdien i stedet for formelen."))
        elif len(text) > _LIMITS[key]:
            self.wrong(
                row,
                key,
                _("Teksten har %(length)d tegn. Kort den ned til høyst %(most)d.")
                % {"length": len(text), "most": _LIMITS[key]},
            )
        return text

    def _guard(self, row: Row, texts: Mapping[str, str]) -> None:
        """Refuse identity numbers; count phone numbers, which may well belong there."""
        for name, text in texts.items():
            if not any(character.isdigit() for character in text):
                continue
            kinds = {finding.kind for finding in guarding.find(text)}
            if guarding.Kind.IDENTITY in kinds:
                self.wrong(row, name, _("Teksten har et fødselsnummer. Ta det bort fra fila."))
            if guarding.Kind.PHONE in kinds and row.line not in self.found.phones:
                self.found.phones.append(row.line)

    def _place(self, row: Row, deviation: Deviation) -> None:
        unit = self._one(row, "unit", self._units)
        type_ = self._one(row, "type", self._types)
        if unit is not None:
            deviation.unit = unit
        if type_ is not None and type_.refers_to:
            self.wrong(
                row,
                "type",
                _("«%(type)s» følges opp i en annen kanal og lagres ikke her. Ta linjen ut av fila.")
                % {"type": type_},
            )
        category = self._category(row)
        place_in_catalogue(deviation, type_=type_, category=category)
        if type_ is None and not category and not self.text(row, "type"):
            self.wrong(row, "type", _("Linjen har verken type eller kategori. Fyll ut den ene."))

    def _one(self, row: Row, key: str, known: Mapping[str, Any]) -> Any:
        typed = self.text(row, key, required=key == "unit").strip()
        if not typed:
            return None
        found = known.get(plain(typed))
        if found is None:
            self.found.unknown[key][typed] += 1
            told = {
                "unit": _(
                    "Kommunen har ingen enhet som heter «%(typed)s». Velg hvilken den svarer til, nederst på siden."
                ),
                "type": _(
                    "Katalogen har ingen type som heter «%(typed)s». Velg hvilken den svarer til, nederst på siden."
                ),
            }[key]
            self.wrong(row, key, told % {"typed": typed})
        return found

    def _category(self, row: Row) -> str:
        return str(self._choice(row, "category", Category) or "")

    def _kind(self, row: Row) -> str:
        return str(self._choice(row, "kind", Kind) or Kind.DEVIATION)

    def _choice(self, row: Row, key: str, choices: Any) -> str | None:
        typed = self.text(row, key).strip()
        known = {plain(str(label)): value for value, label in choices.choices} | {
            value: value for value in choices.values
        }
        if typed and plain(typed) not in known:
            labels = ", ".join(str(label) for label in choices.labels)
            self.wrong(
                row,
                key,
                _("«%(typed)s» er ukjent. Skriv en av disse: %(known)s.") % {"typed": typed, "known": labels},
            )
        return known.get(plain(typed))

    def _severity(self, row: Row) -> int | None:
        typed = self.text(row, "severity").strip()
        if typed and plain(typed) not in _SEVERITIES:
            labels = ", ".join(str(label).lower() for label in Severity.labels)
            self.wrong(
                row,
                "severity",
                _("«%(typed)s» er ukjent. Skriv 1–4 eller en av disse: %(known)s.")
                % {"typed": typed, "known": labels},
            )
        return _SEVERITIES.get(plain(typed))

    def _cause(self, row: Row) -> Cause | None:
        typed = self.text(row, "cause").strip()
        if typed and plain(typed) not in self._causes:
            self.wrong(
                row,
                "cause",
                _(
                    "Katalogen har ingen årsak som heter «%(typed)s». Bruk en som står der, eller la cellen stå tom."
                )
                % {"typed": typed},
            )
        return self._causes.get(plain(typed))

    # --- When, and in whose hands ------------------------------------------------------------------
    def _date(self, row: Row, deviation: Deviation, outcome: str) -> None:
        reported = self._moment(row, "reported", required=True)
        discovered = self._moment(row, "discovered")
        closed = self._moment(row, "closed")
        if reported is None:
            return
        deviation.created_at = deviation.reported_at = deviation.status_since = reported
        deviation.discovered_at = min(discovered or reported, reported)
        if discovered and timezone.localdate(discovered) > timezone.localdate(reported):
            self.wrong(row, "discovered", _("Dagen er etter at saken ble meldt. Rett den ene."))
        deviation.status = self._status(row, closed is not None)
        if deviation.status == Status.CLOSED:
            self._close(row, deviation, closed, outcome)

    def _close(self, row: Row, deviation: Deviation, closed: datetime | None, outcome: str) -> None:
        assert deviation.reported_at is not None
        if closed and timezone.localdate(closed) < timezone.localdate(deviation.reported_at):
            self.wrong(row, "closed", _("Saken er lukket før den ble meldt. Rett den ene datoen."))
        deviation.closed_at = deviation.status_since = max(
            closed or deviation.reported_at, deviation.reported_at
        )
        deviation.changed_at = deviation.closed_at
        deviation.closing_note = outcome or str(_NO_OUTCOME) % {"system": self.system}

    def _status(self, row: Row, has_end: bool) -> str:
        typed = plain(self.text(row, "status").strip())
        if typed and typed not in _CLOSED | _OPEN:
            self.wrong(
                row,
                "status",
                _("«%(typed)s» er ukjent. Skriv lukket eller åpen.") % {"typed": self.text(row, "status")},
            )
        if typed in _OPEN and has_end:
            self.wrong(row, "status", _("Saken er åpen, men har en dato for lukking. Rett den ene."))
        return Status.REPORTED if typed in _OPEN else Status.CLOSED

    def _moment(self, row: Row, key: str, *, required: bool = False) -> datetime | None:
        day = self.day(row, key, required=required)
        if day is None:
            return None
        value = row.values.get(key)
        clock = value.time() if isinstance(value, datetime) else _NOON
        moment = timezone.make_aware(datetime.combine(day, clock))
        if day > timezone.localdate(self.now):
            self.wrong(row, key, _("Dagen er ikke kommet ennå. Sjekk årstallet."))
        return min(moment, self.now)

    def _hand_over(self, row: Row, case: Case) -> None:
        """Find the receiver of what is open, and of what only receivers and named roles may see."""
        deviation = case.row
        if deviation.unit_id is None or not (deviation.is_open or deviation.is_confidential):
            return
        key = (deviation.unit_id, deviation.type_id, deviation.category)
        if key not in self._routes:
            self._routes[key] = route(deviation, day=timezone.localdate(self.now), roster=self._roster)
        case.route = self._routes[key]
        if case.route is None:
            self.wrong(
                row,
                "unit",
                _(
                    "Ingen leder kan ta imot saken. Gi noen rollen leder på enheten eller over, og prøv igjen."
                ),
            )
        else:
            deviation.responsible = case.route.person


def _by_words(rows: Any, key: str, values: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """Return rows by code, by name where only one has it, and by what somebody said the word means."""
    rows = list(rows)
    names = Counter(plain(row.name) for row in rows)
    found = {plain(row.name): row for row in rows if names[plain(row.name)] == 1}
    found |= {plain(row.code): row for row in rows if row.code}
    by_code = {row.code: row for row in rows}
    said = values.get(key, {})
    return found | {plain(word): by_code[code] for word, code in said.items() if code in by_code}
