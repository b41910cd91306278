"""Let the demo's municipalities hear their elected representatives about draft strategies, and answer them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from demo.content.read import read_yaml
from organization import operations
from organization.models import (
    Consultation,
    ConsultationAnswer,
    ConsultationComment,
    ConsultationPoint,
    Goal,
    Strategy,
)
from organization.operations import Edit
from organization.workflow import consultation_workflow

if TYPE_CHECKING:
    from demo.seeding.player import Player

_WRITTEN, _SAID, _ANSWERED = "09:20", "12:35", "14:10"


def seed_consultations(player: Player) -> None:
    """Write the drafts, open their consultations, and let people comment; some go on, some are answered, one adopted."""
    for one in read_yaml("consultations.yaml"):
        _Hearing(player, one).play()


class _Hearing:
    """One draft and its consultation."""

    def __init__(self, player: Player, one: dict[str, Any]) -> None:
        self.player, self.index, self.one, self.round = player, player.index, one, one["consultation"]
        self.by = player.actor(one["by"], self.index.day(one["written"]))

    def play(self) -> None:
        self.strategy = self._write()
        opens = self.round["opens"]
        draft = Consultation(
            strategy=self.strategy, text=self.round["text"], opens_on=self.index.day(opens), closes_on=self.index.day(self.round["closes"]),
            hears_leaders=self.round["hears_leaders"], hears_secretariat=self.round["hears_secretariat"],
        )  # fmt: skip
        self.consultation = operations.open_consultation(
            draft, by=self.by, now=self.index.at(opens, _WRITTEN)
        )
        said = [(self._comment(row), row) for row in self.round["comments"]]
        for row in self.round.get("no_remarks", []):
            by, now = self._person(row)
            operations.have_no_remarks(self.consultation, by=by, now=now)
        if "answered" in self.round:
            self._answer(said)
        if "adopted" in self.one:
            self._adopt(self.one["adopted"])

    def _write(self) -> Strategy:
        one, now = self.one, self.index.at(self.one["written"], _WRITTEN)
        strategy = Strategy(
            municipality=self.index.units[one["municipality"]], title=one["title"], version=one["version"]
        )
        operations.create_strategy(strategy, by=self.by, now=now)
        goals: dict[str, Goal] = {}
        for row in one["goals"]:
            goal = Goal(
                strategy=strategy, unit=self.index.units[row["unit"]], code=row["code"], title=row["title"],
                indicator=row["indicator"], owner=self.index.people[row["owner"]], parent=goals.get(row.get("parent", "")),
            )  # fmt: skip
            goals[row["code"]] = operations.save_goal(Edit(goal, ()), by=self.by, now=now)
        return strategy

    def _person(self, row: dict[str, Any]) -> Any:
        day = row["day"]
        return self.player.actor(row["by"], self.index.day(day)), self.index.at(day, _SAID)

    def _comment(self, row: dict[str, Any]) -> ConsultationComment:
        by, now = self._person(row)
        points = ConsultationPoint.objects.select_related("consultation")
        point = points.get(consultation=self.consultation, code=row.get("goal", ""))
        comment = ConsultationComment.objects.own_or_new(point, by.person_id)
        comment.text = row["text"]
        return operations.save_comment(Edit(comment, ("text",)), by=by, now=now)

    def _answer(self, said: list[tuple[ConsultationComment, dict[str, Any]]]) -> None:
        """Let it close, answer each comment, reword the goals, and send the answers."""
        operations.move_consultations(now=self.index.at(self.round["closes"] + 1, _WRITTEN))
        now = self.index.at(self.round["answered"], _WRITTEN)
        for comment, row in said:
            answer = ConsultationAnswer(comment=comment, outcome=row["outcome"], text=row["answer"])
            operations.save_answer(Edit(answer, ()), by=self.by, now=now)
        for goal in self.strategy.goals.filter(code__in=self.round["reworded"]):
            goal.title = self.round["reworded"][goal.code]
            operations.save_goal(Edit(goal, ("title",)), by=self.by, now=now)
        consultation_workflow.perform(
            "send_answers",
            self.consultation,
            by=self.by,
            now=self.index.at(self.round["answered"], _ANSWERED),
        )

    def _adopt(self, row: dict[str, Any]) -> None:
        """Register the political decision, which came when those who were asked had their answers."""
        day = self.index.day(row["day"])
        decision = operations.Adoption(
            adopted_on=day, adopted_body=row["body"], adopted_reference=f"{row['case']}/{day:%y}",
            valid_to=day.replace(year=day.year + row["valid_years"], day=1),
        )  # fmt: skip
        operations.adopt_strategy(
            self.strategy, decision, by=self.by, now=self.index.at(row["day"], _ANSWERED)
        )
