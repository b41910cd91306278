"""What the portfolio puts on the start page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count
from django.urls import reverse

from core.panels import Panel
from organization.roles import Permission
from portfolio.models import Phase, Project

if TYPE_CHECKING:
    from organization.actors import PersonActor

_SHOWN = 5


def portfolio(actor: PersonActor) -> Panel | None:
    """Show a manager of the portfolio how it is spread, and those who lead projects their own."""
    running = Project.objects.visible_to(actor).running()
    mine = list(running.led_by(actor.person_id).for_board().order_by("-changed_at", "-pk")[: _SHOWN + 1])
    numbers = _numbers(actor) if actor.holds(Permission.MANAGE_PORTFOLIO) else []
    if not mine and not numbers:
        return None
    context = {"mine": mine[:_SHOWN], "has_more": len(mine) > _SHOWN, "numbers": numbers}
    return Panel("portfolio/panel.html", context)


def _numbers(actor: PersonActor) -> list[dict[str, Any]]:
    """Return how many projects run in each phase; each number opens its list."""
    rows = Project.objects.visible_to(actor).running().order_by()
    counts = dict(rows.values("phase").annotate(count=Count("pk")).values_list("phase", "count"))
    table = reverse("portfolio:table")
    return [
        {"label": phase.label, "value": counts.get(phase.value, 0), "url": f"{table}?fase={phase.value}"}
        for phase in Phase
    ]
