"""What must be true before the baton is passed or taken, in words a person can act on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from benefits.guards import leads_in_line
from benefits.models import LocalPlan
from benefits.versions import standing
from governance.models import Status
from organization.models import Unit

if TYPE_CHECKING:
    from benefits.models import Handover
    from governance.models import Initiative
    from organization.models import Person

CARRIED = frozenset({Status.IN_PORTFOLIO, Status.PAUSED, Status.REALIZING})


def receiver_leads(handover: Handover, /) -> str | None:
    """The one who takes over has responsibility in the line today; who has left has none."""
    return None if handover.receiver is None else why_not_receiver(handover.receiver)


def why_not_receiver(person: Person) -> str | None:
    if leads_in_line(person.pk):
        return None
    return _("%(name)s har ikke lederansvar i linjen nå. Velg en som har det.") % {"name": person}


def municipality_takes_part(handover: Handover, /) -> str | None:
    """A municipality that has left answers the region no more; its plan is its own."""
    plan = local_plan_of(handover.initiative)
    if plan is None or LocalPlan.objects.taking_part().filter(pk=plan.pk).exists():
        return None
    return _(
        "Kommunen er ute av det regionale tiltaket. Planen er kommunens egen, og det er ikke noe å svare på."
    )


def local_plan_of(initiative: Initiative) -> LocalPlan | None:
    """Return what makes an initiative the local part of a regional one, if it is."""
    return LocalPlan.objects.filter(initiative=initiative).select_related("template").first()


def is_regional(initiative: Initiative) -> bool:
    """Tell whether municipalities take part; only a region's initiatives have any."""
    if initiative.municipality.kind != Unit.Kind.REGION:
        return False
    return any(row.left_at is None for row in initiative.participations.all())


def why_not_handed_over(initiative: Initiative) -> str | None:
    """Return why the plan of the initiative cannot be handed over now, or ``None``."""
    if initiative.status not in CARRIED:
        return _("Planen overleveres når tiltaket er i porteføljen. Nå står det som «%(state)s».") % {
            "state": initiative.get_status_display()
        }
    return None if standing(initiative.benefits.all()) else _("Planen har ingen gevinster å overlevere.")
