"""A regional initiative that heim and granne take part in, brought through the region's council."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from governance import council
from organization.roles import Role
from tests import stories

if TYPE_CHECKING:
    from governance.models import Initiative, MunicipalDecision
    from tests.world import Place, World


def recommended(world: World, *, shares: dict[str, int] | None = None, **fields: Any) -> Initiative:
    """Return a regional initiative that waits for both municipalities."""
    participants = [world.home.municipality, world.neighbor.municipality]
    at = stories.meeting(world.region)
    values = {
        "financing": "budget_application",
        "participants": participants,
        "title": "Felles kvalitetssystem",
        **fields,
    }
    initiative = stories.on_agenda(world.region, at, **values)
    for code, share in (shares or {}).items():
        initiative.participations.filter(municipality__code=code).update(cost_share=share)
    stories.in_session(at, world.region)
    council.decide(
        initiative.agenda_items.get(), outcome="recommend", text="Tiltaket innstilles.",
        by=world.region.actor(Role.SECRETARIAT), now=timezone.now(),
    )  # fmt: skip
    initiative.refresh_from_db()
    return initiative


def row_of(initiative: Initiative, place: Place) -> MunicipalDecision:
    return initiative.municipal_decisions.get(municipality=place.municipality)


def answer(initiative: Initiative, place: Place, verdict: str, **fields: Any) -> Initiative:
    """Let the kommunedirektor of a place decide, and return the initiative as it then stands."""
    council.decide_for_municipality(
        row_of(initiative, place), verdict=verdict, text="Kommunens vedtak.", body="kommunedirektor",
        by=place.actor(Role.KOMMUNEDIREKTOR), now=timezone.now(), **fields,
    )  # fmt: skip
    initiative.refresh_from_db()
    return initiative
