"""How capacity is shown: a role's months in words and bars, roles by months, and what a project has asked for."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.translation import gettext as _

from core.formats import long_date, number, percent
from core.formats import month as month_name
from core.presentation import actions_of
from portfolio.capacity.load import Load, first_month_over, loads_of, worst_of
from portfolio.capacity.months import last_day_of, shifted
from portfolio.capacity.settling import Change, in_words
from portfolio.capacity.telling import amount, period
from portfolio.capacity.workflow import resource_workflow
from portfolio.models import Absence, RequestStatus, ResourceRequest, ResourceRole
from portfolio.models.capacity import REQUEST_TONES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from core.actors import Actor
    from core.presentation import Actions
    from portfolio.models import Capacity
    from portfolio.queries import ProjectQuerySet

SHOWN_MONTHS = 6
MOST_ROWS = 50
_FULL, _WIDEST = 100, 150
"""The bar of a month is as wide as 150 %, with a line at 100 %."""
_TIGHT = Decimal("0.9")
TONES: dict[str, str] = {str(status): tone for status, tone in REQUEST_TONES.items()}


# --- One month of one role -------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Cell:
    """A month of a role in words, a tone and a bar."""

    load: Load
    before: Load | None = None

    @property
    def month(self) -> str:
        return month_name(self.load.month)

    @property
    def is_over(self) -> bool:
        return self.load.is_over

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing: no capacity, and nothing granted."""
        return not self.load.granted_days and not self.load.available_days

    @property
    def tone(self) -> str:
        if self.is_over:
            return "danger"
        return "warning" if self.load.ratio is not None and self.load.ratio > _TIGHT else "success"

    @property
    def share(self) -> str:
        """How much is used, in a word."""
        if self.load.ratio is not None:
            return percent(self.load.ratio, 0)
        return _("Ingen kapasitet")

    @property
    def words(self) -> str:
        used = {"granted": written(self.load.granted), "available": written(self.load.available)}
        return _("%(granted)s av %(available)s årsverk") % used

    @property
    def over(self) -> str:
        """How much too much is granted, in words."""
        return _("%(over)s årsverk for mye") % {"over": written(self.load.over)} if self.is_over else ""

    @property
    def bar(self) -> int:
        """How wide the bar is, of 150."""
        return self._width(self.load)

    @property
    def bar_before(self) -> int:
        """How wide it is without what is being asked for."""
        return self._width(self.before) if self.before else 0

    def _width(self, load: Load) -> int:
        if load.ratio is None:
            return _WIDEST if load.granted_days else 0
        return min(int(load.ratio * _FULL), _WIDEST)

    @property
    def capacity(self) -> str:
        return written(self.load.capacity)

    @property
    def absence(self) -> str:
        return written(self.load.absence)

    @property
    def granted(self) -> str:
        return written(self.load.granted)

    @property
    def granted_before(self) -> str:
        return written(self.before.granted) if self.before else ""

    @property
    def available(self) -> str:
        return written(self.load.available)

    @property
    def waiting(self) -> str:
        return written(self.load.waiting)


def written(work_years: Decimal) -> str:
    return number(round(work_years, 2))


# --- Roles by months -------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Row:
    """A role with its months."""

    role: ResourceRole
    cells: list[Cell]

    @property
    def is_over(self) -> bool:
        return any(cell.is_over for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Months:
    """The months that a page shows, and the addresses of those before and after."""

    first: date
    count: int = SHOWN_MONTHS

    @property
    def last(self) -> date:
        return shifted(self.first, self.count - 1)

    @property
    def last_day(self) -> date:
        return last_day_of(self.last)

    @property
    def names(self) -> list[str]:
        return [month_name(shifted(self.first, place)) for place in range(self.count)]

    @property
    def title(self) -> str:
        return _("%(first)s til %(last)s") % {"first": month_name(self.first), "last": month_name(self.last)}

    @property
    def previous_url(self) -> str:
        return self._url(-self.count)

    @property
    def next_url(self) -> str:
        return self._url(self.count)

    def _url(self, count: int) -> str:
        return f"?fra={shifted(self.first, count):%Y-%m}"


def rows_of(roles: Sequence[ResourceRole], months: Months) -> list[Row]:
    """Return the roles with their months, in one statement."""
    loads = loads_of([role.pk for role in roles], months.first, months.last)
    return [Row(role, [Cell(load) for load in loads[role.pk]]) for role in roles]


def over_told(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Return the roles that are over 100 %, each with its worst month in words."""
    over = [(row.role, worst_of(cell.load for cell in row.cells)) for row in rows if row.is_over]
    return [{"role": role, "told": in_words(worst)} for role, worst in over if worst is not None]


# --- One role ----------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class RequestLine:
    """A request in words."""

    row: ResourceRequest
    month_over: date | None = None

    @property
    def asked(self) -> str:
        return f"{amount(self.row.work_years)}, {period(self.row.from_on, self.row.to_on)}"

    @property
    def given(self) -> str:
        row = self.row
        if row.granted is None or row.granted_from is None or row.granted_to is None:
            return ""
        return f"{amount(row.granted)}, {period(row.granted_from, row.granted_to)}"

    @property
    def over(self) -> str:
        if self.month_over is None or not (self.row.is_granted or self.row.is_waiting):
            return ""
        return _("Rollen er over 100 %% i %(month)s") % {"month": month_name(self.month_over)}


def role_page(role: ResourceRole, months: Months, *, actor: Actor) -> dict[str, Any]:
    """Return what the page of a role shows: its months, what it has, and who asks for it."""
    (row,) = rows_of([role], months)
    requests = ResourceRequest.objects.visible_to(actor).filter(role=role).select_related("project", "person")
    granted = requests.filter(
        status=RequestStatus.GRANTED, granted_from__lte=months.last_day, granted_to__gte=months.first
    )
    asked = requests.waiting().order_by("asked_at", "pk")[:MOST_ROWS]
    absences = (
        Absence.objects.visible_to(actor).filter(role=role, to_on__gte=months.first).select_related("person")
    )
    capacities: Iterable[Capacity] = role.capacities.order_by("-from_on")[:MOST_ROWS]
    return {
        "cells": row.cells, "over": over_told([row]), "capacities": capacities,
        "absences": absences.order_by("from_on", "pk")[:MOST_ROWS], "waiting": [RequestLine(one) for one in asked],
        "granted": [RequestLine(one) for one in granted.order_by("granted_from", "pk")[:MOST_ROWS]],
    }  # fmt: skip


# --- Requests --------------------------------------------------------------------------------------
def cells_of(changes: Iterable[Change]) -> list[Cell]:
    """Return the months of an answer as they would be, the worst first."""
    cells = [Cell(change.then, change.without) for change in changes]
    cells.sort(key=lambda cell: (cell.load.ratio is not None, -(cell.load.ratio or 0), cell.load.month))
    return cells


def finding_of(cells: Sequence[Cell]) -> str:
    """Return in a sentence what an answer leads to."""
    if not cells:
        return ""
    if cells[0].is_over:
        return _("Over 100 %%. Verst blir %(month)s.") % {"month": in_words(cells[0].load)}
    return _("Rollen har plass. Mest å gjøre blir det i %(month)s.") % {"month": in_words(cells[0].load)}


def actions_for(request: ResourceRequest, actor: Actor) -> Actions:
    def url(name: str) -> str:
        return reverse("portfolio:resource_transition", args=[request.pk, name])

    offers = (offer for offer in resource_workflow.offers(request, actor) if offer.is_ready or offer.transition.tone == "primary")  # fmt: skip
    return actions_of(offers, url)


@dataclass(frozen=True, slots=True)
class Panel:
    """What the page of a project shows of its people."""

    lines: list[RequestLine]
    has_more: bool


_BESIDE = 4
_TOLD = ("pk", "status", "work_years", "from_on", "to_on", "granted", "granted_from", "granted_to")
_DAYS = ("from_on", "to_on", "granted_from", "granted_to", "month_over")


def with_resources(projects: ProjectQuerySet, today: date) -> ProjectQuerySet:
    """Add ``resources_told``: what each has asked for that is not over, for ``panel_of``."""
    own = ResourceRequest.objects.filter(project=OuterRef("pk"), to_on__gte=today)
    rows = lines_for(own.exclude(status=RequestStatus.WITHDRAWN), today).order_by("-asked_at", "-pk")
    told = JSONObject(role_name="role__name", month_over="month_over", **{name: name for name in _TOLD})
    return projects.annotate(
        resources_told=ArraySubquery(rows.annotate(told=told).values("told")[: _BESIDE + 1])
    )


def panel_of(project: Any) -> Panel:
    """Return what ``with_resources`` has found, without asking for more."""
    lines = [_line_told(dict(told)) for told in project.resources_told]
    return Panel(lines[:_BESIDE], len(lines) > _BESIDE)


def _line_told(told: dict[str, Any]) -> RequestLine:
    """Return a line of what JSON holds, in which days are texts and amounts are plain numbers."""
    told |= {name: told[name] and dt.date.fromisoformat(told[name]) for name in _DAYS}
    told |= {name: told[name] and Decimal(str(told[name])) for name in ("work_years", "granted")}
    over, role = told.pop("month_over"), ResourceRole(name=told.pop("role_name"))
    return RequestLine(ResourceRequest(role=role, **told), over)


def lines_for(rows: Any, today: date) -> Any:
    """Add what a line of a project's requests shows, with the first month in which the role is over 100 %."""
    over = first_month_over("role_id", today, shifted(today.replace(day=1), SHOWN_MONTHS - 1))
    return rows.select_related("role", "person").annotate(month_over=over)


def facts_of(request: ResourceRequest) -> list[tuple[str, str]]:
    """Return what was asked and what was given, in words."""
    line = RequestLine(request)
    facts = [
        (_("Prosjektet ba om"), line.asked),
        (_("Spurt av"), f"{request.asked_by}, {long_date(request.asked_at)}"),
        (_("Tildelt"), line.given),
        (_("Hvem"), str(request.person or "")),
        (_("Svar"), request.answer),
        (_("Hvorfor over 100 %"), request.over_reason),
        (
            _("Svart av"),
            f"{request.answered_by}, {long_date(request.answered_at)}" if request.answered_at else "",
        ),
    ]
    return [(label, value) for label, value in facts if value]
