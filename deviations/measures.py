"""Initiatives that come of deviations: what a draft begins with, and what an initiative's page shows of the case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from core.panels import Panel
from deviations import policies
from deviations.models import Deviation, MeasureLink
from deviations.presentation import headline_of
from governance import policies as governance_policies

if TYPE_CHECKING:
    from core.actors import Actor
    from governance.models import Initiative


def may_make(actor: Actor, case: Deviation) -> bool:
    """Whoever handles the case makes a measure of it, where the person may raise initiatives at all."""
    return policies.may_handle(actor, case) and governance_policies.may_raise(actor, case.municipality)


def suggested(case: Deviation) -> dict[str, str]:
    """Return what the form begins with: the matter and where, never a word of what was reported.

    Of a confidential case not even the unit and the type, since many will read the initiative.
    """
    if case.is_confidential:
        return {}
    matter = case.type_name or case.get_category_display() or str(case.get_kind_display())
    words = {"matter": matter, "unit": case.unit}
    return {
        "title": _("Forebygge: %(matter)s") % words,
        "need": _("Det er meldt avvik av typen «%(matter)s» i %(unit)s.") % words,
    }


def panel_of_initiative(initiative: Initiative, actor: Actor) -> Panel | None:
    """Show the deviations an initiative came of, those that the actor may know of."""
    links = MeasureLink.objects.filter(initiative=initiative)
    seen = Deviation.objects.visible_to(actor).with_access(actor).filter(pk__in=links.values("deviation_id"))
    cases: list[Any] = list(seen.select_related("unit").order_by("pk"))
    if not cases:
        return None
    lines = [{"case": case, "headline": headline_of(case)} for case in cases]
    return Panel("deviations/panels/of_initiative.html", {"lines": lines})
