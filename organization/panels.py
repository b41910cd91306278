"""Links of this app on the page of settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.panels import Link
from organization.policies import may_administer, may_manage_municipality

if TYPE_CHECKING:
    from organization.actors import PersonActor

_ANY = [
    ("tree", _("Enheter"), _("Opprett, endre, flytt og legg ned enheter.")),
    ("person_list", _("Personer og roller"), _("Registrer nye, gi roller og avslutt dem.")),
]
_WHOLE_MUNICIPALITY = [
    ("import", _("Import"), _("Les inn enheter, personer eller nevnere fra en fil.")),
    ("service_list", _("Tjenester"), _("Hvilke tjenester kommunen har, og hvem som eier dem.")),
    ("group_list", _("Faggrupper"), _("Grupper på tvers, med ansvarlig og medlemmer.")),
    ("strategy_list", _("Strategier og mål"), _("Det tiltakene skal bidra til.")),
    (
        "client_list",
        _("API-klienter"),
        _("Hvilke andre systemer som slipper inn, hva de får gjøre, og hvor mye de kaller."),
    ),
    (
        "group_role_list",
        _("Roller etter gruppe"),
        _("Hvilke grupper hos kommunens innlogging som gir roller her."),
    ),
    ("job_list", _("Bakgrunnsjobber"), _("Se om påminnelser, e-post og sletting går som de skal.")),
]


def own_links(actor: PersonActor) -> list[Link]:
    """Return what this actor can administer."""
    if not may_administer(actor):
        return []
    shown = _ANY + (_WHOLE_MUNICIPALITY if may_manage_municipality(actor, actor.acting_for_id) else [])
    return [Link(label=label, url=reverse(f"organization:{name}"), hint=hint) for name, label, hint in shown]
