"""Play what the demo tells of deviations: reported, received, handled and closed by those whose turn it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from core.actors import System
from demo.seeding.lifts import Lifting
from demo.seeding.past import seed_past
from deviations import duty_clock, operations, triage
from deviations.duty_clock import hours_after
from deviations.models import Cause, DeviationType, Duty, DutyTemplate, Effect, Kind, RoutingRule
from deviations.operations import Analysis, ReportInput
from deviations.operations.catalogue import install_catalogue
from deviations.operations.rules import set_routing
from deviations.workflow import action_workflow, deviation_workflow
from organization.actors import person_actor
from organization.models import RoleAssignment
from organization.roles import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from demo.content.model import Deviation as Content
    from demo.seeding.organization import Index
    from deviations.models import CorrectiveAction, Deviation
    from organization.actors import PersonActor
    from organization.models import Person, Unit

_HALF_HELPED = 0.15  # so often an action helped only in part
OLDEST = 740  # working days: about three years
# How many working days ago the newest telling of an entry happened, by how far it has come.
_AGE = {
    "reported": 1, "received": 3, "awaiting_reporter": 7, "dismissed": 12, "in_progress": 8, "actions_running": 24,
    "evaluating": 48, "closed": 60, "merged": 20, "transferred": 14,
}  # fmt: skip
_PATH = ("reported", "received", "in_progress", "actions_running", "evaluating", "closed")


@dataclass(frozen=True, slots=True)
class Telling:
    """One time that something of the content happened: where, when, and how far it has come."""

    content: Content
    unit: Unit
    day: int
    ends: str


def seed_deviations(tellings: list[Telling], index: Index, progress: Callable[[int, int], None]) -> None:
    """Install the catalogue everywhere and play every telling, the oldest first."""
    for unit in index.units.values():
        if unit.is_legal_entity:
            install_catalogue(unit, by=System("demo"), now=index.beginning)
            _let_finance_receive(unit, index)
    seed_past(index)
    newest: dict[str, Deviation] = {}
    for number, telling in enumerate(tellings, start=1):
        newest[telling.content.key] = _Play(telling, index, newest).run()
        progress(number, len(tellings))
    _let_clocks_run(index)


def _let_clocks_run(index: Index) -> None:
    """Tell of the hours that have passed for the duties that still stand open, each when it passed."""
    hours = {
        (row.municipality_id, row.code): row.escalation_hours for row in DutyTemplate.objects.exclude(escalation_hours=[])
    }  # fmt: skip
    rows = Duty.objects.open().values_list("deviation__municipality_id", "code", "deviation__discovered_at")
    passed = {
        hours_after(began, hour) for place, code, began in rows for hour in hours.get((place, code), ())
    }
    now = index.at(0, "23:00")
    for moment in sorted(moment for moment in passed if moment <= now):
        duty_clock.run(now=moment)


def _let_finance_receive(municipality: Unit, index: Index) -> None:
    """Give the municipality a rule of its own: what is wrong with the books goes to the chief of finance."""
    type_ = DeviationType.objects.get(municipality=municipality, code="OR-OKON")
    values = {"unit": municipality, "type": type_, "role": Role.CHIEF_OF_FINANCE}
    set_routing(
        RoutingRule(municipality=municipality), values, stamp="", by=System("demo"), now=index.beginning
    )


def tellings_of(content: list[Content], index: Index) -> list[Telling]:
    """Return every time that something happened, the oldest first."""
    found = []
    for entry in content:
        chance = Random(entry.key)  # noqa: S311 - the same demo every time, not a secret
        first = chance.randrange(len(entry.units))
        for number in range(entry.times):
            unit = index.units[entry.units[(first + number) % len(entry.units)]]
            ends = entry.ends if number == 0 else "closed"
            age = _AGE[ends] + (number * (OLDEST - 70) // entry.times + chance.randrange(12) if number else 0)
            found.append(Telling(entry, unit, -age, ends))
    return sorted(found, key=lambda telling: (telling.day, telling.content.key))


def _path_to(end: str) -> tuple[str, ...]:
    """Return the states after the report that are passed on the way to ``end``."""
    received = _PATH[1:2]
    beside = {
        "awaiting_reporter": _PATH[1:3], "dismissed": received, "merged": received, "transferred": received,
    }  # fmt: skip
    return beside[end] if end in beside else _PATH[1 : _PATH.index(end) + 1]


class _Play:
    """One telling, played step by step on working days after the report."""

    def __init__(self, telling: Telling, index: Index, newest: Mapping[str, Deviation]) -> None:
        self.telling, self.content, self.index, self.newest = telling, telling.content, index, newest
        self.day = telling.day
        self.chance = Random(f"{telling.content.key}{telling.day}")  # noqa: S311 - the same demo every time

    def run(self) -> Deviation:
        self.case = self._report()
        for state in _path_to(self.telling.ends):
            if state == "actions_running":
                self._tell_others()
            getattr(self, f"_to_{state}")()
            if self.case.is_final:
                return self.case
        if self.telling.ends == "in_progress":
            self._tell_others()
        if self.telling.ends == "awaiting_reporter":
            self._step("ask_reporter", {"question": "Hvem fikk du tak i på sykehuset, og når?"})
        else:
            self._end_beside()
        return self.case

    def _end_beside(self) -> None:
        """End a case that is not handled to its close: dismissed, merged or handed over."""
        ends: dict[str, tuple[str, dict[str, Any]]] = {
            "dismissed": ("dismiss", {"reason": "Utskriften var en prøveside uten opplysninger om noen."}),
            "merged": ("merge", {"main": self.newest.get(self.content.into)}),
            "transferred": ("transfer", {"transferred_to": self.content.to, "reason": self.content.note}),
        }
        if self.telling.ends in ends:
            self._step(*ends[self.telling.ends])

    def _tell_others(self) -> None:
        """Raise the problem of the newest telling, where the content tells of that."""
        if self.content.lift is not None and self.telling.ends == self.content.ends:
            self.lifted = Lifting(self.content.lift, self.case, self.index, self.day)
            self.lifted.tell()
            self.day += 4

    # --- The steps ---------------------------------------------------------------------------------
    def _report(self) -> Deviation:
        now = self._now(7 + self.chance.randrange(15))
        reporter = self._reporter(now)
        type_ = DeviationType.objects.get(
            municipality_id=self.telling.unit.municipality_id, code=self.content.type
        )
        given = ReportInput(
            unit=self.telling.unit, description=self.content.text, kind=self.content.kind, danger=self.content.danger,
            type=type_, place=self.content.place, reported_severity=self.content.severity,
            discovered_at=now - timedelta(minutes=5 + self.chance.randrange(120)),
            answers={**self.content.answers, **self.content.extra},
        )  # fmt: skip
        return operations.report(given, by=reporter, now=now)[0]

    def _to_received(self) -> None:
        self._step("receive", {})

    def _to_in_progress(self) -> None:
        self._step("start", {"handler": self.case.responsible})
        if self.content.kind in {Kind.SUGGESTION, Kind.POSITIVE}:
            return
        now, by = self._now(10), self._leader()
        self.case = operations.assess(
            self.case, type_=self.case.type, category=self.case.category, severity=self.content.severity,
            potential_consequence=min(5, (self.content.severity or 1) + 1), probability=2 + self.chance.randrange(3),
            by=by, now=now,
        )  # fmt: skip
        if self.content.cause:
            cause = Cause.objects.get(municipality_id=self.case.municipality_id, code=self.content.cause)
            self.case = operations.set_causes(self.case, Analysis(causes=[cause]), by=by, now=now)

    def _to_actions_running(self) -> None:
        self._finish_duties()
        if not self.content.action:
            self._step(
                "close_without_action",
                {"no_action_reason": "Det trengs ikke mer.", "closing_note": self.content.note},
            )
            return
        now = self._now(11)
        lift = self.lifted.accept(self.case, title=self.content.action) if self.lifted else None
        self.action = (lift and lift.action) or operations.propose_action(
            self.case, title=self.content.action, owner=self._leader(now).person, by=self._leader(now), now=now,
            due_on=self.index.day(self.day + 20), kind="corrective",
        )  # fmt: skip
        self._step("start_actions", {})

    def _to_evaluating(self) -> None:
        self.day += 10
        now = self._now(14)
        self.action = action_workflow.perform(
            "finish",
            self.action,
            by=person_actor(self.action.owner, day=now.date()),
            now=now,
            data={"outcome": self.content.note or self.content.action},
        )
        self._step("evaluate", {})
        if self.lifted:
            self.lifted.solve(self.content.note)

    def _to_closed(self) -> None:
        self.day += 8
        effect = Effect.PARTLY if self.chance.random() < _HALF_HELPED else Effect.WORKED
        words = (
            "Det har ikke skjedd igjen på fire uker."
            if effect == Effect.WORKED
            else "Det skjer sjeldnere, men er ikke borte."
        )
        self._close_action(effect)
        self._step(
            "close_with_effect", {"effect": effect, "effect_note": words, "closing_note": self.content.note}
        )

    def _close_action(self, effect: str) -> None:
        now = self._now(12)
        action_workflow.perform(
            "close_action", self.action, by=self._leader(now), now=now, data={"effect": effect}
        )

    def _finish_duties(self) -> None:
        """Answer what is not answered, and stamp what the answers started: the leader has done as the law says."""
        now, by = self._now(9), self._leader()
        left = {question.code: "no" for question in triage.unanswered(self.case)}
        if left:
            operations.judge_answers(self.case, left, from_reporter=False, by=by, now=now)
        for duty in Duty.objects.filter(deviation=self.case, status="open"):
            for stamp in duty.stamps.filter(done_at=None):
                operations.stamp_duty(stamp, proof="Ført i loggen for vakta", at=now, by=by, now=now)

    # --- Whose turn it is --------------------------------------------------------------------------
    def _step(self, name: str, data: dict[str, Any]) -> None:
        self.day += 1
        now = self._now(8 + self.chance.randrange(7))
        self.case = deviation_workflow.perform(name, self.case, by=self._leader(now), now=now, data=data)

    def _leader(self, now: datetime | None = None) -> PersonActor:
        person = self.case.handler or self.case.responsible
        assert person is not None
        return person_actor(person, day=(now or self._now(9)).date())

    def _reporter(self, now: datetime) -> PersonActor:
        held = RoleAssignment.objects.in_force(now.date()).filter(role=Role.EMPLOYEE, person__is_active=True)
        near = held.filter(unit=self.telling.unit) or held.filter(
            unit__path__startswith=self.telling.unit.path
        )
        people: list[Person] = [row.person for row in near.select_related("person").order_by("pk")]
        return person_actor(self.chance.choice(people), day=now.date())

    def _now(self, hour: int) -> datetime:
        return self.index.at(self.day, f"{min(hour, 23):02d}:{self.chance.randrange(60):02d}")

    action: CorrectiveAction
    case: Deviation
    lifted: Lifting | None = None
