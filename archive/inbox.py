"""What waits for the archivist."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from archive.models import ArchiveMessage
from core.inbox import InboxSource, Task
from organization.roles import Permission

if TYPE_CHECKING:
    from django.db.models import QuerySet


def _rows(actor: Any) -> QuerySet[Any]:
    rows = ArchiveMessage.objects.visible_to(actor).without_case_number()
    if actor.is_system:
        return rows.none()
    own = rows.filter(municipality_id__in=actor.municipalities_where(Permission.MANAGE_ARCHIVE))
    return own.order_by("created_at", "pk")


def _task(message: ArchiveMessage, actor: Any) -> Task:
    return Task(
        verb=_("Før i arkivet"), title=message.title, why=_("Meldingen har ikke fått saksnummer"),
        url=reverse("archive:message_detail", args=[message.pk]), action=_("Før saksnummer"),
    )  # fmt: skip


messages_without_case_number = InboxSource(key="archive", rows=_rows, task=_task)
