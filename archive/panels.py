"""What the archive puts on the administrator's settings page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from archive.policies import may_set_rules
from core.panels import Link

if TYPE_CHECKING:
    from organization.actors import PersonActor


def settings_links(actor: PersonActor) -> list[Link]:
    home = actor.acting_for_id
    if home is None or not may_set_rules(actor, home):
        return []
    hint = _("Hvordan meldingene når arkivet, og kodene det vil ha.")
    return [Link(label=_("Regler for arkivet"), url=reverse("archive:rules"), hint=hint)]
