"""How projects are shown: columns and cards of the board, the stepper, and what happens next."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.finding import AnyOf
from core.formats import short_date
from core.presentation import actions_of
from portfolio import policies
from portfolio.checklist.state import note_of
from portfolio.gates import ask_once
from portfolio.health import read_latest
from portfolio.models import Phase, Project, ProjectStatus
from portfolio.models.project import STATUS_TONES
from portfolio.workflow import phase_workflow, status_workflow

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

    from core.presentation import Actions
    from organization.actors import PersonActor
    from portfolio.queries import ProjectQuerySet

CARDS_PER_COLUMN = 15
COUNTED = 200
"""A phase, and what a search finds, is counted up to here, and said to be more after that."""
LATEST = ("-changed_at", "-pk")
TONES: dict[str, str] = {str(status.value): tone for status, tone in STATUS_TONES.items()}


@dataclass(frozen=True, slots=True)
class Card:
    """One project on the board, with the moves this person may make with it now."""

    project: Project
    moves: list[dict[str, Any]]

    @property
    def note(self) -> str:
        """The next decision point, and how many points of its checklist are left."""
        return note_of(self.project)


@dataclass(frozen=True, slots=True)
class Column:
    """One phase: its latest cards, and how many there are, in words."""

    phase: Phase
    cards: list[Card]
    count: str
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Latest:
    """The ids of each phase's latest projects; a search that finds too many stops before it has all."""

    by_phase: dict[Phase, list[int]]
    is_cut: bool = False

    def count(self, phase: Phase) -> str:
        """Say how many projects stand in a phase, as far as they were counted."""
        number = len(self.by_phase[phase])
        if number > COUNTED:
            return gettext("over %(number)s") % {"number": COUNTED}
        if not self.is_cut:
            return str(number)
        return gettext("minst %(number)s") % {"number": number} if number else ""


def columns_of(latest: Latest, actor: PersonActor) -> list[Column]:
    """Return the board's columns, in one query, and one for each gate that is asked."""
    shown = {phase: found[:CARDS_PER_COLUMN] for phase, found in latest.by_phase.items()}
    cards = Project.objects.listed().with_gates().with_open_points().with_latest_status()
    projects = cards.in_bulk(list(chain.from_iterable(shown.values())))
    ask_once(row for row in projects.values() if policies.may_move(actor, row))
    read_latest(projects.values())
    return [
        Column(
            phase,
            [card_of(projects[pk], actor) for pk in found],
            latest.count(phase),
            is_cut=len(latest.by_phase[phase]) > len(found),
        )
        for phase, found in shown.items()
    ]


def latest_of(rows: ProjectQuerySet | AnyOf) -> Latest:
    """Find the latest projects of each phase, in one query that costs the same however many there are."""
    columns = ("phase", "changed_at", "pk")
    if isinstance(rows, AnyOf):
        hits = list(rows.order_by(*LATEST)[: COUNTED + 1].values_list(*columns))
    else:
        first, *others = (
            rows.filter(phase=phase).order_by(*LATEST).values_list(*columns)[: COUNTED + 1] for phase in Phase
        )
        hits = sorted(first.union(*others, all=True), reverse=True)
    by_phase: dict[Phase, list[int]] = {phase: [] for phase in Phase}
    for phase, _changed_at, pk in hits:
        by_phase[Phase(phase)].append(pk)
    return Latest(by_phase, is_cut=isinstance(rows, AnyOf) and len(hits) > COUNTED)


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
    phases = list(Phase)
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
