"""A regional initiative that two municipalities take part in."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils import timezone

from governance import council
from governance.models import Initiative, Participation
from organization.roles import Role
from tests import stories
from tests.world import World

SHARES = {"heim": Decimal(60), "granne": Decimal(40)}


def recommended_regional(world: World, **fields: Any) -> Initiative:
    """Return a regional initiative that the region's council has recommended; heim pays 60 and granne 40 per cent."""
    at = stories.meeting(world.region)
    fields.setdefault("financing", "budget_application")
    initiative = stories.on_agenda(world.region, at, **fields)
    for place in (world.home, world.neighbor):
        Participation.objects.create(
            initiative=initiative, municipality=place.municipality, cost_share=SHARES[place.code],
            changed_at=timezone.now(),
        )  # fmt: skip
    stories.in_session(at, world.region)
    council.decide(
        initiative.agenda_items.get(), outcome="recommend", text="Innstilles.",
        by=world.region.actor(Role.SECRETARIAT), now=timezone.now(),
    )  # fmt: skip
    initiative.refresh_from_db()
    return initiative
