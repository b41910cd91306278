"""Status reports for tests: values that can be published, and reports that are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from organization.roles import Role
from portfolio.models import Area
from portfolio.status import operations
from portfolio.status.wording import FIELDS

if TYPE_CHECKING:
    from portfolio.models import Project, StatusReport
    from tests.world import Place


def values(**changed: Any) -> dict[str, Any]:
    """Return a report where all is well, but for what is given."""
    found: dict[str, Any] = dict.fromkeys(FIELDS)
    found |= {"day": timezone.localdate(), "summary": "Vi er i gang."}
    for area in Area:
        found |= {area.value: "good", f"{area}_text": ""}
    return found | changed


def mark(project: Project) -> str:
    return operations.mark_of(operations.latest_of(project), operations.draft_of(project))


def published(project: Project, place: Place, *, now: Any = None, **changed: Any) -> StatusReport:
    now = now or timezone.now()
    changed.setdefault("day", timezone.localdate(now))
    return operations.publish(
        project, values(**changed), mark=mark(project), by=place.actor(Role.PROJECT_MANAGER), now=now
    )


def draft(project: Project, place: Place, **changed: Any) -> StatusReport:
    return operations.save_draft(
        project,
        values(**changed),
        mark=mark(project),
        by=place.actor(Role.PROJECT_MANAGER),
        now=timezone.now(),
    )


def posted(project: Project, do: str, **changed: Any) -> dict[str, Any]:
    """Return what the browser sends."""
    sent = {name: "" if value is None else value for name, value in values().items()}
    return {**sent, "day": timezone.localdate().isoformat(), "mark": mark(project), "do": do, **changed}
