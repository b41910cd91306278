"""Play what the demo tells of problems that leaders raised to others, and who solved them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deviations import operations
from deviations.models import LiftReply
from deviations.operations import LiftInput, OfferInput
from deviations.workflow import lift_workflow
from organization.actors import person_actor
from organization.models import Person, RoleAssignment
from organization.roles import Role

if TYPE_CHECKING:
    from datetime import datetime

    from demo.content.model import Lift as Content
    from demo.seeding.organization import Index
    from deviations.models import Deviation, Lift, LiftOffer
    from organization.actors import PersonActor


class Lifting:
    """The problem behind one telling, from the day it is raised."""

    def __init__(self, content: Content, case: Deviation, index: Index, day: int) -> None:
        self.content, self.case, self.index, self.day = content, case, index, day
        self.offer: LiftOffer | None = None

    def tell(self) -> None:
        """Raise it, and let the others answer on the days after."""
        told = self.content
        sector = self.index.units[told.sector] if told.sector else None
        given = LiftInput(
            title=told.title, problem=told.problem, sector=sector, role=told.role, names_unit=told.names_unit
        )
        self.lift: Lift = operations.raise_lift(self.case, given, by=self._leader(), now=self._at(0, "10:20"))
        for number, username in enumerate(told.same):
            now = self._at(1, f"09:{10 + number}")
            operations.reply_to_lift(self.lift, LiftReply.Kind.SAME, by=self._actor(username), now=now)
        for number, text in enumerate(told.talk):
            by = self._leader() if number % 2 else self._actor(told.asks)
            operations.write_about_lift(self.lift, text, by=by, now=self._at(1, f"{11 + number}:40"))
        self._offer()

    def _offer(self) -> None:
        if (told := self.content.offer) is None:
            return
        by = self._actor(told.by)
        held = RoleAssignment.objects.filter(person=by.person, role__in=[Role.SECTOR_LEADER, Role.LEADER])
        unit = held.select_related("unit").order_by("pk")[0].unit
        given = OfferInput(
            plan=told.plan, unit=unit, owner=by.person, due_on=self.index.day(self.day + told.days)
        )
        self.offer = operations.offer_solution(self.lift, given, by=by, now=self._at(2, "08:45"))

    def accept(self, case: Deviation, *, title: str) -> Lift | None:
        """Let the leader take the offer, and return the lift with its action."""
        if self.offer is None:
            return None
        self.case = case
        data = {"offer": self.offer, "title": title}
        self.lift = lift_workflow.perform(
            "accept_offer", self.lift, by=self._leader(), now=self._at(3, "13:05"), data=data
        )
        return self.lift

    def solve(self, solution: str) -> None:
        """Let the leader tell what solved it."""
        now = self._at(17, "15:10")
        lift_workflow.perform("solve", self.lift, by=self._leader(), now=now, data={"solution": solution})

    def _leader(self) -> PersonActor:
        person = self.case.handler or self.case.responsible
        assert person is not None
        return person_actor(person, day=self.index.day(self.day))

    def _actor(self, username: str) -> PersonActor:
        return person_actor(Person.objects.get(username=username), day=self.index.day(self.day))

    def _at(self, days: int, clock: str) -> datetime:
        return self.index.at(self.day + days, clock)
