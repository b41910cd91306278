"""What benefits show beside an initiative."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benefits.models import Benefit
from core.panels import Panel

if TYPE_CHECKING:
    from core.actors import Actor
    from governance.models import Initiative


def panel_of_initiative(initiative: Initiative, actor: Actor) -> Panel | None:
    """Show the plan's benefits to those who read them."""
    seen = Benefit.objects.visible_to(actor).filter(initiative=initiative).select_related("service_owner")
    rows = list(seen.order_by("pk"))
    if not rows or initiative.is_editable_by_submitter:
        return None
    return Panel("benefits/panels/of_initiative.html", {"rows": rows, "initiative": initiative})
