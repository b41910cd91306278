"""What is published of the council's cases: the papers as they went out, what was decided, and the minutes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef
from django.db.models.functions import JSONObject

from governance.models import AgendaItem, CasePaper, Decision, Initiative, MeetingStatus
from governance.models.decision import Outcome
from governance.presentation import shown_title
from organization.models import Consultation

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from organization.actors import PersonActor

LATEST_PUBLISHED = ("-papers_published_at", "-pk")
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Treatment:
    """One time the council had a case: which meeting, what came of it, and whether the meeting and its minutes are open."""

    meeting_id: int
    meeting: str
    case_number: str
    outcome: str
    is_seen: bool
    has_minutes: bool


@dataclass(frozen=True, slots=True)
class Published:
    """A published case as a list shows it."""

    case: Initiative
    title: str
    reads_paper: bool
    is_delegated: bool
    treatments: tuple[Treatment, ...]


def published_to(actor: PersonActor, words: str = "") -> QuerySet[Any]:
    """Return the cases whose papers are out, of those the actor sees, with what a line shows, in one statement.

    What somebody may not read is not searched either (``InitiativeQuerySet.matching``).
    """
    rows = Initiative.objects.visible_to(actor).with_access(actor).filter(papers_published_at__isnull=False)
    if words:
        rows = rows.matching(words, actor)
    items = (
        AgendaItem.objects.on_agenda()
        .with_sight_of_meeting(actor)
        .filter(initiative_id=OuterRef("pk"), matter=None, meeting__summoned_at__isnull=False)
    )
    told = JSONObject(
        meeting_id="meeting_id", meeting="meeting__number", case_number="case_number", outcome="decision__outcome",
        status="meeting__status",
        is_seen="sees_meeting",
    )  # fmt: skip
    papers = CasePaper.objects.out_to(actor).filter(initiative_id=OuterRef("pk"))
    rows = rows.annotate(
        treatments=ArraySubquery(items.order_by("-meeting__starts_at", "-pk").values(data=told)),
        case_paper_is_out=Exists(papers),
        is_delegated=Exists(
            Decision.objects.filter(initiative_id=OuterRef("pk"), body=Decision.Body.SECRETARIAT)
        ),
    )
    return rows.select_related("municipality", "unit").defer("search_card", "search_papers")


@dataclass(frozen=True, slots=True)
class Asked:
    """The consultations that ask somebody: those that are shown, and how many there are beside them."""

    shown: list[Consultation]
    more: int


def open_consultations(actor: PersonActor, day: date, *, all_of_them: bool = False) -> Asked:
    """Return the consultations of draft strategies that ask the actor today, the first to close first."""
    rows = Consultation.objects.visible_to(actor).asking(actor).open_on(day).select_related("strategy")
    found = list(rows.order_by("closes_on", "pk"))
    shown = found if all_of_them else found[:SHOWN]
    return Asked(shown, len(found) - len(shown))


def shown(row: Any) -> Published:
    """Return a line of what ``published_to`` found: of a shielded case its public title and where it was treated."""
    reads = bool(row.reads_papers and row.reads_shielded)
    treatments = tuple(_treatment(told) for told in row.treatments)
    return Published(row, shown_title(row), reads and row.case_paper_is_out, row.is_delegated, treatments)


def _treatment(told: dict[str, Any]) -> Treatment:
    outcome = Outcome(told["outcome"]).label if told["outcome"] else ""
    is_seen = told["is_seen"]
    is_open = is_seen and told["status"] == MeetingStatus.MINUTES_APPROVED
    return Treatment(told["meeting_id"], told["meeting"], told["case_number"], str(outcome), is_seen, is_open)
