"""Bring a deviation to any state, through the workflow, the way people do it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from deviations import operations
from deviations.models import Cause, CorrectiveAction, Deviation, DeviationType, Effect, Lift
from deviations.operations import Analysis, LiftInput, ReportInput
from deviations.workflow import action_workflow, deviation_workflow
from organization.roles import Role
from tests.retelling import retold

if TYPE_CHECKING:
    from tests.world import Place

perform = deviation_workflow.perform
FALL = "HMS-FALL"


def type_of(place: Place, code: str) -> DeviationType:
    return DeviationType.objects.get(municipality=place.municipality, code=code)


@retold
def report(place: Place, *, code: str = FALL, by: Any = None, **fields: Any) -> Deviation:
    """Return a report that has just been filed."""
    return report_with_code(place, code=code, by=by, **fields)[0]


@retold
def report_with_code(
    place: Place, *, code: str = FALL, by: Any = None, **fields: Any
) -> tuple[Deviation, str]:
    values: dict[str, Any] = {
        "unit": place.unit, "description": "En kollega skled på glatt gulv ved inngangen.",
        "type": type_of(place, code) if code else None, "reported_severity": 2, **fields,
    }  # fmt: skip
    return operations.report(ReportInput(**values), by=by or place.actor(Role.EMPLOYEE), now=timezone.now())


def draft(place: Place, **fields: Any) -> Deviation:
    """Return what a reporter has begun to write."""
    now = timezone.now()
    values: dict[str, Any] = {
        "municipality": place.municipality, "unit": place.unit, "description": "Det var glatt.",
        "reporter": place.person(Role.EMPLOYEE), "discovered_at": now, "created_at": now, "status_since": now, "changed_at": now,
        **fields,
    }  # fmt: skip
    return Deviation.objects.create(**values)


@retold
def received(place: Place, **fields: Any) -> Deviation:
    return perform("receive", report(place, **fields), by=place.actor(Role.LEADER), now=timezone.now())


@retold
def in_progress(place: Place, **fields: Any) -> Deviation:
    data = {"handler": place.person(Role.LEADER)}
    return perform(
        "start", report(place, **fields), by=place.actor(Role.LEADER), now=timezone.now(), data=data
    )


@retold
def awaiting_reporter(place: Place, **fields: Any) -> Deviation:
    case = in_progress(place, **fields)
    data = {"question": "Var det vått, eller var det is?"}
    return perform("ask_reporter", case, by=place.actor(Role.LEADER), now=timezone.now(), data=data)


@retold
def assessed(place: Place, **fields: Any) -> Deviation:
    """Return a case in progress with everything that closing asks for, except what is done about it."""
    case = in_progress(place, **fields)
    leader, now = place.actor(Role.LEADER), timezone.now()
    operations.assess(
        case,
        type_=case.type,
        category=case.category,
        severity=2,
        potential_consequence=3,
        probability=2,
        by=leader,
        now=now,
    )
    cause = Cause.objects.get(municipality=place.municipality, code="environment_2")
    operations.judge_answers(
        case, {"staff_injured": "no", "violence": "no", "pollution": "no", "drinking_water": "no"},
        from_reporter=False, by=leader, now=now,
    )  # fmt: skip
    return operations.set_causes(
        case, Analysis(causes=[cause], whys=["Gulvet var vått."]), by=leader, now=now
    )


@retold
def propose(case: Deviation, place: Place, **fields: Any) -> CorrectiveAction:
    values: dict[str, Any] = {
        "title": "Legg matte ved inngangen", "owner": place.person(Role.SERVICE_OWNER),
        "due_on": timezone.localdate() + timedelta(days=14), **fields,
    }  # fmt: skip
    return operations.propose_action(case, by=place.actor(Role.LEADER), now=timezone.now(), **values)


@retold
def do(action: CorrectiveAction, place: Place) -> CorrectiveAction:
    """Let the owner take an action on and finish it."""
    owner, now = place.actor(Role.SERVICE_OWNER), timezone.now()
    accepted = action_workflow.perform("accept", action, by=owner, now=now)
    return action_workflow.perform(
        "finish", accepted, by=owner, now=now, data={"outcome": "Matta ligger der."}
    )


@retold
def raised(case: Deviation, place: Place, **given: Any) -> Lift:
    """Return the problem behind a case, raised by its leader to all leaders."""
    told = {"title": "Løfteutstyret går ikke gjennom døra", "problem": "Åpningene er for smale.", **given}
    return operations.raise_lift(case, LiftInput(**told), by=place.actor(Role.LEADER), now=timezone.now())


@retold
def actions_running(place: Place, **fields: Any) -> Deviation:
    case = assessed(place, **fields)
    propose(case, place)
    return perform("start_actions", case, by=place.actor(Role.LEADER), now=timezone.now())


@retold
def evaluating(place: Place, **fields: Any) -> Deviation:
    case = actions_running(place, **fields)
    for action in case.actions.all():
        do(action, place)
    return perform("evaluate", case, by=place.actor(Role.LEADER), now=timezone.now())


@retold
def closed(place: Place, **fields: Any) -> Deviation:
    data = {
        "effect": Effect.WORKED,
        "effect_note": "Ingen fall på en måned.",
        "closing_note": "Det ligger matte der nå.",
    }
    return perform(
        "close_with_effect",
        evaluating(place, **fields),
        by=place.actor(Role.LEADER),
        now=timezone.now(),
        data=data,
    )


@retold
def dismissed(place: Place, **fields: Any) -> Deviation:
    data = {"reason": "Gulvet er ikke vårt."}
    return perform(
        "dismiss", received(place, **fields), by=place.actor(Role.LEADER), now=timezone.now(), data=data
    )


@retold
def transferred(place: Place, **fields: Any) -> Deviation:
    data = {"transferred_to": "FDV-systemet", "reason": "Bygget følges opp der."}
    return perform(
        "transfer", received(place, **fields), by=place.actor(Role.LEADER), now=timezone.now(), data=data
    )


@retold
def merged(place: Place, **fields: Any) -> Deviation:
    data = {"main": in_progress(place)}
    return perform(
        "merge", in_progress(place, **fields), by=place.actor(Role.LEADER), now=timezone.now(), data=data
    )


STATES = {
    "draft": draft, "reported": report, "received": received, "in_progress": in_progress,
    "awaiting_reporter": awaiting_reporter, "actions_running": actions_running, "evaluating": evaluating, "closed": closed,
    "dismissed": dismissed, "transferred": transferred, "merged": merged,
}  # fmt: skip
