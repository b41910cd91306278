"""Gate papers for tests: what is written in one, one that is sent, and one that is decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from governance import council
from governance.council import matters
from governance.models import GovernanceRules, Matter
from organization.roles import Role
from portfolio.gatepaper import operations
from tests import stories
from tests.governance import rules

if TYPE_CHECKING:
    from governance.models import AgendaItem, Decision, Meeting
    from portfolio.models import GatePaper, Project
    from tests.world import Place

ALL = ["bp2", "bp3", "bp4", "bp5", "bp6"]


def council_decides(place: Place, *points: str) -> None:
    """Let the council of ``place`` decide some decision points, and keep the other rules as they are."""
    found = GovernanceRules.objects.filter(municipality=place.municipality).first()
    kept = {"gates": found.gates} if found else {}
    rules.demand(place, council_points=list(points or ALL), **kept)


def values(**changed: str) -> dict[str, str]:
    texts = {
        "summary": "Vi er klare.", "assessment": "Planen holder.", "proposed": "approve", "proposal": "BP godkjennes.",
    }  # fmt: skip
    return texts | changed


def mark(project: Project) -> str:
    return operations.mark_of(operations.open_paper_of(project))


def draft(project: Project, place: Place, *, role: Role = Role.PROJECT_MANAGER, **changed: str) -> GatePaper:
    by = place.actor(role)
    return operations.save_draft(project, values(**changed), mark=mark(project), by=by, now=timezone.now())


def sent(project: Project, place: Place, *, role: Role = Role.PROJECT_MANAGER, **changed: str) -> GatePaper:
    return operations.send(
        project, values(**changed), mark=mark(project), by=place.actor(role), now=timezone.now()
    )


def placed(paper: GatePaper, place: Place, meeting: Meeting | None = None) -> AgendaItem:
    """Put a paper on the agenda of a meeting that is planned."""
    matter = Matter.objects.get(kind="gate_paper", subject_id=paper.pk, closed_at=None)
    at = meeting or stories.meeting(place)
    return matters.place(matter, meeting=at, by=place.actor(Role.SECRETARIAT), now=timezone.now())


def decided_by_council(paper: GatePaper, place: Place, outcome: str = "approve", **how: Any) -> Decision:
    """Take a paper through a meeting of the council."""
    item = placed(paper, place)
    stories.in_session(item.meeting, place)
    item.refresh_from_db()
    return council.decide(
        item, outcome=outcome, text=how.pop("text", "Rådet vedtar."), by=place.actor(Role.SECRETARIAT), now=timezone.now(), **how
    )  # fmt: skip


def posted(project: Project, do: str, **changed: str) -> dict[str, str]:
    """Return what the browser sends."""
    return {**values(), "mark": mark(project), "do": do, **changed}
