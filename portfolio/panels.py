"""What the portfolio puts on the start page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.panels import Link, Panel
from organization.roles import Permission
from portfolio.models import Phase, Project
from portfolio.policies import may_set_checklists
from portfolio.presentation import LATEST, latest_of

if TYPE_CHECKING:
    from organization.actors import PersonActor
    from portfolio.queries import ProjectQuerySet

_SHOWN = 5


def portfolio(actor: PersonActor) -> Panel | None:
    """Show a manager of the portfolio how it is spread, and those who lead projects their own."""
    running = Project.objects.visible_to(actor).running()
    mine = list(running.led_by(actor.person_id).listed().order_by(*LATEST)[: _SHOWN + 1])
    numbers = _numbers(running) if actor.holds(Permission.MANAGE_PORTFOLIO) else []
    if not mine and not numbers:
        return None
    context = {"mine": mine[:_SHOWN], "has_more": len(mine) > _SHOWN, "numbers": numbers}
    return Panel("portfolio/panel.html", context)


def _numbers(running: ProjectQuerySet) -> list[dict[str, Any]]:
    """Return how many projects run in each phase; each number opens its list."""
    table, latest = reverse("portfolio:table"), latest_of(running)
    return [
        {"label": phase.label, "value": latest.count(phase), "url": f"{table}?fase={phase.value}"}
        for phase in Phase
    ]


def settings_links(actor: PersonActor) -> list[Link]:
    """Return what those who set the municipality's rules set for projects."""
    home = actor.acting_for_id
    if home is None or not may_set_checklists(actor, home):
        return []
    hint = _("Det et prosjekt skal ha i orden før det går videre.")
    return [
        Link(
            label=_("Sjekklister for beslutningspunkter"), url=reverse("portfolio:checklist_rules"), hint=hint
        )
    ]
