"""What the portfolio puts on the start page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.panels import Link, Panel
from organization.roles import Permission
from portfolio.models import Project
from portfolio.policies import may_manage_portfolio_of, may_set_checklists
from portfolio.presentation import LATEST
from portfolio.sums import totals_of

if TYPE_CHECKING:
    from organization.actors import PersonActor
    from portfolio.queries import ProjectQuerySet

_SHOWN = 5


def portfolio(actor: PersonActor) -> Panel | None:
    """Show a manager of the portfolio how it is spread, and those who lead projects their own."""
    running = Project.objects.visible_to(actor).running()
    mine = list(running.led_by(actor.person_id).listed().order_by(*LATEST)[: _SHOWN + 1])
    numbers = _numbers(running, actor) if actor.holds(Permission.MANAGE_PORTFOLIO) else []
    if not mine and not numbers:
        return None
    context = {"mine": mine[:_SHOWN], "has_more": len(mine) > _SHOWN, "numbers": numbers}
    return Panel("portfolio/panel.html", context)


def _numbers(running: ProjectQuerySet, actor: PersonActor) -> list[dict[str, Any]]:
    """Return how much of the development runs in each phase; each number opens its list."""
    table = reverse("portfolio:table")
    return [
        {"label": phase.label, "value": total.number, "url": f"{table}?fase={phase.value}"}
        for phase, total in totals_of(running.development(), actor).items()
    ]


def settings_links(actor: PersonActor) -> list[Link]:
    """Return what is set for projects by those who set the rules, and by the portfolio manager."""
    home = actor.acting_for_id
    if home is None:
        return []
    links = []
    if may_set_checklists(actor, home):
        links.append(
            Link(
                label=_("Sjekklister for beslutningspunkter"), url=reverse("portfolio:checklist_rules"),
                hint=_("Det et prosjekt skal ha i orden før det går videre."),
            )
        )  # fmt: skip
    if may_manage_portfolio_of(actor, home):
        links.append(
            Link(
                label=_("Ressursroller"), url=reverse("portfolio:capacity_roles"),
                hint=_("Hvem prosjekter kan be om, og hvem som svarer for dem."),
            )
        )  # fmt: skip
    return links
