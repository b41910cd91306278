"""What has happened in a project, of every kind together, newest first, in one query however much there is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import (
    BigIntegerField,
    CharField,
    Count,
    DateTimeField,
    F,
    Max,
    OuterRef,
    Q,
    Subquery,
    TextField,
    Value,
)
from django.db.models import Window as Over
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, Concat, Lag, TruncDate

from organization.models import Person
from portfolio.models import (
    Answer,
    Checkpoint,
    GatePaper,
    PortfolioReport,
    Project,
    ProjectRisk,
    RiskStatus,
    StatusReport,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from organization.actors import PersonActor

_COLUMNS = (
    "told_at",
    "told_key",
    "told_kind",
    "told_ref",
    "told_what",
    "told_detail",
    "told_who",
    "told_reason",
)
_CONTEXT = "pgh_context__metadata"


@dataclass(frozen=True, slots=True)
class Position:
    """The last line that was shown; what comes after it in the list is older."""

    at: datetime
    key: str

    @classmethod
    def read(cls, text: str) -> Position | None:
        """Return the position of an address, or ``None`` where it cannot be read."""
        moment, _mark, key = text[:100].partition("~")
        try:
            at = datetime.fromisoformat(moment)
        except ValueError:
            return None
        return cls(at, key) if at.tzinfo is not None and key.isascii() and "\0" not in key else None

    def __str__(self) -> str:
        return f"{self.at.isoformat()}~{self.key}"

    @property
    def older(self) -> Q:
        return Q(told_at__lt=self.at) | Q(told_at=self.at, told_key__lt=self.key)


def rows_of(
    project: Project, actor: PersonActor, *, at_most: int, after: Position | None = None
) -> list[dict[str, Any]]:
    """Return the newest that ``actor`` may know of, after a position."""
    parts = []
    for rows in _sources(project, actor):
        chosen = rows.filter(after.older) if after else rows
        parts.append(chosen.order_by("-told_at", "-told_key").values(*_COLUMNS)[:at_most])
    first, *rest = parts
    newest = first.union(*rest, all=True).order_by("-told_at", "-told_key")[:at_most]
    return [{name.removeprefix("told_"): value for name, value in row.items()} for row in newest]


def _sources(project: Project, actor: PersonActor) -> Iterator[QuerySet[Any]]:
    yield _steps(project)
    yield _statuses(project)
    yield _answers(project)
    papers = GatePaper.objects.visible_to(actor).filter(project=project)
    yield _told(papers.filter(sent_at__isnull=False), "paper_sent", at="sent_at", what="point", by="sent_by")
    yield _told(
        papers.filter(decided_at__isnull=False),
        "paper_decided",
        at="decided_at",
        what="point",
        by="decided_by",
        detail="status",
    )
    yield _opened_risks(project)
    yield _closed_risks(project)
    yield _reports(project)


def _told(
    rows: QuerySet[Any], kind: str, *, at: str, what: str, by: str = "", detail: str = ""
) -> QuerySet[Any]:
    """Give rows the columns of the list."""
    return rows.order_by().annotate(
        told_at=F(at), told_key=_key(kind, "pk"), told_kind=_text(kind), told_ref=Cast("pk", BigIntegerField()),
        told_what=Cast(what, TextField()) if what else _text(""), told_detail=Cast(detail, TextField()) if detail else _text(""),
        told_who=F(f"{by}__name") if by else Value(None, CharField()), told_reason=_text(""),
    )  # fmt: skip


def _key(kind: str, of: Any) -> Concat:
    return Concat(_text(f"{kind}-"), Cast(of, TextField()), output_field=TextField())


def _text(value: str) -> Value:
    return Value(value, output_field=TextField())


def _name(of: Any) -> Subquery:
    return Subquery(Person.objects.filter(pk=OuterRef(of)).values("name")[:1])


def _steps(project: Project) -> QuerySet[Any]:
    """The project's own events, each with the status it came to where that changed."""
    own = KeyTextTransform(f"action of {Project._meta.label_lower}", _CONTEXT)
    before = Over(Lag("status"), order_by=F("pgh_id").asc())
    rows = Project.pgh_event_model.objects.filter(pgh_obj_id=project.pk).order_by()
    rows = rows.annotate(before=before, actor_of=Cast(KeyTextTransform("actor", _CONTEXT), BigIntegerField()))
    return rows.annotate(
        told_at=F("changed_at"), told_key=_key("step", "pgh_id"), told_kind=_text("step"), told_ref=Cast("pgh_id", BigIntegerField()),
        told_what=Coalesce(own, KeyTextTransform("action", _CONTEXT), _text(""), output_field=TextField()),
        told_detail=Concat(Coalesce(Cast("before", TextField()), _text("")), _text(">"), Cast("status", TextField()), output_field=TextField()),
        told_who=_name("actor_of"), told_reason=Coalesce(KeyTextTransform("reason", _CONTEXT), _text(""), output_field=TextField()),
    )  # fmt: skip


def _statuses(project: Project) -> QuerySet[Any]:
    rows = StatusReport.objects.filter(project=project).published()
    return _told(rows, "status", at="published_at", what="", by="published_by")


def _answers(project: Project) -> QuerySet[Any]:
    """Who answered how many points of the checklists on a day."""
    events = Checkpoint.pgh_event_model.objects.filter(
        project_id=project.pk, answered_at=F("changed_at")
    ).order_by()
    days = (
        events.exclude(answer=Answer.OPEN).annotate(day=TruncDate("changed_at")).values("day", "answered_by")
    )
    return days.annotate(
        told_at=Max("changed_at", output_field=DateTimeField()), told_key=_key("answers", Max("pgh_id")), told_kind=_text("answers"),
        told_ref=Cast(Max("pgh_id"), BigIntegerField()), told_what=Cast(Count("pgh_obj_id", distinct=True), TextField()), told_detail=_text(""),
        told_who=_name("answered_by"), told_reason=_text(""),
    )  # fmt: skip


def _opened_risks(project: Project) -> QuerySet[Any]:
    events = ProjectRisk.pgh_event_model.objects.filter(project_id=project.pk, pgh_label="insert").order_by()
    return _of_risk(events, "risk_opened", detail="kind")


def _closed_risks(project: Project) -> QuerySet[Any]:
    """Each time a risk was no longer open."""
    events = ProjectRisk.pgh_event_model.objects.filter(project_id=project.pk).order_by()
    earlier = events.filter(pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__lt=OuterRef("pgh_id")).order_by(
        "-pgh_id"
    )
    rows = events.annotate(before=Subquery(earlier.values("status")[:1])).filter(before=RiskStatus.OPEN)
    closed = rows.exclude(status=RiskStatus.OPEN).exclude(pgh_label="delete")
    return _of_risk(closed, "risk_closed", detail="status")


def _of_risk(events: QuerySet[Any], kind: str, *, detail: str) -> QuerySet[Any]:
    actor = Cast(KeyTextTransform("actor", _CONTEXT), BigIntegerField())
    return events.annotate(actor_of=actor).annotate(
        told_at=F("changed_at"), told_key=_key(kind, "pgh_id"), told_kind=_text(kind), told_ref=Cast("pgh_obj_id", BigIntegerField()),
        told_what=Cast("title", TextField()), told_detail=Cast(detail, TextField()), told_who=_name("actor_of"), told_reason=_text(""),
    )  # fmt: skip


def _reports(project: Project) -> QuerySet[Any]:
    """The published portfolio reports of the areas that the project is in."""
    rows = PortfolioReport.objects.published().filter(
        municipality=project.municipality_id, area__path__in=project.unit.line_paths
    )
    return _told(rows, "report", at="published_at", what="title", by="published_by")
