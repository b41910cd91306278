"""How gate papers are shown: the sections of one, live or frozen, and the card on the page of a project."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from benefits.models import Benefit
from core.formats import moment
from portfolio import policies
from portfolio.checklist.presentation import TONES as ANSWER_TONES
from portfolio.checklist.state import next_of
from portfolio.gatepaper.facts import open_required
from portfolio.gatepaper.rules import is_for_council, paper_at
from portfolio.models import Answer, Area, Health, PaperStatus, RiskKind, Source
from portfolio.models.gatepaper import PAPER_TONES
from portfolio.models.money import AMOUNTS
from portfolio.models.status import HEALTH_TONES
from portfolio.reporting.presentation import Section
from portfolio.reporting.tables import Table, count, day, money, tag, words, year

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

    from organization.actors import PersonActor
    from portfolio.gatepaper.facts import Facts
    from portfolio.models import GatePaper, Project


# --- The facts of a paper ------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Shown:
    """The facts as sections; ``as_of`` tells when they were read."""

    sections: list[Section]
    as_of: str
    is_empty: bool = False


def shown(facts: Facts) -> Shown:
    """Return the facts of a paper in words."""
    sections = [_checklist(facts), _status(facts), _money(facts), _risks(facts), _benefits(facts)]
    return Shown(sections, moment(datetime.fromisoformat(facts["as_of"])))


def _checklist(facts: Facts) -> Section:
    rows = [
        [words(one["text"]), tag(Answer(one["answer"]).label, ANSWER_TONES[Answer(one["answer"])]), words(one["comment"])]
        for one in facts["checklist"]
    ]  # fmt: skip
    table = Table(
        key="sjekkliste", caption=_("Svar i sjekklisten"), headings=[_("Punkt"), _("Svar"), _("Kommentar")], rows=rows,
        empty=_("Sjekklisten har ingen punkter her."),
    )  # fmt: skip
    return Section(key="sjekkliste", title=_("Sjekkliste"), lead=open_required(facts), tables=[table])


def _status(facts: Facts) -> Section:
    report = facts["status"]
    rows = [] if report is None else [_area(report, area) for area in Area]
    table = Table(
        key="status", caption=_("Siste statusrapport"), headings=[_("Område"), _("Status"), _("Forklaring")], rows=rows,
        empty=_("Det er ikke publisert noen statusrapport ennå."),
    )  # fmt: skip
    if report is None:
        return Section(key="status", title=_("Status"), tables=[table])
    numbers = [
        (_("Status per"), day(report["day"])),
        (_("Planlagt slutt"), day(report["ends_on"])),
        (_("Ventet slutt"), day(report["forecast_ends_on"])),
    ]
    return Section(key="status", title=_("Status"), numbers=numbers, prose=report["summary"], tables=[table])


def _area(report: dict[str, Any], area: Area) -> list[Any]:
    value = Health(report[area])
    return [words(area.label), tag(value.label, HEALTH_TONES[value]), words(report[f"{area}_text"])]


def _money(facts: Facts) -> Section:
    rows = [
        [year(one["year"]), words(Source(one["source"]).label), *(money(one[name]) for name in AMOUNTS)]
        for one in facts["money"]
    ]
    table = Table(
        key="penger", caption=_("Penger per år og finansiering"), rows=rows, empty=_("Det er ingen budsjettlinjer."),
        headings=[_("År"), _("Finansiering"), _("Budsjett"), _("Bundet"), _("Påløpt"), _("Prognose")],
    )  # fmt: skip
    return Section(key="penger", title=_("Økonomi"), tables=[table])


def _risks(facts: Facts) -> Section:
    rows = [
        [words(one["title"], note=str(RiskKind(one["kind"]).label)), count(one["score"]), words(one["measure"]), day(one["due_on"])]
        for one in facts["risks"]
    ]  # fmt: skip
    table = Table(
        key="risiko", caption=_("Åpne risikoer og muligheter, de største først"), rows=rows, empty=_("Ingen er åpne i registeret."),
        headings=[_("Hva kan skje"), _("Størrelse av 25"), _("Hva vi gjør"), _("Frist")],
    )  # fmt: skip
    return Section(key="risiko", title=_("Risiko og muligheter"), tables=[table])


def _benefits(facts: Facts) -> Section:
    rows = [
        [words(one["title"]), words(Benefit.Status(one["status"]).label), money(one["kroner_per_year"]), count(one["hours_per_year"])]
        for one in facts["benefits"]
    ]  # fmt: skip
    table = Table(
        key="gevinster", caption=_("Gevinster i planen"), rows=rows, empty=_("Det er ingen gevinster i planen."),
        headings=[_("Gevinst"), _("Status"), _("Kroner per år"), _("Timer per år")],
    )  # fmt: skip
    return Section(key="gevinster", title=_("Gevinster"), tables=[table])


# --- The card of a project -----------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Panel:
    """The next decision point: who decides it, and how far its paper has come."""

    name: str
    who: str
    state: StrOrPromise
    tone: str
    url: str
    may_write: bool


def panel_of(project: Project, actor: PersonActor) -> Panel | None:
    """Return the card of a project that was loaded with its papers (``with_papers``): no query of its own."""
    if not (project.is_running and project.is_project):
        return None
    point = next_of(project)
    paper = paper_at(project, point)
    who = (
        _("Rådet avgjør.")
        if is_for_council(project, point)
        else _("Prosjekteier eller porteføljeforvalter avgjør.")
    )
    state, tone = (
        ("", "") if paper is None else (PaperStatus(paper["status"]).label, PAPER_TONES[paper["status"]])
    )
    return Panel(
        point.upper(), who, state, tone, reverse("portfolio:gate_paper_list", args=[project.pk]),
        policies.may_report(actor, project) and (paper is None or paper["status"] != PaperStatus.SENT),
    )  # fmt: skip


def deciders(paper: GatePaper) -> str:
    """Say who decides a paper, or decided it."""
    if not paper.for_council:
        return _("Prosjekteier eller porteføljeforvalter")
    return _("Digitaliseringsrådet")
