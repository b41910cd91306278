"""Who sees which benefits: whoever reads the papers of the initiative they belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from governance.models import Initiative

if TYPE_CHECKING:
    from typing import Self

    from core.actors import Actor


class BenefitQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor | None) -> Self:
        if actor and actor.is_system:
            return self
        return self.filter(initiative__in=Initiative.objects.readable_by(actor))
