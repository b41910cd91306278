"""What leadership puts on the start page, and on the page of settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.panels import Link, Panel
from leadership.areas import areas_of, leads_for_sure
from leadership.policies import may_set_level
from organization.roles import Role

if TYPE_CHECKING:
    from organization.actors import PersonActor


def leadership(actor: PersonActor) -> Panel | None:
    """Show leaders the way to their page; one statement for whom the municipality's level decides, else none."""
    if not leads_for_sure(actor) and not (
        actor.has_role(Role.LEADER) and areas_of(actor, timezone.localdate())
    ):
        return None
    return Panel("leadership/panel.html", {"url": reverse("leadership:overview")})


def settings_links(actor: PersonActor) -> list[Link]:
    """Return what those who set the municipality's rules set for leadership."""
    home = actor.acting_for_id
    if home is None or not may_set_level(actor, home):
        return []
    hint = _("Hvor langt ned i organisasjonen ledere har oversikten.")
    return [Link(label=_("Hvem som har ledelsens side"), url=reverse("leadership:level_edit"), hint=hint)]
