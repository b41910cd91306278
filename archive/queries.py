"""Who sees which archive messages: the archivist, and the secretariat for its own cases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from organization.roles import Permission

if TYPE_CHECKING:
    from typing import Self

    from core.actors import Actor


class ArchiveMessageQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor | None) -> Self:
        if not actor:
            return self.none()
        if actor.is_system:
            return self
        archives = actor.municipalities_where(Permission.MANAGE_ARCHIVE)  # type: ignore[attr-defined]
        secretariats = actor.municipalities_where(Permission.TRIAGE)  # type: ignore[attr-defined]
        return self.filter(Q(municipality_id__in=archives) | Q(municipality_id__in=secretariats))

    def without_case_number(self) -> Self:
        return self.filter(archive_reference="")
