"""What was said in a consultation, point by point, with the answers: for the page, and as an enclosure of the case."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.formats import local_day
from organization.goal_order import natural
from organization.models import ConsultationAnswer, ConsultationComment, ConsultationPoint

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from core.actors import Actor
    from organization.models import Consultation

HEADINGS = (
    gettext_lazy("Nummer"), gettext_lazy("Mål, slik det ble hørt"), gettext_lazy("I utkastet nå"), gettext_lazy("Fra"),
    gettext_lazy("Stilling"), gettext_lazy("Innspill"), gettext_lazy("Skrevet"), gettext_lazy("Svar"),
    gettext_lazy("Begrunnelse"),
)  # fmt: skip


@dataclass(slots=True)
class Said:
    """A comment with its answer, as the actor may see them."""

    comment: ConsultationComment
    answer: ConsultationAnswer | None


@dataclass(slots=True)
class PointLine:
    """One point with what was said of it; ``own`` is the actor's own comment, also one taken back."""

    point: ConsultationPoint
    said: list[Said] = field(default_factory=list)
    own: ConsultationComment | None = None

    @property
    def own_said(self) -> Said | None:
        """The actor's own comment, if it stands."""
        return next((said for said in self.said if said.comment is self.own), None)

    @property
    def now(self) -> str:
        """What became of the goal in the draft."""
        if self.point.is_taken_out:
            return _("Tatt ut av utkastet")
        if self.point.is_reworded and self.point.goal is not None:
            return _("Endret til «%(goal)s»") % {"goal": self.point.goal}
        return ""


@dataclass(slots=True)
class Summary:
    lines: list[PointLine]
    without_remarks: list[ConsultationComment]

    @property
    def has_own(self) -> bool:
        """Tell whether the actor has answered."""
        return any(line.own is not None and line.own.withdrawn_at is None for line in self.lines)

    @property
    def own_is_silent(self) -> bool:
        """Tell whether the actor has answered that there is nothing to say."""
        return any(line.own is not None and line.own.is_silent for line in self.lines)

    @property
    def count(self) -> int:
        return sum(len(line.said) for line in self.lines)

    @property
    def unanswered(self) -> int:
        return sum(1 for line in self.lines for said in line.said if said.answer is None)

    @property
    def authors(self) -> int:
        return len({said.comment.author_id for line in self.lines for said in line.said})


def summary_of(consultation: Consultation, actor: Actor) -> Summary:
    """Return what the actor may see of it, in three queries: points, comments and answers."""
    points = list(ConsultationPoint.objects.filter(consultation=consultation).select_related("goal"))
    points.sort(key=lambda point: (not point.is_whole, natural(point.code), point.pk))
    lines = {point.pk: PointLine(point) for point in points}
    without = []
    for comment in _comments(consultation, actor):
        line = lines[comment.point_id]
        if comment.author_id == actor.person_id:
            line.own = comment
        if comment.is_standing:
            line.said.append(Said(comment, comment.seen_answer))
        elif comment.withdrawn_at is None:
            without.append(comment)
    return Summary(list(lines.values()), without)


def _comments(consultation: Consultation, actor: Actor) -> Any:
    rows = ConsultationComment.objects.visible_to(actor).filter(point__consultation=consultation)
    answers = ConsultationAnswer.objects.visible_to(actor)
    seen = Prefetch("answer", queryset=answers, to_attr="seen_answer")
    return rows.select_related("author").prefetch_related(seen).order_by("author__name_sort", "pk")


def lines_of(summary: Summary) -> Iterator[list[str | date]]:
    """Return the summary as lines of a file: one for each comment, and one for each who has no remarks."""
    for line in summary.lines:
        for said in line.said:
            answer = said.answer
            yield [
                line.point.code, line.point.title or str(line.point), line.now, *_who(said.comment), said.comment.text,
                local_day(said.comment.changed_at), str(answer or ""), answer.text if answer else "",
            ]  # fmt: skip
    for comment in summary.without_remarks:
        day = local_day(comment.changed_at)
        yield ["", str(comment.point), "", *_who(comment), _("Ingen merknader"), day, "", ""]


def _who(comment: ConsultationComment) -> tuple[str, str]:
    return comment.author.name, comment.author.title
