"""Let a municipality demand something else than the defaults."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from governance.models import GovernanceRules

if TYPE_CHECKING:
    from tests.world import Place


def demand(place: Place, **values: Any) -> GovernanceRules:
    """Set what the municipality of ``place`` demands."""
    row, _made = GovernanceRules.objects.update_or_create(
        municipality=place.municipality, defaults={"changed_at": timezone.now(), **values}
    )
    return row
