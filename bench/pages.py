"""What is measured: lists, details and API lists, each as the role that has use of it.

A new app adds its lines here.  A route that does not exist yet, or answers 404, is named as
such in the report and not measured.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

INITIATIVES, DEVIATIONS, BENEFITS, PORTFOLIO = "initiatives", "deviations", "benefits", "portfolio"
"""What the sizes count, and so which report a page stands in."""
LIST, DETAIL, API_LIST, API_DETAIL = "list", "detail", "api list", "api detail"
NEXT_PAGE = "*next*"
"""The address that the first page of a list links to."""
HOT_SHARE, OTHER_SHARE = 0.40, 0.25
"""The share of the raw floor's throughput that hot and other API lists must reach."""
ROWS = 100
"""How many rows an API list is asked for, where the page does not say another number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page or endpoint.

    ``names`` says what the API calls the columns of its rows where no ``Row`` does, «» for those it does not show.
    ``role`` is held in the largest municipality; ``subject`` names the record whose id the
    address needs (``bench.subjects``); ``table`` is what an API list reads its rows from, and
    so which of its statements the raw floor runs.
    """

    key: str
    route: str
    kind: str = LIST
    role: str = "leader"
    subject: str = ""
    query: str = ""
    table: str = ""
    names: tuple[str, ...] = ()
    hot: bool = True
    area: str = INITIATIVES
    most_of_floor: float = 0
    """How many times its raw SQL the page may take; 0 where nothing is promised."""

    @property
    def is_api(self) -> bool:
        return self.kind in {API_LIST, API_DETAIL}

    @property
    def most_queries(self) -> int:
        return 6 if self.is_api else 12


def _lists() -> list[Page]:
    tiltak, meetings = "governance:initiative_list", "governance:meeting_list"
    return [
        Page(key="Start", route="core:start"),
        Page(key="Start, secretariat", route="core:start", role="secretariat"),
        Page(key="Mine oppgaver", route="core:inbox"),
        Page(key="Mine oppgaver, sector leader", route="core:inbox", role="sector_leader"),
        Page(key="Mine oppgaver, secretariat", route="core:inbox", role="secretariat"),
        Page(key="Tiltak", route=tiltak),
        Page(key="Tiltak, page 2", route=tiltak, query=NEXT_PAGE),
        Page(key="Tiltak, search", route=tiltak, query="q=vaktplan"),
        Page(key="Tiltak, search for what is not there", route=tiltak, query="q=xylofon"),
        Page(key="Tiltak, one state", route=tiltak, query="status=received"),
        Page(key="Tiltak, overdue", route=tiltak, query="forfalt=on"),
        Page(key="Tiltak, mine", route=tiltak, query="mine=on"),
        Page(key="Tiltak, one category", route=tiltak, query="kategori=procurement"),
        Page(key="Mottak", route="governance:triage_queue", role="secretariat"),
        Page(key="Møter", route=meetings),
        Page(key="Møter, secretariat", route=meetings, role="secretariat"),
        Page(key="Vedtaksprotokoll", route="governance:decision_log"),
        Page(key="Vedtaksprotokoll, search", route="governance:decision_log", query="q=vaktplan"),
        Page(key="Portefølje, board", route="portfolio:board"),
        Page(key="Portefølje, table", route="portfolio:table"),
        Page(key="Gevinster", route="benefits:benefit_list"),
        Page(key="Gevinster, service owner", route="benefits:benefit_list", role="service_owner"),
        Page(key="Arkiv", route="archive:message_list", role="archivist"),
        Page(key="Personer", route="organization:person_list"),
        Page(key="Organisasjon", route="organization:tree"),
    ]


def _details() -> list[Page]:
    tiltak = "governance:initiative_detail"
    return [
        Page(key="Et tiltak, card only", route=tiltak, kind=DETAIL, subject="initiative in preparation"),
        Page(key="Et tiltak, own", route=tiltak, kind=DETAIL, subject="own initiative"),
        Page(key="Et tiltak, adopted", route=tiltak, kind=DETAIL, subject="adopted initiative"),
        Page(key="Et tiltak, treatment", route=tiltak, kind=DETAIL, subject="adopted initiative", query="vis=behandling"),
        Page(key="Et tiltak, history", route=tiltak, kind=DETAIL, subject="adopted initiative", query="vis=historikk"),
        Page(key="Et tiltak, secretariat", route=tiltak, kind=DETAIL, role="secretariat", subject="initiative in preparation"),
        Page(key="Sak i mottak", route="governance:triage_case", kind=DETAIL, role="secretariat", subject="received initiative"),
        Page(key="Et møte", route="governance:meeting_detail", kind=DETAIL, subject="held meeting"),
        Page(key="Et møte, secretariat", route="governance:meeting_detail", kind=DETAIL, role="secretariat", subject="held meeting"),
        Page(key="Et prosjekt", route="portfolio:project_detail", kind=DETAIL, subject="project"),
        Page(key="En gevinst", route="benefits:benefit_detail", kind=DETAIL, subject="benefit"),
    ]  # fmt: skip


_OTHER_LISTS = {
    "decisions": ("decision", "governance_decision"), "meetings": ("council_meeting", "governance_meeting"),
    "status reports": ("status_report", "portfolio_statusreport"), "budget lines": ("budget_line", "portfolio_budgetline"),
    "indicators": ("indicator", "benefits_indicator"), "units": ("unit", "organization_unit"), "goals": ("goal", "organization_goal"),
}  # fmt: skip


def _api() -> list[Page]:
    tiltak: dict[str, Any] = {
        "route": "api:initiative_list",
        "kind": API_LIST,
        "table": "governance_initiative",
    }
    return [
        Page(key="API initiatives", **tiltak),
        Page(key="API initiatives, one state", query="status=received", **tiltak),
        Page(key="API initiatives, search", query="q=vaktplan", **tiltak),
        Page(key="API projects", route="api:project_list", kind=API_LIST, table="portfolio_project"),
        Page(key="API benefits", route="api:benefit_list", kind=API_LIST, table="benefits_benefit"),
        Page(key="API measurements", route="api:measurement_list", kind=API_LIST, table="benefits_measurement"),
        *(
            Page(key=f"API {what}", route=f"api:{route}_list", kind=API_LIST, table=table, hot=False)
            for what, (route, table) in _OTHER_LISTS.items()
        ),
        Page(
            key="API events", route="api:event_list", kind=API_LIST, table="organization_feedentry", query="page_size=1000",
            names=("", "type", "time", "recordedtime", "", "", "", ""), role="kommunedirektor",
        ),
        Page(key="API one initiative", route="api:initiative_detail", kind=API_DETAIL, subject="adopted initiative"),
        Page(key="API timeline", route="api:initiative_timeline", kind=API_DETAIL, subject="adopted initiative"),
    ]  # fmt: skip


def _deviations() -> list[Page]:
    avvik, hr = "deviations:deviation_list", "deviations:injury_register"
    filters = {
        "search": "q=medisinen", "search for two words": "q=vått+gulv", "search for what is not there": "q=xylofon",
        "open": "status=open", "one category": "kategori=information_security", "critical": "alvor=4", "near misses": "melding=near_miss",
        "overdue": "forfalt=on", "in my hands": "mine=on", "a year": "fra=2024-01-01&til=2024-12-31",
    }  # fmt: skip
    everyone = [
        Page(key=f"Avvik, {name}", route=avvik, query=query, area=DEVIATIONS)
        for name, query in {"all": "", "page 2": NEXT_PAGE, **filters}.items()
    ]
    others = [
        Page(key=f"Avvik, {role}", route=avvik, role=role, area=DEVIATIONS)
        for role in ("employee", "sector_leader", "kommunedirektor", "verneombud", "privacy_officer")
    ]
    searches = [
        Page(key=f"Avvik, {role}, search", route=avvik, role=role, query="q=medisinen", area=DEVIATIONS)
        for role in ("sector_leader", "kommunedirektor", "privacy_officer")
    ]
    more = {
        "Start, leader": ("core:start", "leader"), "Start, employee": ("core:start", "employee"),
        "Mine oppgaver, leader": ("core:inbox", "leader"), "Mine meldinger": ("deviations:my_reports", "employee"),
        "Meld avvik": ("deviations:report_start", "employee"), "Tiltak på avvik": ("deviations:action_list", "leader"),
        "Skaderegister": (hr, "leader"), "Skaderegister, verneombud": (hr, "verneombud"),
        "Sletting": ("deviations:forgotten_list", "archivist"),
    }  # fmt: skip
    beside = [Page(key=key, route=route, role=role, area=DEVIATIONS) for key, (route, role) in more.items()]
    return [*everyone, *others, *searches, *beside, *_figures(), *_cases(), *_deviations_of_api()]


def _figures() -> list[Page]:
    tall = "deviations:figures_overview"
    roles = ("leader", "sector_leader", "kommunedirektor", "quality_manager", "verneombud", "privacy_officer")
    return [
        *(Page(key=f"Avvik i tall, {role}", route=tall, role=role, area=DEVIATIONS) for role in roles),
        Page(key="Avvik i tall, leader, three years", route=tall, query="periode=36", area=DEVIATIONS),
        Page(key="Avvik i tall, kommunedirektor, three years", route=tall, query="periode=36", role="kommunedirektor", area=DEVIATIONS),
        Page(key="Dere sa, vi gjorde", route="deviations:unit_changes", role="employee", area=DEVIATIONS),
    ]  # fmt: skip


def _deviations_of_api() -> list[Page]:
    rows: dict[str, Any] = {
        "route": "api:deviation_list", "kind": API_LIST, "table": "deviations_deviation", "area": DEVIATIONS,
    }  # fmt: skip
    one: dict[str, Any] = {"kind": API_DETAIL, "subject": "open deviation", "area": DEVIATIONS}
    return [
        Page(key="API deviations", **rows),
        Page(key="API deviations, one state", query="status=in_progress", **rows),
        Page(key="API deviations, sector_leader", role="sector_leader", **rows),
        Page(key="API deviations, kommunedirektor", role="kommunedirektor", **rows),
        Page(key="API deviations, employee", role="employee", **rows),
        Page(key="API one deviation", route="api:deviation_detail", **one),
        Page(key="API timeline of a deviation", route="api:deviation_timeline", **one),
    ]


def _cases() -> list[Page]:
    parts = {
        "": "report",
        "vurdering": "assessment",
        "tiltak": "actions",
        "dialog": "talk",
        "historikk": "history",
        "koblinger": "links",
    }
    return [
        Page(
            key=f"Et avvik, {subject.split()[0]}, {name}", route="deviations:deviation_detail", kind=DETAIL, subject=subject,
            query=f"vis={part}" if part else "", area=DEVIATIONS,
        )
        for subject in ("open deviation", "closed deviation")
        for part, name in parts.items()
    ]  # fmt: skip


def _benefits() -> list[Page]:
    card = "benefits:scorecard"
    cards = {
        "owners": "",
        "units": "per=enhet",
        "sectors": "per=sektor",
        "municipalities": "per=kommune",
        "in hours": "regnet=hours",
    }
    return [
        *(Page(key=f"Styringskort, {name}", route=card, query=query, area=BENEFITS) for name, query in cards.items()),
        Page(key="Styringskort, service owner", route=card, role="service_owner", area=BENEFITS),
        Page(key="Gevinster, all", route="benefits:benefit_list", area=BENEFITS),
        Page(key="Gevinster, page 2", route="benefits:benefit_list", query=NEXT_PAGE, area=BENEFITS),
        Page(key="Gevinster, missing measurements", route="benefits:benefit_list", query="counted=on&measuring=missing", area=BENEFITS),
        Page(key="Historier", route="benefits:story_list", area=BENEFITS),
        Page(key="Årets ildsjel", route="benefits:award", area=BENEFITS),
        Page(key="En gevinst, målt", route="benefits:benefit_detail", kind=DETAIL, subject="benefit", area=BENEFITS),
        Page(key="En gevinstplan", route="benefits:plan_detail", kind=DETAIL, subject="adopted initiative", area=BENEFITS),
    ]  # fmt: skip


def _portfolio() -> list[Page]:
    board, table, report = "portfolio:board", "portfolio:table", "portfolio:report_now"
    lists = {
        "Tavle": (board, ""), "Tavle, search": (board, "q=for"),
        "Tavle, search for what is not there": (board, "q=finnesikke"), "Tabell": (table, ""),
        "Tabell, page 2": (table, NEXT_PAGE), "Tabell, all": (table, "status=alle"), "Tabell, one phase": (table, "fase=execution"),
        "Tabell, search": (table, "q=for"),
        "Tabell, search for what is not there": (table, "q=finnesikke"), "Veikart": ("portfolio:roadmap", ""), "Risiko": ("portfolio:risk_top", ""),
        "Rapporter": ("portfolio:report_list", ""),
    }  # fmt: skip
    reports = {"now": "", "five years ago": "dag=2021-06-30", "nine years ago": "dag=2017-12-31"}
    project: dict[str, Any] = {"kind": DETAIL, "subject": "project", "area": PORTFOLIO}
    return [
        *(Page(key=key, route=route, query=query, area=PORTFOLIO) for key, (route, query) in lists.items()),
        *(
            Page(key=f"Rapport, {when}", route=report, query=query, area=PORTFOLIO, role="portfolio_manager", most_of_floor=3)
            for when, query in reports.items()
        ),
        Page(key="Et prosjekt, fulgt", route="portfolio:project_detail", **project),
        Page(key="Statusrapporter", route="portfolio:status_list", **project),
        Page(key="Økonomi", route="portfolio:money_detail", **project),
        Page(key="Risiko i et prosjekt", route="portfolio:risk_list", **project),
        Page(key="Sjekkliste", route="portfolio:checklist", **project),
    ]  # fmt: skip


PAGES: tuple[Page, ...] = (*_lists(), *_details(), *_api(), *_deviations(), *_benefits(), *_portfolio())
