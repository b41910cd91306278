"""Who sees which archive messages: the archivist, and the secretariat for its own cases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from organization.actors import as_person
from organization.roles import Permission

if TYPE_CHECKING:
    from typing import Self

    from archive.models import ArchiveMessage
    from core.actors import Actor

GOES_BY_ITSELF = ("file_package", "pull", "fiks_io", "trial")
IN_TROUBLE = ("failed", "partly_receipted")
# What is no case of the secretariat's, and may be confidential.
ARCHIVIST_ONLY = ("deviation",)
_UNSENT = ("ready", "packed", "failed")


class ArchiveMessageQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor | None) -> Self:
        if not actor:
            return self.none()
        if actor.is_system:
            return self
        archives = as_person(actor).municipalities_where(Permission.READ_ARCHIVE)
        secretariats = as_person(actor).municipalities_where(Permission.TRIAGE)
        of_secretariat = Q(municipality_id__in=secretariats) & ~Q(kind__in=ARCHIVIST_ONLY)
        return self.filter(Q(municipality_id__in=archives) | of_secretariat)

    def in_trouble(self) -> Self:
        return self.filter(status__in=IN_TROUBLE)

    def in_folder_of(self, message: ArchiveMessage) -> Self:
        """Keep those of the same folder of the archive; a message without one stands alone."""
        if not message.folder_key:
            return self.filter(pk=message.pk)
        return self.filter(municipality_id=message.municipality_id, folder_key=message.folder_key)

    def free_to_go(self) -> Self:
        """Leave out what an earlier message of the same folder holds back: the folder is made first, then the rest in order."""
        earlier = self.model._base_manager.filter(
            municipality_id=OuterRef("municipality_id"), folder_key=OuterRef("folder_key"), pk__lt=OuterRef("pk")
        ).exclude(folder_key="")  # fmt: skip
        unsent = Q(status__in=_UNSENT)
        folder_unmade = Q(opens_folder=True, archive_reference="")
        return self.exclude(Exists(earlier.filter(unsent | folder_unmade)))

    def running_first(self) -> Self:
        """Put what an export made after all others, but for what a message of the day waits for; ``behind`` tells it."""
        of_the_day = self.model._base_manager.filter(
            municipality_id=OuterRef("municipality_id"), folder_key=OuterRef("folder_key"), export=None,
            status__in=_UNSENT, pk__gt=OuterRef("pk"),
        ).exclude(folder_key="")  # fmt: skip
        return self.annotate(behind=Q(export__isnull=False) & ~Exists(of_the_day)).order_by("behind", "pk")

    def missing_in_archive(self) -> Self:
        """Keep what should stand in the archive and is not known to."""
        return self.exclude(status__in=("receipted", "manual"))

    def without_case_number(self) -> Self:
        return self.filter(archive_reference="")

    def with_case_number(self) -> Self:
        return self.exclude(archive_reference="")

    def matching(self, text: str) -> Self:
        """Keep what has ``text`` in its public title or its case number."""
        return self.filter(Q(title__icontains=text) | Q(archive_reference__icontains=text))

    def narrowed(self, chosen: dict[str, str]) -> Self:
        """Keep what passes the filters of the list."""
        rows = self
        if text := chosen.get("q"):
            rows = rows.matching(text)
        return rows.filter(kind=chosen["hva"]) if "hva" in chosen else rows

    def number_of_same_subject(self, message: ArchiveMessage) -> str:
        """Return the case number that another message about the same record has got, or nothing."""
        same = self.filter(
            content_type_id=message.content_type_id, object_id=message.object_id
        ).with_case_number()
        return str(
            same.order_by("created_at", "pk").values_list("archive_reference", flat=True).first() or ""
        )


class OfArchive(models.QuerySet[Any]):
    """Rows of a municipality's archive: for who sees to it."""

    municipality_path = "municipality"
    permission = Permission.MANAGE_ARCHIVE

    def visible_to(self, actor: Actor | None) -> Self:
        if not actor:
            return self.none()
        if actor.is_system:
            return self
        archives = as_person(actor).municipalities_where(self.permission)
        return self.filter(**{f"{self.municipality_path}__in": archives})


class OfMessage(OfArchive):
    """Rows that are read with the content of their message: by the archivist, and by who carries it to the archive."""

    municipality_path = "message__municipality"
    permission = Permission.CARRY_ARCHIVE


class OfExport(OfArchive):
    """What came of exports."""

    municipality_path = "export__municipality"
