"""What this app asks of an intake: an overview of benefits, and cost against benefit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.requirements import Requirement

if TYPE_CHECKING:
    from governance.models import Initiative


def _overview_missing(initiative: Initiative) -> str | None:
    benefits = initiative.benefits.all()
    if not benefits:
        return _("Beskriv minst én gevinst.")
    ownerless = [str(benefit) for benefit in benefits if benefit.service_owner_id is None]
    if not ownerless:
        return None
    if initiative.is_shielded:  # the reason is also shown to those who may not read what is shielded
        return _("Velg tjenesteeier for alle gevinstene. Det mangler på %(count)s.") % {
            "count": len(ownerless)
        }
    return _("Velg tjenesteeier for: %(titles)s.") % {"titles": ", ".join(ownerless)}


def _cost_benefit_missing(initiative: Initiative) -> str | None:
    has_cost = bool(initiative.cost_lines.all()) or initiative.operation_per_year is not None
    if not has_cost:
        return _("Anslå hva tiltaket koster. Skriv 0 hvis det ikke koster noe.")
    estimated = any(
        not benefit.is_priced or benefit.kroner_per_year is not None or benefit.hours_per_year is not None
        for benefit in initiative.benefits.all()
    )
    return (
        None
        if estimated
        else _("Anslå minst én gevinst i kroner eller timer, eller merk den som ikke prissatt.")
    )


overview_of_benefits = Requirement(
    key="overview_of_benefits",
    label=gettext_lazy("oversikt over gevinster"),
    why=gettext_lazy("Gevinsten er grunnen til å gjøre tiltaket."),
    section="benefits",
    missing=_overview_missing,
)
cost_benefit = Requirement(
    key="cost_benefit",
    label=gettext_lazy("kostnad og nytte"),
    why=gettext_lazy("Rådet veier nytten mot kostnaden."),
    section="costs",
    missing=_cost_benefit_missing,
)
