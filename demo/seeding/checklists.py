"""Answer the checklists of projects in the demo, the way their managers do; one municipality has words of its own."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from core.actors import System
from organization.actors import person_actor
from portfolio.checklist.catalogue import begin_with_standard, save_point
from portfolio.checklist.operations import answer_point
from portfolio.checklist.state import next_of, until
from portfolio.models import Answer, ChecklistPoint, Checkpoint, DecisionPoint, Project

if TYPE_CHECKING:
    from datetime import datetime

    from demo.seeding.organization import Index
    from governance.models import Initiative

_OWN, _SET_ON, _LATELY, _CLOCK = "elvdal", -400, -4, "10:20"
_OWN_POINT = {
    "text": "Økonomisjefen har sett på tallene.", "help": "Gjelder alle prosjekter over 250 000 kroner.", "is_required": True,
}  # fmt: skip
_COMMENTS = {
    ("bp1", 5): "Dekkes innenfor rammen til utredning.",
    ("bp2", 1): "Tre alternativer er sammenlignet i saksframlegget.",
    ("bp3", 2): "Står i økonomiplanen etter rådets vedtak.",
    ("bp3", 5): "Avklart med enhetslederne. Ingen andre endringer i samme kvartal.",
    ("bp4", 5): "To mangler gjenstår, med frist neste måned.",
    ("bp5", 6): "Erfaringene er delt i ledermøtet.",
}
_NOT_RELEVANT = {("bp3", 8): "Leverandøren har vi avtale med fra før."}


def seed_own_checklist(index: Index) -> None:
    """Let one municipality begin with the standard checklist and add a point of its own."""
    municipality, by, now = index.units[_OWN], System("demo"), index.at(_SET_ON, _CLOCK)
    begin_with_standard(municipality, by=by, now=now)
    point = ChecklistPoint(municipality=municipality, point=DecisionPoint.BP3)
    save_point(point, _OWN_POINT, by=by, now=now)


def answer_checklist(initiative: Initiative, *, now: datetime) -> None:
    """Let the manager answer, the day before, what the next decision point demands."""
    project = Project.objects.get(initiative=initiative)
    _answer(project, list(_lacking(project)), now=now - timedelta(hours=22))


def seed_begun_checklists(index: Index) -> None:
    """Let each project under way have answered about half of what the next decision point demands."""
    for project in Project.objects.running().order_by("pk"):
        rows = list(_lacking(project))
        _answer(project, rows[: (len(rows) + project.pk % 2) // 2], now=index.at(_LATELY, _CLOCK))


def _lacking(project: Project) -> list[Checkpoint]:
    rows = Checkpoint.objects.filter(project=project, answer=Answer.OPEN, point__in=until(next_of(project)))
    return [
        row
        for row in rows.order_by("point", "position")
        if row.is_required or (row.point, row.position) in _NOT_RELEVANT
    ]


def _answer(project: Project, rows: list[Checkpoint], *, now: datetime) -> None:
    by = person_actor(project.manager, day=timezone.localdate(now))
    for number, row in enumerate(rows):
        key = (row.point, row.position)
        answer = Answer.NOT_RELEVANT if key in _NOT_RELEVANT else Answer.DONE
        comment = _NOT_RELEVANT.get(key) or _COMMENTS.get(key, "")
        answer_point(row, answer, by=by, now=now + timedelta(minutes=7 * number), comment=comment)
