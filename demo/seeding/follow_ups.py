"""Let the demo's people follow up what the councils decided, as the page of each decision would."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile

from demo.content.read import read_yaml
from governance.follow_up_files import add_files
from governance.following_up import Assignment, set_follow_up
from governance.models import FollowUp
from governance.workflow import follow_up_workflow

if TYPE_CHECKING:
    from demo.seeding.player import Player

_CLOCK = "13:20"
_MOVE, _ATTACH = "move_follow_up", "attach"


def seed_follow_ups(player: Player) -> None:
    """Begin, finish, move and end what is followed up; what is past its deadline and left alone is late."""
    for one in read_yaml("follow_ups.yaml"):
        row = FollowUp.objects.get(decision__initiative=player.initiatives[one["initiative"]])
        for step in one["steps"]:
            _take(player, row, step)


def _take(player: Player, row: FollowUp, step: dict[str, Any]) -> None:
    day, name = step["day"], step["do"]
    by, now = player.actor(step["by"], player.index.day(day)), player.index.at(day, _CLOCK)
    if name == _ATTACH:
        add_files(row, [SimpleUploadedFile(step["file"], step["text"].encode())], by=by, now=now)
        return
    if name == _MOVE:
        current = FollowUp.objects.select_related("responsible").get(pk=row.pk)
        moved = Assignment(
            responsible=current.responsible, due_on=player.index.day(step["deadline"]), reason=step["reason"],
            began=current.changed_at,
        )  # fmt: skip
        set_follow_up(row.decision, moved, by=by, now=now)
        return
    data: dict[str, Any] = {key: step[key] for key in ("remark", "reason") if key in step}
    if "deadline" in step:
        data["due_on"] = player.index.day(step["deadline"])
    if "remark" in data:
        data["evidence_url"] = step.get("evidence_url", "")
    follow_up_workflow.perform(name, row, by=by, now=now, data=data)
