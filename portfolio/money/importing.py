"""What accounting says, from a file: tried first, told line by line, and then written in whole or not at all.

A line is found again by project, year and source, so that the same file read twice changes nothing.  The
budget and the forecast of a line stay as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.formats import kroner, number
from core.spreadsheets import Column
from organization.importing import Change
from organization.importing import Kind as FileKind
from organization.importing.plans import CHANGED, NEW, SAME, Importer, differences
from portfolio import policies
from portfolio.models import BudgetLine, Project, Source
from portfolio.models.money import FIRST_YEAR, LAST_YEAR
from portfolio.money.operations import put_actuals

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from core.spreadsheets import Row

MOST = 5000
MOST_MONEY = 10**12
_OPTIONAL, _REQUIRED = "committed", "spent"


@dataclass(frozen=True, slots=True)
class _Line:
    """What the file has about one source of one year; an amount that is not there is left as it is."""

    row: Row
    project: Project
    year: int
    source: str
    amounts: dict[str, Decimal]

    @property
    def key(self) -> tuple[int, int, str]:
        return self.project.pk, self.year, self.source


class AccountsImporter(Importer):
    """Writes what is spent and committed on the projects that the actor accounts for."""

    def read(self, rows: list[Row]) -> None:
        self.lines: list[_Line] = []
        self.seen: dict[tuple[int, int, str], int] = {}
        if len(rows) > MOST:
            problem = _("Filen har mer enn %(most)s linjer. Del den opp.") % {"most": number(MOST)}
            self.wrong(rows[MOST], "project", problem)
            return
        self.projects = self._own_projects()
        self.sources = _sources()
        self.lines = [line for row in rows if (line := self._line(row)) is not None]
        self.standing = self._standing()
        self.plan.changes += [self._change(line) for line in self.lines]

    def write(self, *, now: datetime) -> None:
        list(Project.objects.select_for_update().filter(pk__in=self._ids()).order_by("pk").values_list("pk"))
        self.standing = self._standing()
        for line in self.lines:
            put_actuals(
                line.project, self.standing.get(line.key), year=line.year, source=line.source, amounts=line.amounts, now=now
            )  # fmt: skip

    # --- What stands in the file ---------------------------------------------------------------------
    def _own_projects(self) -> dict[str, list[Project]]:
        """Return the projects that the actor accounts for, by number and by name: more than one when named alike."""
        rows = Project.objects.visible_to(self.actor).filter(municipality=self.municipality)
        found: dict[str, list[Project]] = {}
        for row in rows.select_related("initiative").only(
            "name", "owner", "manager", "municipality", "initiative__number"
        ):
            if policies.may_account(self.actor, row):
                for name in {_key(row.initiative.number), _key(row.name)}:
                    found.setdefault(name, []).append(row)
        return found

    def _project(self, row: Row) -> Project | None:
        """Return the one that the line is about; where there is none, or several, that is told."""
        name = self.text(row, "project", required=True)
        if not name:
            return None
        found = self.projects.get(_key(name), [])
        if len(found) == 1:
            return found[0]
        told = _("Flere prosjekter heter «%(name)s». Skriv nummeret i stedet.")
        if not found:
            told = _(
                "Du fører ikke økonomien i noe prosjekt med nummer eller navn «%(name)s». Sjekk stavemåten."
            )
        self.wrong(row, "project", told % {"name": name})
        return None

    def _year(self, row: Row) -> int | None:
        value = self.number(row, "year", required=True, decimals=0)
        if value is None:
            return None
        if value != value.to_integral_value() or not FIRST_YEAR <= value <= LAST_YEAR:
            self.wrong(row, "year", _("Skriv et årstall mellom 2000 og 2100."))
            return None
        return int(value)

    def _source(self, row: Row) -> str | None:
        text = self.text(row, "source", required=True)
        source = self.sources.get(_key(text))
        if text and source is None:
            told = _("«%(text)s» er ingen finansiering her. Skriv en av disse: %(known)s.")
            self.wrong(
                row,
                "source",
                told % {"text": text, "known": ", ".join(str(label) for label in Source.labels)},
            )
        return source

    def _amounts(self, row: Row) -> dict[str, Decimal]:
        found = {}
        for name in (_REQUIRED, _OPTIONAL):
            value = self.number(row, name, required=name == _REQUIRED, decimals=2)
            if value is None:
                continue
            if value < 0:
                self.wrong(row, name, _("Beløpet kan ikke være negativt."))
            elif value >= MOST_MONEY:
                self.wrong(row, name, _("Beløpet er for stort. Skriv det i kroner."))
            found[name] = value
        return found

    def _line(self, row: Row) -> _Line | None:
        """Return the line when all of it can be used; everything that is wrong with it is told."""
        before = len(self.plan.errors)
        project, year, source, amounts = (
            self._project(row),
            self._year(row),
            self._source(row),
            self._amounts(row),
        )
        if project is None or year is None or source is None or len(self.plan.errors) > before:
            return None
        line = _Line(row, project, year, source, amounts)
        twin = self.seen.setdefault(line.key, row.line)
        if twin == row.line:
            return line
        told = _("Samme prosjekt, år og finansiering står på linje %(line)d. Slå dem sammen.")
        self.wrong(row, "source", told % {"line": twin})
        return None

    # --- What it would do ----------------------------------------------------------------------------
    def _ids(self) -> list[int]:
        return sorted({line.project.pk for line in self.lines})

    def _standing(self) -> dict[tuple[int, int, str], BudgetLine]:
        rows = BudgetLine.objects.filter(project__in=self._ids())
        return {(row.project_id, row.year, row.source): row for row in rows}

    def _change(self, line: _Line) -> Change:
        row = self.standing.get(line.key)
        told = differences(row, line.amounts) if row else (kroner(line.amounts[_REQUIRED]),)
        what = NEW if row is None else CHANGED if told else SAME
        label = f"{line.project.name}: {line.year}, {Source(line.source).label}"
        return Change(line.row.line, what, label, told)


def _sources() -> dict[str, str]:
    """Return the code of each source, by its code and by its label."""
    return {_key(name): value for value, label in Source.choices for name in (value, str(label))}


def _key(text: Any) -> str:
    return " ".join(str(text).split()).casefold()


ACCOUNTS = FileKind(
    "accounts", gettext_lazy("Regnskap for prosjekter"),
    gettext_lazy("En linje per prosjekt, år og finansiering, med det som er påløpt og bundet så langt i året."),
    (
        Column("project", gettext_lazy("Prosjekt"), (gettext_lazy("Prosjektnummer"), gettext_lazy("Prosjektnavn"))),
        Column("year", gettext_lazy("År"), (gettext_lazy("Regnskapsår"),)),
        Column("source", gettext_lazy("Finansiering"), (gettext_lazy("Kilde"),)),
        Column("spent", gettext_lazy("Påløpt"), (gettext_lazy("Regnskap"), gettext_lazy("Brukt"))),
        Column("committed", gettext_lazy("Bundet"), (gettext_lazy("Bestilt"),), required=False),
    ),
    (("2026-014", "2026", "Vedtatt bevilgning", "1 061 000", "86 000"),),
    AccountsImporter, "import_accounts",
)  # fmt: skip
