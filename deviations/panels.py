"""What deviations put on the start page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.panels import Panel
from deviations.filters import LIST_ORDERING, listed
from deviations.models import Deviation, Status
from deviations.presentation import who_has_it
from organization.roles import Permission

if TYPE_CHECKING:
    from organization.actors import PersonActor

_SHOWN = 5


def my_reports(actor: PersonActor) -> Panel | None:
    """Show what the person has reported and who has it now; others get the way to report."""
    if not actor.holds(Permission.REPORT_DEVIATION):
        return None
    rows = listed(Deviation.objects.of_reporter(actor).exclude(status=Status.DRAFT))
    latest = list(rows.order_by(*LIST_ORDERING)[: _SHOWN + 1])
    lines = [{"case": row, "holder": who_has_it(row)} for row in latest[:_SHOWN]]
    return Panel("deviations/panels/my_reports.html", {"lines": lines, "has_more": len(latest) > _SHOWN})
