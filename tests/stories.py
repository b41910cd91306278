"""Bring an initiative to any state, through the workflow, the way people do it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from benefits.models import Benefit
from core.workdays import add_working_days
from governance import council, operations
from governance.cycle.operations import add_period
from governance.models import CostLine, CyclePeriod, Initiative, Meeting
from governance.workflow import initiative_workflow, meeting_workflow
from organization.roles import Role
from portfolio.checklist.operations import answer_point
from portfolio.checklist.state import next_of, until
from portfolio.models import Answer, Checkpoint, DecisionPoint
from portfolio.operations import move_phase, start_project
from tests.retelling import retold

if TYPE_CHECKING:
    from portfolio.models import Project
    from tests.world import Place

perform = initiative_workflow.perform


@retold
def draft(place: Place, **fields: Any) -> Initiative:
    """Return a draft that meets every requirement."""
    now = timezone.now()
    values = {
        "summary": "Vi vil bruke mindre tid på skjema.",
        "need": "I dag skrives alt to ganger.",
        "target_group": "Ansatte i hjemmetjenesten",
        "category": Initiative.Category.DEVELOPMENT,
        "null_alternative": "Vi fortsetter å skrive alt to ganger.",
        "operation_per_year": 10_000,
        "financing": Initiative.Financing.OWN_BUDGET,
        "affects_staff": "no",
        "personal_data": "no",
        "service_owner": place.person(Role.SERVICE_OWNER),
        **fields,
    }
    title = values.pop("title", "Digital vaktplan")
    initiative = operations.create_initiative(
        title=title, unit=place.unit, by=place.actor(Role.EMPLOYEE), now=now, **values
    )
    initiative.goals.add(place.goal)
    CostLine.objects.create(initiative=initiative, year=timezone.localdate(now).year, amount=50_000)
    Benefit.objects.create(
        initiative=initiative, title="Mindre dobbeltarbeid", beneficiary="own_organization", kind="saved_time",
        form="alternative_use", hours_per_year=400, service_owner=place.person(Role.SERVICE_OWNER), created_at=now,
        changed_at=now,
    )  # fmt: skip
    return initiative


@retold
def awaiting_endorsement(place: Place, **fields: Any) -> Initiative:
    return perform("submit", draft(place, **fields), by=place.actor(Role.EMPLOYEE), now=timezone.now())


@retold
def received(place: Place, **fields: Any) -> Initiative:
    sent = awaiting_endorsement(place, **fields)
    return perform("endorse", sent, by=place.actor(Role.SECTOR_LEADER), now=timezone.now())


@retold
def under_preparation(place: Place, **fields: Any) -> Initiative:
    handler = place.person(Role.COORDINATOR)
    data = {"case_handler": handler, "deadline": timezone.localdate() + timedelta(days=30)}
    arrived = received(place, **fields)
    return perform(
        "start_preparation", arrived, by=place.actor(Role.SECRETARIAT), now=timezone.now(), data=data
    )


@retold
def write_paper(initiative: Initiative, place: Place) -> None:
    from governance.models import CasePaper, PaperSection

    text = "Tekst som er lang nok til å stå i et saksframlegg."
    writer, now = place.person(Role.COORDINATOR), timezone.now()
    paper = CasePaper.objects.create(initiative=initiative, written_by=writer, changed_at=now)
    texts = dict.fromkeys(("summary", "background", "alternatives", "assessment"), text)
    PaperSection.objects.bulk_create(
        PaperSection(paper=paper, key=key, version=1, text=written, written_by=writer, changed_at=now)
        for key, written in {"recommendation": "1. Tiltaket prioriteres.", **texts}.items()
    )


@retold
def ready_for_council(place: Place, **fields: Any) -> Initiative:
    initiative = under_preparation(place, **fields)
    write_paper(initiative, place)
    now = timezone.now()
    for hearing in initiative.hearings.all():
        hearing.position, hearing.answered_at, hearing.answered_by = "no_remarks", now, hearing.person
        hearing.save()
    return perform("mark_ready", initiative, by=place.actor(Role.COORDINATOR), now=now)


@retold
def meeting(place: Place, *, days: int = 20) -> Meeting:
    return council.plan_meeting(
        municipality=place.municipality, starts_at=timezone.now() + timedelta(days=days), place="Kommunestyresalen",
        by=place.actor(Role.SECRETARIAT), now=timezone.now(),
    )  # fmt: skip


@retold
def on_agenda(place: Place, at: Meeting | None = None, **fields: Any) -> Initiative:
    initiative = ready_for_council(place, **fields)
    data = {"meeting": at or meeting(place)}
    return perform(
        "put_on_agenda", initiative, by=place.actor(Role.SECRETARIAT), now=timezone.now(), data=data
    )


@retold
def in_session(at: Meeting, place: Place) -> Meeting:
    """Send the papers, let everyone attend, and open the meeting."""
    by, now = place.actor(Role.SECRETARIAT), timezone.now()
    at = meeting_workflow.perform("summon", at, by=by, now=now)
    seats = {a.pk for a in at.attendances.exclude(seat="substitute")}
    council.register_attendance(at, present=seats, absent=set(), substitutes={}, by=by, now=now)
    return meeting_workflow.perform("open_session", at, by=by, now=now)


@retold
def decided(place: Place, outcome: str, **fields: Any) -> Initiative:
    at = meeting(place)
    initiative = on_agenda(place, at, **fields)
    in_session(at, place)
    review_on = timezone.localdate() + timedelta(days=90) if outcome == "hold" else None
    council.decide(
        initiative.agenda_items.get(), outcome=outcome, text="Rådet vedtar.", by=place.actor(Role.SECRETARIAT),
        now=timezone.now(), review_on=review_on,
    )  # fmt: skip
    initiative.refresh_from_db()
    return initiative


@retold
def adopted(place: Place, **fields: Any) -> Initiative:
    return decided(place, "prioritize", **fields)


@retold
def in_portfolio(place: Place, **fields: Any) -> Initiative:
    initiative = adopted(place, **fields)
    start_project(
        initiative, name=initiative.title, owner=place.person(Role.PROJECT_OWNER),
        manager=place.person(Role.PROJECT_MANAGER), by=place.actor(Role.PORTFOLIO_MANAGER), now=timezone.now(),
    )  # fmt: skip
    initiative.refresh_from_db()
    return initiative


def answer_checklist(project: Project, place: Place, point: DecisionPoint | None = None) -> None:
    """Answer what must be in order before ``point``, or the next decision point, one at a time."""
    by, points = place.actor(Role.PORTFOLIO_MANAGER), until(point or next_of(project))
    rows = Checkpoint.objects.filter(project=project, is_required=True, answer=Answer.OPEN, point__in=points)
    for row in rows.order_by("point", "position"):
        answer_point(row, Answer.DONE, by=by, now=timezone.now())


@retold
def move(project: Project, place: Place, to: str) -> Project:
    """Answer the checklist and move the project to phase ``to``."""
    answer_checklist(project, place)
    return move_phase(project, to=to, by=place.actor(Role.PORTFOLIO_MANAGER), now=timezone.now())


@retold
def period(place: Place, *, submission: int, name: str = "Vår", **fields: Any) -> CyclePeriod:
    """Return a period of the annual cycle whose submission is due in so many working days, and its meeting 20 after."""
    today = timezone.localdate()
    days = dict(zip(CyclePeriod.DAYS, (0, 6, 13, 20), strict=True))
    values = {
        **{day: add_working_days(add_working_days(today, submission), later) for day, later in days.items()},
        **fields,
    }
    row = CyclePeriod(municipality=place.municipality, name=name, **values)
    return add_period(row, by=place.actor(Role.SECRETARIAT), now=timezone.now())
