"""Links of this app on the page of settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from organization.policies import may_administer, may_manage_municipality

if TYPE_CHECKING:
    from organization.actors import PersonActor

    Link = tuple[str, str, str]


def own_links(actor: PersonActor) -> list[Link]:
    """Return what this actor can administer: label, address and a line that explains."""
    if not may_administer(actor):
        return []
    links = [
        (_("Enheter"), reverse("organization:tree"), _("Opprett, endre, flytt og legg ned enheter.")),
        (_("Personer og roller"), reverse("organization:person_list"), _("Registrer nye, gi roller og avslutt dem.")),
    ]
    if may_manage_municipality(actor, actor.acting_for_id):
        links += [
            (_("Import"), reverse("organization:import"), _("Les inn enheter, personer eller nevnere fra en fil.")),
            (_("Tjenester"), reverse("organization:service_list"), _("Hvilke tjenester kommunen har, og hvem som eier dem.")),
            (_("Faggrupper"), reverse("organization:group_list"), _("Grupper på tvers, med ansvarlig og medlemmer.")),
            (_("Strategier og mål"), reverse("organization:strategy_list"), _("Det tiltakene skal bidra til.")),
        ]
    return links
