"""How the checklists of a project are shown: the decision point that comes next first, and what was answered."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from core.presentation import names_of
from portfolio.checklist.forms import AnswerForm
from portfolio.checklist.state import NextPoint, lacking, next_of, short, summed_up
from portfolio.models import Answer, Checkpoint, DecisionPoint

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from django.utils.functional import _StrOrPromise as StrOrPromise

    from portfolio.models import Project

TONES = {Answer.OPEN: "neutral", Answer.DONE: "success", Answer.NOT_RELEVANT: "info"}
_TOLD = 10


@dataclass(frozen=True, slots=True)
class Line:
    """One point, with the form that answers it for whoever may."""

    row: Checkpoint
    form: AnswerForm | None

    @property
    def tone(self) -> str:
        return TONES[Answer(self.row.answer)]

    @property
    def is_open(self) -> bool:
        return self.row.answer == Answer.OPEN

    @property
    def is_lacking(self) -> bool:
        return self.is_open and self.row.is_required

    @property
    def has_form_open(self) -> bool:
        return self.form is not None and self.form.is_bound

    @property
    def buttons(self) -> list[dict[str, Any]]:
        """Return the answers that can be given; the one that stands can be given another comment."""
        keeps = _("Lagre kommentaren")
        labels = {
            Answer.DONE: _("I orden"),
            Answer.NOT_RELEVANT: _("Gjelder ikke oss"),
            Answer.OPEN: _("Åpne igjen"),
        }
        return [
            {
                "value": answer.value, "label": keeps if answer == self.row.answer else label,
                "variant": "secondary" if answer == Answer.DONE else "tertiary", "icon": "check" if answer == Answer.DONE else "",
            }
            for answer, label in labels.items() if not (answer == Answer.OPEN and self.is_open)
        ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Group:
    """The checklist of one decision point."""

    point: DecisionPoint
    lines: list[Line]
    is_now: bool
    is_open: bool

    @property
    def answered(self) -> int:
        return sum(not line.is_open for line in self.lines)

    @property
    def left(self) -> int:
        """How many points must be answered and are not."""
        return sum(line.is_lacking for line in self.lines)


@dataclass(frozen=True, slots=True)
class Page:
    """All checklists of a project; ``summary`` is absent where it does not run."""

    groups: list[Group]
    summary: NextPoint | None

    def group_of(self, row: Checkpoint) -> Group:
        return next(group for group in self.groups if group.point == row.point)

    def line_of(self, row: Checkpoint) -> Line:
        return next(line for line in self.group_of(row).lines if line.row.pk == row.pk)


def page_of(
    project: Project, *, may_answer: bool, tried: AnswerForm | None = None, tried_of: int = 0, shown: str = ""
) -> Page:
    """Return the checklists, in one query: what is due now comes first and is open.

    :param tried: the form of a point whose answer was not taken; ``tried_of`` is that point.
    :param shown: a decision point that the reader asked to see too.
    """
    rows = list(
        Checkpoint.objects.filter(project=project)
        .select_related("answered_by")
        .order_by("point", "position", "pk")
    )
    project.open_points = [row.point for row in rows if row.is_required and row.answer == Answer.OPEN]
    due = _due(project)
    groups = []
    for point in DecisionPoint:
        of_point = [row for row in rows if row.point == point]
        lines = [Line(row, _form(row, may_answer, tried, tried_of)) for row in of_point]
        is_tried = any(row.pk == tried_of for row in of_point)
        if lines:
            groups.append(Group(point, lines, point in due, is_tried or point in due or point == shown))
    groups.sort(key=lambda group: not group.is_now)
    return Page(
        groups, _summary(project, rows) if rows and project.is_running and project.is_project else None
    )


def _due(project: Project) -> set[DecisionPoint]:
    """Return the next decision point, and those before it that lack something."""
    if not project.is_running or not project.is_project:
        return set()
    here = next_of(project)
    return {here, *lacking(project, here)}


def _form(row: Checkpoint, may_answer: bool, tried: AnswerForm | None, tried_of: int) -> AnswerForm | None:
    if not may_answer:
        return None
    return tried if tried is not None and row.pk == tried_of else AnswerForm(checkpoint=row)


def _summary(project: Project, rows: Sequence[Checkpoint]) -> NextPoint:
    totals = Counter(row.point for row in rows)
    answered = Counter(row.point for row in rows if row.answer != Answer.OPEN)
    return summed_up(project, totals, answered)


# --- What was answered ------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Told:
    """One answer that was given."""

    answer: StrOrPromise
    text: str
    who: str
    at: datetime
    comment: str
    point: str
    tone: str


def told_of(page: Page) -> list[Told]:
    """Return the latest answers to the points of a page, also those that were changed since, in two queries."""
    ids = [line.row.pk for group in page.groups for line in group.lines]
    model: Any = Checkpoint.pgh_event_model
    events = list(
        model.objects.filter(pgh_obj_id__in=ids, pgh_label="update")
        .select_related("pgh_context")
        .order_by("-pgh_id")[:_TOLD]
    )
    names = names_of(_actor_of(event) for event in events)
    return list(_told(events, names))


def _told(events: Iterable[Any], names: dict[int, str]) -> Iterable[Told]:
    for event in events:
        answer = Answer(event.answer)
        yield Told(
            answer=answer.label, text=event.text, who=names.get(_actor_of(event) or 0, ""), at=event.changed_at,
            comment=event.comment, point=short(event.point), tone=TONES[answer],
        )  # fmt: skip


def _actor_of(event: Any) -> int | None:
    actor: int | None = event.pgh_context.metadata.get("actor") if event.pgh_context else None
    return actor
