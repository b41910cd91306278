"""The rows of the roadmap: projects with their period, what is expected, their milestones and what they wait for."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.db.models.lookups import GreaterThanOrEqual
from django.utils.translation import gettext as _

from core.formats import short_date
from organization.models import Unit
from portfolio import policies
from portfolio.health import NEEDS_TEXT, read_latest
from portfolio.models import Area, Dependency, Milestone, Phase, Project
from portfolio.models.project import RUNNING
from portfolio.plan.presentation import MilestoneLine, days_in_words, milestone_line
from portfolio.plan.waits import Wait, wait_of
from portfolio.queries import forecast_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.finding import AnyOf
    from organization.actors import PersonActor
    from portfolio.health import Sign
    from portfolio.queries import ProjectQuerySet
    from portfolio.roadmap.geometry import Window

_PLACES = (Unit.Kind.REGION, Unit.Kind.MUNICIPALITY, Unit.Kind.SECTOR)
ORDER = ("unit__path", "starts_on", "pk")
MOST_MILESTONES, MOST_UNDATED = 40, 10


@dataclass(frozen=True, slots=True)
class Awaited:
    """What a project waits for, and between which rows that is."""

    wait: Wait
    on: int
    milestone: int | None


@dataclass(slots=True)
class Row:
    """One project on the roadmap."""

    project: Project
    place: str
    today: date
    milestones: list[MilestoneLine] = field(default_factory=list)
    awaited: list[Awaited] = field(default_factory=list)

    @property
    def start(self) -> date:
        start = self.project.starts_on
        assert start is not None
        return start

    @property
    def end(self) -> date | None:
        return self.project.ends_on

    @property
    def expected(self) -> date | None:
        """The end that the latest status report expects, where it is another than the planned one."""
        latest = self.project.latest_status
        found = latest.ends_on if latest is not None else None
        return found if found != self.end and self._is_carried_out else None

    @property
    def _is_carried_out(self) -> bool:
        """Whether the project itself goes on; in the last phase the line has taken over."""
        return self.project.is_running and self.project.phase != Phase.REALIZING

    @property
    def is_overdue(self) -> bool:
        last = self.expected or self.end
        return self._is_carried_out and last is not None and last < self.today

    @property
    def end_in_words(self) -> str:
        """Return the planned end, what is expected, and whether that has passed."""
        parts = [short_date(self.end) if self.end else _("Ingen sluttdato")]
        if self.expected is not None:
            parts.append(_("ventet %(day)s") % {"day": short_date(self.expected)})
        if self.is_overdue:
            last = self.expected or self.end
            assert last is not None
            parts.append(_("%(days)s over slutten") % {"days": days_in_words((self.today - last).days)})
        return ", ".join(parts)

    @property
    def progress(self) -> Sign | None:
        """Return how the project gets on, where the latest report says that it needs watching or help."""
        latest = self.project.latest_status
        signs = latest.signs if latest is not None and self.project.is_active else []
        return next((one for one in signs if one.area == Area.PROGRESS and one.value in NEEDS_TEXT), None)

    @property
    def stands(self) -> str:
        """Return phase, and what is not as it should be, in few words."""
        words = [str(self.project.get_phase_display())]
        if not self.project.is_active:
            words.append(str(self.project.get_status_display()))
        elif self.progress is not None:
            words.append(self.progress.word)
        return " · ".join(words)

    @property
    def told(self) -> str:
        """Return the whole row in words."""
        words = {
            "name": self.project.name, "stands": self.stands, "start": short_date(self.start), "end": self.end_in_words,
        }  # fmt: skip
        return _("%(name)s: %(stands)s. Oppstart %(start)s, slutt %(end)s.") % words


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of one sector, or of what lies above the sectors."""

    name: str
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Undated:
    """A project that cannot be drawn, and whether the reader can do something about it."""

    project: Project
    may_edit: bool


def shown_in(rows: ProjectQuerySet | AnyOf, window: Window, today: date) -> Any:
    """Keep the projects that go on in a window: as planned, as expected, or because they are not done."""
    reaches = Q(ends_on=None) | Q(ends_on__gte=window.first)
    if window.first <= today:
        reaches |= Q(status__in=RUNNING) & ~Q(phase=Phase.REALIZING)
    reaches |= Q(GreaterThanOrEqual(Subquery(forecast_of("pk")), window.first))
    return rows.filter(reaches, starts_on__lt=window.until)


def undated_of(rows: ProjectQuerySet | AnyOf, actor: PersonActor) -> tuple[list[Undated], bool]:
    """Return the latest projects that have no start, and whether there are more, in one query."""
    found = list(rows.filter(starts_on=None).order_by("-changed_at", "-pk")[: MOST_UNDATED + 1])
    shown = [Undated(one, policies.may_edit(actor, one)) for one in found[:MOST_UNDATED]]
    return shown, len(found) > MOST_UNDATED


def groups_of(
    projects: Sequence[Project], actor: PersonActor, today: date, *, with_municipality: bool
) -> list[Group]:
    """Return the rows of a page under their sectors, in two queries."""
    if not projects:
        return []
    told = _told({project.pk for project in projects}, actor)
    places = _places(projects, with_municipality=with_municipality)
    rows = []
    for project in projects:
        one = told[project.pk]
        project.latest_told = one.latest_told
        row = Row(project, places[project.pk], today)
        row.milestones = [milestone_line(_milestone(values), today) for values in one.milestones_told]
        row.awaited = [
            Awaited(wait_of(values), values["on"], values["milestone_pk"]) for values in one.waits_told
        ]
        rows.append(row)
    read_latest(projects)
    return [Group(name, list(of)) for name, of in groupby(rows, key=lambda row: row.place)]


def _told(ids: set[int], actor: PersonActor) -> dict[int, Any]:
    """Return the reports, milestones and dependencies of projects that the actor sees; none of what is shielded."""
    of_project = {"project": OuterRef("pk"), "project__initiative__shield_basis": ""}
    milestones = Milestone.objects.filter(**of_project).order_by("expected_on", "pk")
    values = JSONObject(
        pk="pk", name="name", planned_on="planned_on", expected_on="expected_on", reached_on="reached_on"
    )
    waits = Dependency.objects.filter(**of_project).told_to(actor).order_by("pk")
    rows = Project.objects.filter(pk__in=ids).with_latest_status().annotate(
        milestones_told=ArraySubquery(milestones.values(told=values)[:MOST_MILESTONES]),
        waits_told=ArraySubquery(waits.values("told")),
    )  # fmt: skip
    return {row.pk: row for row in rows.only("pk")}


def _milestone(told: dict[str, Any]) -> Milestone:
    days = {name: date.fromisoformat(told[name]) if told[name] else None for name in ("planned_on", "expected_on", "reached_on")}  # fmt: skip
    return Milestone(pk=told["pk"], name=told["name"], **days)


def _places(projects: Iterable[Project], *, with_municipality: bool) -> dict[int, str]:
    """Return the sector that each project is in, or its municipality where it is above them, in one query."""
    step = Unit.steplen
    lines = {
        row.pk: [row.unit.path[:end] for end in range(step, len(row.unit.path) + 1, step)] for row in projects
    }
    known = Unit.objects.filter(path__in={path for line in lines.values() for path in line})
    named = {
        path: (kind, name)
        for path, kind, name in known.filter(kind__in=_PLACES).values_list("path", "kind", "name")
    }
    return {
        pk: _place([named[path] for path in line if path in named], with_municipality)
        for pk, line in lines.items()
    }


def _place(line: list[tuple[str, str]], with_municipality: bool) -> str:
    """Return the lowest of a line from the region down, and its municipality where the page shows several."""
    kind, name = line[-1]
    if kind == Unit.Kind.SECTOR and with_municipality and len(line) > 1:
        return f"{name}, {line[-2][1]}"
    return name
