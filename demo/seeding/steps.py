"""What each kind of step in a story does, through the operations and transitions of the house."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from demo.seeding.batons import pass_baton
from demo.seeding.checklists import answer_checklist
from governance import council, paper_comments
from governance.hearings import operations as hearings
from governance.hearings import stand_ins
from governance.hearings.files import answer_with_files
from governance.models import CasePaper, Hearing, Initiative, MunicipalDecision
from governance.models.preparation import Position
from governance.paper_sections import all_kinds
from governance.paper_writing import save_section, standing
from governance.workflow import initiative_workflow
from governance.writing import Typed
from organization.roles import Role
from portfolio.models import Phase
from portfolio.operations import move_phase, start_project
from portfolio.workflow import status_workflow

if TYPE_CHECKING:
    from demo.content.model import Step
    from demo.seeding.player import Player
    from organization.actors import PersonActor

Handler = Callable[["Player", Initiative, "Step", "PersonActor", datetime], None]
_handlers: dict[str, Handler] = {}


def handles(*names: str) -> Callable[[Handler], Handler]:
    def register(handler: Handler) -> Handler:
        for name in names:
            _handlers[name] = handler
        return handler

    return register


def play(player: Player, initiative: Initiative, step: Step, *, by: PersonActor, now: datetime) -> None:
    """Do one step; what is not special is a transition of that name with its data."""
    handler = _handlers.get(step.do, _transition)
    handler(player, initiative, step, by, now)


def _transition(player: Player, initiative: Initiative, step: Step, by: PersonActor, now: datetime) -> None:
    data = dict(step.data)
    if "deadline" in data:
        data["deadline"] = player.index.day(int(data["deadline"]))
    if "case_handler" in data:
        data["case_handler"] = player.index.people[str(data["case_handler"])]
    if "meeting" in data:
        data["meeting"] = player.meetings.row(str(data["meeting"]))
    if "into" in data:
        data["into"] = player.initiative(str(data["into"]))
    initiative_workflow.perform(step.do, initiative, by=by, now=now, data=data)


@handles("adopt_within_authority")
def _adopted_already(
    player: Player, initiative: Initiative, step: Step, by: PersonActor, now: datetime
) -> None:
    """The system adopts in the same moment as the council prioritizes; the story tells it as a step of its own."""


@handles("request_hearings")
def _ask(player: Player, initiative: Initiative, step: Step, by: PersonActor, now: datetime) -> None:
    roles = [Role(role) for role in step.data["roles"]]
    due_on = player.index.day(int(step.data["deadline"]))
    hearings.ask_hearings(initiative, roles=roles, due_on=due_on, by=by, now=now)


@handles("answer_hearing")
def _answer(player: Player, initiative: Initiative, step: Step, by: PersonActor, now: datetime) -> None:
    rows = Hearing.objects.filter(initiative=initiative, role=step.data["role"], answered_at=None)
    hearing = rows.filter(person_id=by.person_id).first() or rows.first()
    if hearing is None:
        raise LookupError(f"{initiative}: nobody asked {step.data['role']} (step at {now:%Y-%m-%d})")
    position = step.data.get("position", Position.REMARKS)
    answer_with_files(
        hearing,
        _files(step.data.get("file")),
        answer=str(step.data["answer"]),
        position=position,
        by=by,
        now=now,
    )


def _files(told: dict[str, str] | None) -> list[SimpleUploadedFile]:
    """Return the file that a story says goes with an answer: its name and its words."""
    return [SimpleUploadedFile(told["name"], told["words"].encode(), "text/plain")] if told else []


@handles("name_stand_in")
def _stand_in(player: Player, initiative: Initiative, step: Step, by: PersonActor, now: datetime) -> None:
    hearing = Hearing.objects.get(initiative=initiative, role=step.data["role"], answered_at=None)
    person = player.index.people[str(step.data["stand_in"])]
    stand_ins.name_stand_in(hearing, person=person, reason=step.data.get("reason", ""), by=by, now=now)


@handles("note_deadline")
def _note(player: Player, initiative: Initiative, step: Step, by: PersonActor, now: datetime) -> None:
    rows = Hearing.objects.filter(initiative=initiative, role=step.data["role"], answered_at=None)
    hearings.note_deadline(rows.get(), by=by, now=now)


@handles("mark_ready")
def _ready(player: Player, initiative: Initiative, step: Step, by: PersonActor, now: datetime) -> None:
    """Note the deadlines that passed without an answer, as whoever prepares the case does before it is ready."""
    for hearing in Hearing.objects.filter(initiative=initiative).open().select_related("initiative"):
        hearings.note_deadline(hearing, by=by, now=now)
    _transition(player, initiative, step, by, now)


@handles("write_case_paper", "revise_case_paper")
def _write(player: Player, initiative: Initiative, step: Step, by: PersonActor, now: datetime) -> None:
    paper = CasePaper.objects.filter(initiative=initiative).first() or CasePaper(initiative=initiative)
    for kind in all_kinds():
        if kind.key in step.data:
            typed = Typed(text=str(step.data[kind.key]), version=standing(paper, kind).version)
            save_section(initiative, kind, typed, by=by, now=now)


@handles("comment_paper")
def _comment(player: Player, initiative: Initiative, step: Step, by: PersonActor, now: datetime) -> None:
    kind = next(kind for kind in all_kinds() if kind.key == step.data["section"])
    version = standing(CasePaper.objects.get(initiative=initiative), kind).version
    paper_comments.write_comment(initiative, kind, text=step.data["text"], version=version, by=by, now=now)


@handles("settle_comment")
def _settle(player: Player, initiative: Initiative, step: Step, by: PersonActor, now: datetime) -> None:
    for comment in initiative.paper_comments.filter(key=step.data["section"], settled_at=None):
        paper_comments.settle_comment(comment, by=by, now=now)


@handles("decide")
def _decide(player: Player, initiative: Initiative, step: Step, by: PersonActor, now: datetime) -> None:
    player.meetings.decide(initiative, step, by=by, now=now)


@handles("municipal_decision")
def _municipal(player: Player, initiative: Initiative, step: Step, by: PersonActor, now: datetime) -> None:
    data: dict[str, Any] = step.data
    row = MunicipalDecision.objects.get(
        initiative=initiative, municipality=player.index.units[str(data["municipality"])]
    )
    council.decide_for_municipality(
        row, verdict=data["verdict"], text=data["text"], body=data["by"], by=by, now=now,
        reference=data.get("reference", ""), budget_year=timezone.localdate(now).year,
        conditions=data.get("conditions", ""), document_url=data.get("document_url", ""),
    )  # fmt: skip


@handles("enter_portfolio")
def _start(player: Player, initiative: Initiative, step: Step, by: PersonActor, now: datetime) -> None:
    people, ends = player.index.people, step.data.get("ends")
    start_project(
        initiative, name=step.data["name"], owner=people[step.data["project_owner"]],
        manager=people[step.data["project_manager"]], by=by, now=now, starts_on=now.date(),
        ends_on=None if ends is None else player.index.day(int(ends)),
    )  # fmt: skip


@handles("move_phase")
def _move(player: Player, initiative: Initiative, step: Step, by: PersonActor, now: datetime) -> None:
    if step.data["to"] == Phase.REALIZING:
        pass_baton(initiative, by=by, now=now)
    answer_checklist(initiative, now=now)
    move_phase(initiative.project, to=step.data["to"], by=by, now=now)


@handles("pause", "resume", "stop", "complete")
def _project(player: Player, initiative: Initiative, step: Step, by: PersonActor, now: datetime) -> None:
    data = dict(step.data)
    if data.get("until") is not None:
        data["until"] = player.index.day(int(data["until"]))
    if step.do == "complete":
        player.judge(initiative)
        answer_checklist(initiative, now=now)
    status_workflow.perform(step.do, initiative.project, by=by, now=now, data=data)
