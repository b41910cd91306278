"""Turn deviations and corrective actions into what pages show.  Nothing is decided here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.formats import short_date
from core.presentation import Action, Actions, actions_of, due_of
from deviations import guards, policies
from deviations.models import ActionStatus, Status
from deviations.models.status import STAGES
from deviations.operations.routing import MOVABLE
from deviations.workflow import action_workflow, deviation_workflow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    from django.utils.functional import _StrOrPromise as StrOrPromise

    from core.actors import Actor
    from core.presentation import Due
    from core.workflow import Transition
    from deviations.models import CorrectiveAction, Deviation

_UNHANDLED = frozenset({Status.REPORTED, Status.RECEIVED})
ASSESSMENT, ACTIONS, TALK, HISTORY, LINKS = "vurdering", "tiltak", "dialog", "historikk", "koblinger"
"""The parts of a case's page beside the first, as they stand in its address."""


def who_has_it(case: Deviation) -> str:
    """Return whose the next step is, in a word or by name; never the name of the reporter."""
    if case.status == Status.AWAITING_REPORTER:
        return _("Melder")
    person = case.responsible if case.status in _UNHANDLED else case.handler or case.responsible
    return str(person) if person is not None and case.is_open else ""


def headline_of(case: Any) -> str:
    """Return what a case is called for who looks at it.

    The title is written by somebody; who sees a confidential case without its words does not read it.
    """
    return str(case.headline if case.reads_words or not case.is_confidential else case.plain_name)


def reporter_of(case: Any, actor: Actor) -> str:
    """Return who reported: a name to those who may read it, else how it is kept from them."""
    if case.is_anonymous:
        return _("Anonym")
    if case.identity_dropped_at:
        return _("Fjernet")
    if policies.is_reporter(actor, case):
        return _("Du, skjult for andre") if case.anonymity == "hidden" else _("Du")
    return str(case.reporter_name) or _("Skjult")


def severity_of(case: Deviation) -> str:
    """Return how grave a case is, as its tag says it; nothing where gravity does not apply or nobody has judged it."""
    judged = case.judged_severity
    if not case.is_harmful or not judged:
        return ""
    if case.severity:
        return _("Alvorlighet: %(severity)s") % {"severity": str(case.get_severity_display()).lower()}
    return _("Melder satte: %(severity)s") % {"severity": str(case.get_reported_severity_display()).lower()}


# --- Where it stands -----------------------------------------------------------------------------
def steps_of(case: Deviation) -> list[dict[str, Any]]:
    """Return the stages of a case for the stepper; what this case has no use of is left out."""
    stages = [stage for stage in STAGES if _is_used(stage[0], case)]
    at = next((n for n, (_key, _label, states) in enumerate(stages) if case.status in states), None)
    stopped = at is None and case.is_final
    reached = _reached(case, [key for key, _label, _states in stages]) if at is None else at
    return [
        {
            "label": label,
            "state": _state(n, reached, case, stopped),
            "note": _note(case) if n == reached else "",
        }
        for n, (_key, label, _states) in enumerate(stages)
    ]


def _is_used(key: str, case: Deviation) -> bool:
    """Nothing is evaluated of suggestions and what went well, and a case closed without actions had none."""
    if key == "actions":
        return not (case.is_closed and case.no_action_reason)
    if key == "effect":
        is_skipped = not case.is_harmful or (case.is_closed and not case.effect)
        return case.status == Status.EVALUATING or not is_skipped
    return True


def _reached(case: Deviation, keys: list[str]) -> int:
    """Return how far a case came that ended on the way."""
    key = "handling" if case.handler_id else "received" if case.received_at else "reported"
    return keys.index(key)


def _state(n: int, reached: int, case: Deviation, stopped: bool) -> str:
    if n != reached:
        return "done" if n < reached else "todo"
    if stopped:
        return "stopped"
    return "done" if case.is_closed else "todo" if case.is_draft else "current"


def _note(case: Deviation) -> str:
    if case.is_final or case.status == Status.AWAITING_REPORTER:
        return str(case.get_status_display())
    return _("Frist %(date)s") % {"date": short_date(case.due_on)} if case.due_on else ""


def action_steps(action: CorrectiveAction) -> list[dict[str, Any]]:
    """Return the states of a corrective action for the stepper, without those it does not pass through."""
    passed_by = {ActionStatus.REJECTED, *(() if action.is_evaluated else (ActionStatus.AWAITING_EVALUATION,))}
    stages = [state for state in ActionStatus if state not in passed_by]
    if action.status == ActionStatus.REJECTED:
        return [
            {"label": ActionStatus.PROPOSED.label, "state": "stopped", "note": ActionStatus.REJECTED.label}
        ]
    at = stages.index(ActionStatus(action.status))
    due = _("Frist %(date)s") % {"date": short_date(action.due_on)} if action.is_open else ""
    return [
        {"label": state.label, "state": _action_state(n, at, len(stages)), "note": due if n == at else ""}
        for n, state in enumerate(stages)
    ]


def _action_state(n: int, at: int, count: int) -> str:
    if n == at:
        return "done" if at == count - 1 else "current"
    return "done" if n < at else "todo"


# --- Buttons -------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Reason:
    """What stands in the way of a step, and where on the page it is put right."""

    text: str
    url: str


_PUT_RIGHT: dict[Callable[[Deviation], StrOrPromise | None], str] = {
    guards.duties_are_done: "#meldeplikter",
    guards.is_categorized: f"{ASSESSMENT}#id_type",
    guards.severity_is_judged: f"{ASSESSMENT}#id_severity",
    guards.cause_is_described: f"{ASSESSMENT}#arsaker",
    guards.has_actions: f"{ACTIONS}",
    guards.has_no_actions: f"{ACTIONS}",
    guards.actions_are_done: f"{ACTIONS}",
    guards.actions_need_no_evaluation: f"{ACTIONS}",
}


def linked(declared: Transition[Deviation], case: Deviation, reasons: Iterable[StrOrPromise]) -> list[Any]:
    """Return the reasons, each with the way to where it is put right.

    These guards cost nothing once a case is loaded for its page, and are asked again to know
    their reasons.  That of the questions costs two queries; it is known by being none of them.
    """
    places = {
        str(reason): place for guard, place in _PUT_RIGHT.items() if (reason := _asked(guard, declared, case))
    }
    return [_linked(str(reason), places, declared, case) for reason in reasons]


def _asked(guard: Any, declared: Transition[Deviation], case: Deviation) -> StrOrPromise | None:
    reason: StrOrPromise | None = guard(case) if guard in declared.guards else None
    return reason


def _linked(reason: str, places: dict[str, str], declared: Transition[Deviation], case: Deviation) -> Any:
    if reason in places:
        part, _hash, anchor = places[reason].partition("#")
        return Reason(reason, f"{part_url(case, part)}{'#' if anchor else ''}{anchor}")
    if guards.questions_are_answered in declared.guards:
        return Reason(reason, reverse("deviations:deviation_questions", args=[case.pk]))
    return reason


def part_url(case: Deviation, part: str = "") -> str:
    """Return the address of a part of the case's page."""
    return f"{case.get_absolute_url()}?vis={part}" if part else case.get_absolute_url()


def actions_for(case: Deviation, actor: Actor) -> Actions:
    """Return the steps ``actor`` may take with the case, as buttons; what is in the way leads to where it is put right."""
    found = actions_of(
        deviation_workflow.offers(case, actor),
        lambda name: reverse("deviations:deviation_transition", args=[case.pk, name]),
    )
    steps = deviation_workflow.transitions
    blocked = [
        replace(one, reasons=tuple(linked(steps[one.name], case, one.reasons))) for one in found.blocked
    ]
    return replace(found, blocked=blocked)


def own_links(case: Deviation, actor: Actor) -> Iterator[Action]:
    """Yield what else this person can do with the case, apart from moving it on."""
    if case.status in MOVABLE and policies.may_receive(actor, case):
        url = reverse("deviations:deviation_reroute", args=[case.pk])
        yield Action(name="reroute", label=_("Send videre"), url=url)


def action_buttons(action: CorrectiveAction, actor: Actor) -> Actions:
    """Return the steps ``actor`` may take with the corrective action, as buttons."""
    return actions_of(
        action_workflow.offers(action, actor),
        lambda name: reverse("deviations:action_transition", args=[action.pk, name]),
    )


def action_due(action: CorrectiveAction, today: date) -> Due | None:
    """Return the deadline of an action that is not done; the day it was to be done is no news afterwards."""
    return due_of(action.due_on, today) if action.is_open else None
