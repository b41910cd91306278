"""Who sees which archive messages: the archivist, and the secretariat for its own cases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from organization.roles import Permission

if TYPE_CHECKING:
    from typing import Self

    from archive.models import ArchiveMessage
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

    def with_case_number(self) -> Self:
        return self.exclude(archive_reference="")

    def narrowed(self, chosen: dict[str, str]) -> Self:
        """Keep what passes the filters of the list."""
        rows = self
        if text := chosen.get("q"):
            rows = rows.filter(Q(title__icontains=text) | Q(archive_reference__icontains=text))
        return rows.filter(kind=chosen["hva"]) if "hva" in chosen else rows

    def number_of_same_subject(self, message: ArchiveMessage) -> str:
        """Return the case number that another message about the same record has got, or nothing."""
        same = self.filter(
            content_type_id=message.content_type_id, object_id=message.object_id
        ).with_case_number()
        return str(
            same.order_by("created_at", "pk").values_list("archive_reference", flat=True).first() or ""
        )
