"""How projects are shown: columns and cards of the board, the stepper, and what happens next."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core.formats import short_date
from core.presentation import actions_of
from portfolio import policies
from portfolio.checklist.state import note_of
from portfolio.gates import ask_once
from portfolio.health import read_latest
from portfolio.models import Phase, Project, ProjectKind, ProjectStatus
from portfolio.models.project import STATUS_TONES
from portfolio.status.calls import due_on
from portfolio.sums import in_words
from portfolio.workflow import phase_workflow, status_workflow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from django.http import QueryDict
    from django.utils.functional import _StrOrPromise as StrOrPromise

    from core.presentation import Actions
    from organization.actors import PersonActor
    from portfolio.models import ProjectStanding
    from portfolio.sums import Total

CARDS_PER_COLUMN = 15
MORE_CARDS, MOST_STEPS = 30, 5
"""How many cards come with each «Vis flere», and how often a column can be asked; after that there is the table."""
LATEST = ("-changed_at", "-pk")
TONES: dict[str, str] = {str(status.value): tone for status, tone in STATUS_TONES.items()}


@dataclass(frozen=True, slots=True)
class Card:
    """One project on the board, with the moves this person may make with it now."""

    project: Project
    moves: list[dict[str, Any]]
    late: list[str] = field(default_factory=list)
    is_first_new: bool = False

    @property
    def note(self) -> str:
        """The next decision point, and how many points of its checklist are left."""
        return note_of(self.project)

    @property
    def money(self) -> str:
        return money_of(self.project)

    @property
    def is_over(self) -> bool:
        return is_over_budget(self.project)


@dataclass(frozen=True, slots=True)
class Column:
    """One phase: its latest cards, how many there are and what they cost in all."""

    phase: Phase
    cards: list[Card]
    total: Total
    more_query: str = ""

    @property
    def is_cut(self) -> bool:
        return self.total.count > len(self.cards)


@dataclass(frozen=True, slots=True)
class Asked:
    """How many cards of each phase an address asks for: ``mer`` once for each step more."""

    address: QueryDict
    newest: str = ""

    def steps(self, phase: Phase) -> int:
        return min(self.address.getlist("mer").count(phase.value), MOST_STEPS)

    def cards(self, phase: Phase) -> int:
        return CARDS_PER_COLUMN + MORE_CARDS * self.steps(phase)

    @property
    def most(self) -> int:
        return max(self.cards(phase) for phase in Phase)

    def first_new(self, phase: Phase) -> int | None:
        """Return the place of the first card that the latest step brought."""
        return self.cards(phase) - MORE_CARDS if self.newest == phase and self.steps(phase) else None

    def more_query(self, phase: Phase) -> str:
        """Return what the address asks for with one step more, or nothing where there is none."""
        if self.steps(phase) >= MOST_STEPS:
            return ""
        longer = self.address.copy()
        longer.appendlist("mer", phase.value)
        return longer.urlencode()


def columns_of(totals: Mapping[Phase, Total], asked: Asked, actor: PersonActor, today: date) -> list[Column]:
    """Return the board's columns, in one query, and one for each gate that is asked."""
    shown = {phase: total.latest[: asked.cards(phase)] for phase, total in totals.items()}
    cards = Project.objects.listed().with_gates().with_papers().with_open_points().with_latest_status()
    cards = cards.with_leavers(today).with_late(today)
    projects = cards.in_bulk(list(chain.from_iterable(shown.values())))
    ask_once(row for row in projects.values() if policies.may_move(actor, row))
    read_latest(projects.values())

    def card(pk: int, *, is_first_new: bool) -> Card:
        row = projects[pk]
        return Card(row, moves_of(row, actor), late_of(row, today), is_first_new)

    return [
        Column(
            phase,
            [card(pk, is_first_new=at == asked.first_new(phase)) for at, pk in enumerate(found)],
            totals[phase],
            asked.more_query(phase),
        )
        for phase, found in shown.items()
    ]


def show_standing(projects: Iterable[Project], day: date) -> None:
    """Give each project its latest published report, and who of its leaders has left, all in one query.

    Who sees a project sees what is published of it.
    """
    rows = {project.pk: project for project in projects}
    if not rows:
        return
    found = Project.objects.filter(pk__in=rows).with_latest_status().with_leavers(day).only("pk")
    for told in found:
        row = rows[told.pk]
        row.latest_told, row.owner_left, row.manager_left = (
            told.latest_told,
            told.owner_left,
            told.manager_left,
        )
    read_latest(rows.values())


def standing_of(project: Project) -> ProjectStanding | None:
    """Return what the project costs and how it stands; nothing of what is shielded."""
    if project.initiative.shield_basis:
        return None
    found: ProjectStanding | None = getattr(project, "standing", None)
    return found


def money_of(project: Project) -> str:
    """Return the budget for all years in words, and the forecast where it differs."""
    standing = standing_of(project)
    return in_words(standing.budget, standing.forecast) if standing else ""


def is_over_budget(project: Project) -> bool:
    standing = standing_of(project)
    return standing is not None and standing.is_over


def late_of(project: Project, today: date) -> list[str]:
    """Return what is late, in words, as its query found it (``with_late``)."""
    late: list[str] = []
    if not project.is_running:
        return late
    ends = project.ends_on
    if project.is_active and ends is not None and ends < today and project.phase != Phase.REALIZING:
        late.append(gettext("Planlagt slutt var %(day)s") % {"day": short_date(ends)})
    if project.is_active and due_on(project) < today:
        late.append(gettext("Statusrapporten mangler"))
    if behind := project.milestones_behind:
        late.append(
            ngettext("%(n)d milepæl er forsinket", "%(n)d milepæler er forsinket", behind) % {"n": behind}
        )
    if risks := project.late_risks:
        late.append(
            ngettext("%(n)d risiko er over fristen", "%(n)d risikoer er over fristen", risks) % {"n": risks}
        )
    return late


@dataclass(frozen=True, slots=True)
class Row:
    """One project in the table."""

    project: Project
    money: str
    is_over: bool


def rows_of(projects: Iterable[Project]) -> list[Row]:
    return [Row(row, money_of(row), is_over_budget(row)) for row in projects]


def card_of(project: Project, actor: PersonActor) -> Card:
    return Card(project, moves_of(project, actor))


def moves_of(project: Project, actor: PersonActor) -> list[dict[str, Any]]:
    """Return the phases ``actor`` may move the project to, those that wait for something with the reasons."""
    if not project.is_active:
        return []
    return [
        {
            "value": str(offer.transition.target.value),
            "label": offer.transition.label,
            "reasons": offer.reasons,
        }
        for offer in phase_workflow.offers(project, actor)
    ]


# --- One project ---------------------------------------------------------------------------------
def steps_of(project: Project) -> list[dict[str, Any]]:
    """Return the phases of a project for the stepper."""
    phases = ProjectKind(project.kind).phases
    at = phases.index(Phase(project.phase))
    here = "current"
    if project.status == ProjectStatus.STOPPED:
        here = "stopped"
    elif project.status == ProjectStatus.COMPLETED:
        here = "done"
    steps = []
    for index, phase in enumerate(phases):
        state = "done" if index < at else "todo"
        steps.append({"label": phase.label, "state": here if index == at else state, "note": ""})
    steps[at]["note"] = _note(project)
    return steps


def _note(project: Project) -> str:
    if project.paused_until is not None:
        return str(_("På vent til %(date)s") % {"date": short_date(project.paused_until)})
    return "" if project.is_active else str(project.get_status_display())


def actions_for(project: Project, actor: PersonActor) -> Actions:
    """Return the buttons of a project: forward first, then what changes its status."""

    def url(name: str) -> str:
        return reverse("portfolio:project_transition", args=[project.pk, name])

    offers = chain(phase_workflow.offers(project, actor), status_workflow.offers(project, actor))
    # What asks for another status is no hindrance to tell of; a phase that is blocked is, and the end of the last one.
    forward = set(phase_workflow.transitions)
    if project.phase == Phase.REALIZING:
        forward.add("complete")
    told = [offer for offer in offers if offer.is_ready or offer.transition.name in forward]
    return actions_of(told, url)


_NEXT: dict[str, StrOrPromise] = {
    "to_planning": _("Prosjektet planlegges: mål, gevinster, kostnad og risiko."),
    "to_execution": _("Prosjektet gjennomføres etter planen."),
    "to_closing": _("Leveransene godkjennes, og overleveringen forberedes."),
    "to_realizing": _(
        "Prosjektet overleveres til linjen, og tjenesteeieren tar ut gevinstene. Det kan ikke flyttes tilbake."
    ),
    "back_to_concept": _("Prosjektet vurderes på nytt."),
    "back_to_planning": _("Planen må endres før arbeidet går videre."),
    "pause": _("Prosjektet og tiltaket står som satt på vent. Begrunnelsen er åpen for alle ansatte."),
    "resume": _("Prosjektet og tiltaket er i gang igjen."),
    "stop": _("Prosjektet og tiltaket avsluttes for godt. Begrunnelsen er åpen for alle ansatte."),
    "complete": _("Prosjektet og tiltaket lukkes."),
}


def what_happens(name: str) -> StrOrPromise:
    """Return what follows from a step, in a sentence or two."""
    return _NEXT.get(name, "")
