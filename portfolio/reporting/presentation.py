"""A report in words: its sections, each with tables that page, Excel and PDF share."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.formats import kroner, number, short_date
from governance.models import Decision, Outcome, Status
from governance.models.status import TONES as CASE_TONES
from portfolio.models import Area, DecisionPoint, Health, Phase, ProjectKind, ProjectStatus, Trend
from portfolio.models.status import HEALTH_TONES
from portfolio.reporting.capacity import number_over, tables_of
from portfolio.reporting.sections import LISTED, NAMED, SHOWN
from portfolio.reporting.tables import Cell, Lines, Table, count, day, day_of, money, tag, words, year

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from portfolio.reporting.figures import Figures
    from portfolio.reporting.sections import Rows

NEXT_POINT = {
    Phase.CONCEPT: DecisionPoint.BP2, Phase.PLANNING: DecisionPoint.BP3, Phase.EXECUTION: DecisionPoint.BP4,
    Phase.CLOSING: DecisionPoint.BP5, Phase.REALIZING: DecisionPoint.BP6,
}  # fmt: skip
"""The decision point that a project in each phase stands before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the report.  ``numbers`` are label and value, ``prose`` what somebody has written."""

    key: str
    title: str
    lead: str = ""
    numbers: list[tuple[str, Cell]] = field(default_factory=list)
    prose: str = ""
    tables: list[Table] = field(default_factory=list)


def sections_of(figures: Figures, *, day: date, summary: str = "", advice: str = "") -> list[Section]:
    """Return the sections of a report as of a day."""
    return [
        _summary(figures, day, summary),
        _overview(figures["projects"]),
        _money(figures["money"]),
        *_capacity(figures),
        _benefits(figures["benefits"]),
        *_operations(figures),
        _risks(figures["risks"]),
        _intake(figures),
        _decisions(figures["decisions"]),
        _deviations(figures["projects"], day, advice),
        _coverage(figures),
    ]


def is_empty(figures: Figures) -> bool:
    """Tell whether there was no project at all."""
    return not any(figures.get(name) for name in ("waiting", "projects", "operations"))


def number_of(rows: Rows) -> int:
    """Return how many there are, of which the rows may be the first."""
    return counted_of(rows, "number_of")


def counted_of(rows: Rows, name: str) -> int:
    """Return a number of all that there are, which stands in each of the rows."""
    return int(rows[0].get(name) or 0) if rows else 0


def _title(row: dict[str, Any], *, note: str = "") -> Cell:
    """Return the title as a link, to the project where there is one."""
    if row.get("project"):
        url = reverse("portfolio:project_detail", args=[row["project"]])
    else:
        url = (
            reverse("governance:initiative_detail", args=[row["initiative"]]) if row.get("initiative") else ""
        )
    notes = [note, _("Skjermet") if row.get("is_shielded") else ""]
    return words(row["title"], url=url, note=", ".join(filter(None, notes)))


def _rest(rows: Rows, limit: int) -> str:
    found = number_of(rows)
    if found <= limit:
        return ""
    return _("Viser %(shown)s av %(all)s.") % {"shown": number(limit), "all": number(found)}


# --- Summary and decision points -----------------------------------------------------------------
def _summary(figures: Figures, day: date, summary: str) -> Section:
    standing = _by_status(figures["waiting"])
    late, needy = (counted_of(figures["projects"], name) for name in ("number_late", "number_needy"))
    new, behind = (counted_of(figures["decisions"], name) for name in ("number_new", "number_late"))
    numbers = [
        (_("I gang"), count(standing[ProjectStatus.ACTIVE])), (_("På vent"), count(standing[ProjectStatus.PAUSED])),
        (_("Forbi sluttdato"), count(late)), (_("Trenger hjelp på minst ett område"), count(needy)),
        (_("Nye innmeldinger"), count(number_of(figures["submitted"]))), (_("Vedtak i perioden"), count(new)),
        (_("Vedtak som venter på oppfølging"), count(behind)), *_this_year(figures["money"], day),
    ]  # fmt: skip
    return Section(
        key="sammendrag", title=_("Sammendrag og beslutningspunkter"), numbers=numbers, prose=summary, tables=[_points(figures)]
    )  # fmt: skip


def _kind_of(row: dict[str, Any]) -> str:
    """Return the kind; what was frozen before there were kinds, was projects."""
    return str(row.get("kind", ProjectKind.PROJECT))


def _by_status(waiting: Rows) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for row in waiting:
        if row["nth"] == 1:
            found[row["status"]] += row["number_of"]
    return found


def _this_year(rows: Rows, day: date) -> list[tuple[str, Cell]]:
    labels = {"budget": _("Budsjett for %(year)s"), "forecast": _("Prognose for %(year)s")}
    return [
        (label % {"year": row["year"]}, money(row[name]))
        for row in rows
        if row["year"] == day.year
        for name, label in labels.items()
    ]


def _points(figures: Figures) -> Table:
    """Return who stands before which decision point; what is paused stands still."""
    before: dict[str, Rows] = {DecisionPoint.BP1: figures["adopted"][:NAMED]}
    for row in figures["waiting"]:
        if row["status"] == ProjectStatus.ACTIVE and _kind_of(row) == ProjectKind.PROJECT:
            before.setdefault(NEXT_POINT[Phase(row["phase"])], []).append(row)
    rows = [
        [words(DecisionPoint(point).label), count(number_of(found)), words(_names(found))]
        for point, found in before.items()
        if found
    ]
    return Table(
        key="beslutningspunkter", caption=_("Hvem står foran hvilket beslutningspunkt"), rows=rows,
        headings=[_("Beslutningspunkt"), _("Antall"), _("Hvem, nærmest sluttdato først")], empty=_("Ingen står foran et beslutningspunkt."),
    )  # fmt: skip


def _names(rows: Rows) -> str:
    names = ", ".join(row["title"] for row in rows)
    left = number_of(rows) - len(rows)
    return names if left <= 0 else _("%(names)s og %(left)s til") % {"names": names, "left": number(left)}


# --- Overview ------------------------------------------------------------------------------------
def _overview(projects: Rows) -> Section:
    tables = _standing("", projects, _("Fase og status på seks områder"), _("Penger og sluttdato"))
    lead = _(
        "Prosjekter og endringer i linjen, i gang, på vent og avsluttet i perioden. Status er den siste som var publisert da; uten rapport står en strek."
    )
    return Section(key="oversikt", title=_("Alle prosjekter"), lead=lead, tables=tables)


def _standing(prefix: str, projects: Rows, status_caption: str, plan_caption: str) -> list[Table]:
    """Return how each stands and what it costs, in two tables."""
    status = Table(
        key=f"{prefix}status", caption=status_caption, note=_rest(projects, SHOWN),
        headings=[_("Prosjekt"), _("Fase"), *(area.label for area in Area)],
        rows=Lines(projects, _status_line),
        empty=_("Ingen prosjekter."),
    )  # fmt: skip
    plan = Table(
        key=f"{prefix}plan", caption=plan_caption,
        headings=[_("Prosjekt"), _("Budsjett"), _("Påløpt"), _("Prognose"), _("Planlagt slutt"), _("Ventet slutt"), _("Status per")],
        rows=Lines(projects, _plan_line),
    )  # fmt: skip
    return [status, plan] if projects else [status]


def _status_line(row: dict[str, Any]) -> list[Cell]:
    return [_title(row, note=_place(row)), _phase(row), *(_health(row, area) for area in Area)]


def _plan_line(row: dict[str, Any]) -> list[Cell]:
    return [
        _title(row), money(row["budget"]), money(row["spent"]), money(row["forecast"]), day(row["ends_on"]),
        day(row["forecast_ends_on"]), day(row["reported_on"]),
    ]  # fmt: skip


def _place(row: dict[str, Any]) -> str:
    """Return the unit, and what it is where that is no project."""
    unit = row["unit"] or ""
    if _kind_of(row) != ProjectKind.LINE_CHANGE:
        return unit
    return ", ".join(filter(None, (unit, str(ProjectKind.LINE_CHANGE.label))))


def _phase(row: dict[str, Any]) -> Cell:
    """Return the phase, and the status where it says more."""
    is_active = row["status"] == ProjectStatus.ACTIVE
    return words(Phase(row["phase"]).label, note="" if is_active else str(ProjectStatus(row["status"]).label))


def _health(row: dict[str, Any], area: Area) -> Cell:
    value, trend = row[area.value], row[f"{area.value}_trend"]
    if value is None:
        return words("")
    note = "" if trend in {None, Trend.FIRST} else str(Trend(trend).label)
    return tag(Health(value).label, HEALTH_TONES[value], note=note)


# --- Money and benefits --------------------------------------------------------------------------
def _money(rows: Rows) -> Section:
    lead = _(
        "Alle prosjekter og endringer i linjen i området, også avsluttede. Skjermede prosjekter er ikke med i beløpene."
    )
    table = _years("okonomi", rows, _("Penger mot budsjett, år for år"))
    return Section(key="okonomi", title=_("Økonomi mot ramme"), lead=lead, tables=[table])


def _years(key: str, rows: Rows, caption: str) -> Table:
    lines = [
        [
            year(row["year"]), money(row["budget"]), money(row["committed"]), money(row["spent"]), money(row["forecast"]),
            money(Decimal(row["forecast"]) - Decimal(row["budget"])),
        ]
        for row in rows
    ]  # fmt: skip
    return Table(
        key=key, caption=caption, rows=lines, empty=_("Ingen beløp er ført."),
        headings=[_("År"), _("Budsjett"), _("Bundet"), _("Påløpt"), _("Prognose"), _("Prognose minus budsjett")],
    )  # fmt: skip


def _capacity(figures: Figures) -> list[Section]:
    """Return the section of roles; what was frozen before there were roles has none."""
    if "capacity" not in figures:
        return []
    rows = figures["capacity"]
    lead = _(
        "Kommunens ressursroller i seks måneder fra dagen. Alle tall er årsverk: 1 er en hel stilling. Skjermede prosjekter er ikke med."
    )
    over = [(_("Roller over 100 %"), count(number_over(rows)))] if rows else []
    return [
        Section(
            key="kapasitet", title=_("Kapasitet per rolle"), lead=lead, numbers=over, tables=tables_of(rows)
        )
    ]


def _benefits(rows: Rows) -> Section:
    plans, *years = rows
    numbers = _in_plans(plans)
    lines = [
        [
            year(row["year"]), count(row["points"]), count(row["due"]), count(row["made"]), count(row["verified"]),
            count(row["due"] - row["made"]),
        ]
        for row in years
    ]  # fmt: skip
    table = Table(
        key="gevinster", caption=_("Målinger etter året de skal gjøres"), rows=lines, empty=_("Ingen målinger er planlagt."),
        headings=[_("År"), _("Planlagt"), _("Forfalt"), _("Målt"), _("Bekreftet"), _("Mangler")],
    )  # fmt: skip
    lead = _(
        "Planene til prosjektene, slik de sto. Kroner og timer legges ikke sammen. Skjermede prosjekter er ikke med."
    )
    return Section(key="gevinster", title=_("Gevinster"), lead=lead, numbers=numbers, tables=[table])


def _in_plans(plans: dict[str, Any]) -> list[tuple[str, Cell]]:
    return [
        (_("Gevinster i planene"), count(plans["benefits"])),
        (_("Ventet per år i kroner"), money(plans["kroner"])),
        (_("Ventet per år i timer"), count(plans["hours"])),
        (_("Realisert, helt eller delvis"), count(plans["realized"])),
    ]


# --- Operations ----------------------------------------------------------------------------------
def _operations(figures: Figures) -> list[Section]:
    """Return the section of operations; what was frozen before they were kept apart has none."""
    if "operations" not in figures:
        return []
    rows = figures["operations"]
    tables = _standing("drift-", rows, _("Drift: fase og status"), _("Drift: penger og sluttdato"))
    if rows:
        tables.append(_years("drift-okonomi", figures["operations_money"], _("Drift: penger år for år")))
    lead = _("Drift og forvaltning telles for seg. Ikke noe her er med i tallene for prosjektene.")
    return [
        Section(
            key="drift", title=_("Drift og forvaltning"), lead=lead, tables=tables,
            numbers=_in_plans(figures["operations_benefits"][0]) if rows else [],
        )
    ]  # fmt: skip


# --- Risks ---------------------------------------------------------------------------------------
def _risks(rows: Rows) -> Section:
    table = Table(
        key="risiko", caption=_("De ti største risikoene"), empty=_("Ingen åpne risikoer er ført."),
        headings=[_("Hva kan skje"), _("Prosjekt"), _("Sannsynlighet"), _("Konsekvens"), _("Risiko"), _("Etter tiltak"), _("Hva vi gjør"), _("Frist")],
        rows=[
            [
                words(row["what"]), _title(row), count(row["probability"]), count(row["impact"]), count(row["score"]),
                count(row["score_after"]), words(row["measure"]), day(row["due_on"]),
            ]
            for row in rows
        ],
    )  # fmt: skip
    lead = _(
        "Sannsynlighet ganger konsekvens, hver fra 1 til 5, i prosjekter, linje og drift. Skjermede prosjekter er ikke med."
    )
    return Section(key="risiko", title=_("Største risikoer"), lead=lead, tables=[table])


# --- Intake and decisions ------------------------------------------------------------------------
def _intake(figures: Figures) -> Section:
    parts = (
        ("submitted", "nye", _("Nye innmeldinger i perioden"), _("Ingen meldte inn tiltak."), _("Meldt inn"), "submitted_on"),
        ("queue", "ko", _("I kø"), _("Ingen tiltak sto i kø."), _("I kø fra"), "status_since"),
        ("ended", "avslag", _("Avslått, trukket eller henvist videre i perioden"), _("Ingen saker endte slik."), _("Fra"), "status_since"),
    )  # fmt: skip
    tables = [
        Table(
            key=key, caption=caption, empty=empty, note=_rest(figures[name], LISTED),
            headings=[_("Tiltak"), _("Nummer"), _("Enhet"), heading, _("Sto som")],
            rows=[
                [_title(row), words(row["number"]), words(row["unit"]), day(row[column]), _case_status(row["status"])]
                for row in figures[name]
            ],
        )
        for name, key, caption, empty, heading, column in parts
    ]  # fmt: skip
    return Section(key="innmeldinger", title=_("Innmeldinger, kø og avslag"), tables=tables)


def _case_status(status: str | None) -> Cell:
    return words("") if status is None else tag(Status(status).label, CASE_TONES.get(status, "info"))


def _decisions(rows: Rows) -> Section:
    def follow_up(row: dict[str, Any]) -> Cell:
        if row["is_late"]:
            return tag(_("Fristen er ute"), "warning")
        return words(_("Ingen frist") if row["due_on"] is None else _("Innen fristen eller fulgt opp"))

    table = Table(
        key="vedtak", caption=_("Vedtak siden sist, og eldre som venter på oppfølging"), note=_rest(rows, LISTED),
        empty=_("Ingen vedtak i perioden."),
        headings=[_("Sak"), _("Vedtak nr."), _("Dato"), _("Organ"), _("Utfall"), _("Frist"), _("Oppfølging"), _("Tiltaket sto som")],
        rows=[
            [
                _title(row), words(row["decision"]), day(row["decided_on"]), words(Decision.Body(row["body"]).label),
                words(Outcome(row["outcome"]).label), day(row["due_on"]), follow_up(row), _case_status(row["status"]),
            ]
            for row in rows
        ],
    )  # fmt: skip
    return Section(key="vedtak", title=_("Vedtak og oppfølging"), tables=[table])


# --- Deviations and coverage ---------------------------------------------------------------------
def _deviations(projects: Rows, day: date, advice: str) -> Section:
    told = [(row, off) for row in projects if (off := _off_plan(row, day))]
    table = Table(
        key="avvik", caption=_("Prosjekter utenfor plan"), headings=[_("Prosjekt"), _("Hva som avviker")],
        rows=Lines(told, lambda line: [_title(line[0]), words(". ".join(said() for said in line[1]))]),
        empty=_("Ingen prosjekter avviker fra planen."),
    )  # fmt: skip
    return Section(key="avvik", title=_("Avvik og anbefalinger"), prose=advice, tables=[table])


def _off_plan(row: dict[str, Any], today: date) -> list[Callable[[], str]]:
    """Return how the project is off its plan, to be put in words where it is shown."""
    told: list[Callable[[], str]] = []
    ends_on, expected = day_of(row["ends_on"]), day_of(row["forecast_ends_on"])
    is_going = row["status"] == ProjectStatus.ACTIVE and row["phase"] != Phase.REALIZING
    if is_going and ends_on and ends_on < today:
        told.append(partial(_passed, ends_on))
    if ends_on and expected and expected > ends_on:
        told.append(partial(_delayed, (expected - ends_on).days))
    if row["budget"] is not None and (over := Decimal(row["forecast"]) - Decimal(row["budget"])) > 0:
        told.append(partial(_over_budget, over))
    if bad := [area for area in Area if row[area.value] == Health.BAD]:
        told.append(partial(_needy, bad))
    return told


def _passed(ends_on: date) -> str:
    return _("Sluttdatoen %(day)s er passert") % {"day": short_date(ends_on)}


def _delayed(days: int) -> str:
    words_for = ngettext("Ventet slutt %(n)s dag etter plan", "Ventet slutt %(n)s dager etter plan", days)
    return words_for % {"n": number(days)}


def _over_budget(amount: Decimal) -> str:
    return _("Prognosen er %(amount)s over budsjettet") % {"amount": kroner(amount)}


def _needy(areas: list[Area]) -> str:
    return _("Trenger hjelp: %(areas)s") % {"areas": ", ".join(str(area.label).lower() for area in areas)}


def _coverage(figures: Figures) -> Section:
    missing = {row["goal"] for row in figures["goals"] if not row["number_of"]}
    alone = [row for row in figures["goals"] if row["goal"] in missing and row["parent"] not in missing]
    goals = Table(
        key="maal", caption=_("Mål uten prosjekter"), headings=[_("Mål"), _("Nummer"), _("Gjelder")],
        rows=[[words(row["what"]), words(row["code"]), words(row["unit"])] for row in alone],
        note=_("Deler av et mål står ikke for seg når hele målet er uten prosjekter.") if alone else "",
        empty=_("Alle mål har minst ett prosjekt.") if figures["goals"] else _("Ingen vedtatte mål gjaldt da."),
    )  # fmt: skip
    unlinked = figures["unlinked"]
    projects = Table(
        key="uten-maal", caption=_("Prosjekter uten mål"), headings=[_("Prosjekt"), _("Enhet"), _("Fase")], note=_rest(unlinked, LISTED),
        rows=[[_title(row), words(row["unit"]), words(Phase(row["phase"]).label)] for row in unlinked],
        empty=_("Alle prosjekter bidrar til minst ett mål."),
    )  # fmt: skip
    return Section(key="dekning", title=_("Strategisk dekning"), tables=[goals, projects])
