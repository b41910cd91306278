"""What benefits show beside an initiative."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Prefetch, prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from benefits.guards import why_not_planned_in
from benefits.models import Benefit
from benefits.policies import may_plan_in, may_set_silence_rules
from core.panels import Link, Panel

if TYPE_CHECKING:
    from core.actors import Actor
    from governance.models import Initiative
    from organization.actors import PersonActor


def panel_of_initiative(initiative: Initiative, actor: Actor) -> Panel | None:
    """Show the plan's benefits to those who read them."""
    if initiative.is_editable_by_submitter:
        return None
    rows = _seen(initiative, actor)
    may_begin = not rows and may_plan_in(actor, initiative) and why_not_planned_in(initiative) is None
    if not rows and not may_begin:
        return None
    context = {"rows": rows, "initiative": initiative, "may_begin": may_begin}
    return Panel("benefits/panels/of_initiative.html", context)


def _seen(initiative: Initiative, actor: Actor) -> list[Benefit]:
    """Return the benefits the actor reads; those of a case that is read whole are kept with it for the rest of the page."""
    owned = Benefit.objects.select_related("service_owner").order_by("pk")
    if getattr(initiative, "reads_papers", False) and getattr(initiative, "reads_shielded", False):
        prefetch_related_objects([initiative], Prefetch("benefits", owned))
        return list(initiative.benefits.all())
    return list(owned.visible_to(actor).filter(initiative=initiative))


def settings_links(actor: PersonActor) -> list[Link]:
    """Return what those who set the municipality's rules set for benefits."""
    home = actor.acting_for_id
    if home is None or not may_set_silence_rules(actor, home):
        return []
    hint = _("Når færre meldinger er stillhet, og ikke en gevinst.")
    rates = _("Rente, timer per årsverk og skattefinansieringskostnad, med kilde og dag.")
    return [
        Link(label=_("Grenser for meldestillhet"), url=reverse("benefits:silence_rules"), hint=hint),
        Link(label=_("Beregningsgrunnlag for gevinster"), url=reverse("benefits:basis_list"), hint=rates),
    ]
