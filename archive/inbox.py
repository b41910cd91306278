"""What waits for the archivist."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from archive.models import ArchiveMessage, MessageStatus
from archive.presentation import first_line
from archive.queries import GOES_BY_ITSELF, IN_TROUBLE
from core.inbox import InboxSource, Task
from organization.roles import Permission

if TYPE_CHECKING:
    from django.db.models import QuerySet


def _own(actor: Any) -> QuerySet[Any]:
    """Return the messages of the municipalities whose archive the actor sees to."""
    if actor.is_system:
        return ArchiveMessage.objects.none()
    places = actor.municipalities_where(Permission.MANAGE_ARCHIVE)
    return ArchiveMessage.objects.filter(municipality_id__in=places).order_by("created_at", "pk")


def _rows(actor: Any) -> QuerySet[Any]:
    """Return what nobody sends: where messages go by themselves, nothing waits for a number."""
    by_hand = ~Q(municipality__archive_rules__channel__in=GOES_BY_ITSELF)
    return _own(actor).filter(by_hand, archive_reference="", status=MessageStatus.READY)


def _in_trouble(actor: Any) -> QuerySet[Any]:
    return _own(actor).filter(status__in=IN_TROUBLE)


def _trouble(message: ArchiveMessage, actor: Any) -> Task:
    return Task(
        verb=_("Rett meldingen til arkivet"), title=message.title, why=first_line(message.problem),
        url=reverse("archive:message_detail", args=[message.pk]), action=_("Se hva som er galt"),
    )  # fmt: skip


def _task(message: ArchiveMessage, actor: Any) -> Task:
    return Task(
        verb=_("Før i arkivet"), title=message.title, why=_("Meldingen har ikke fått saksnummer"),
        url=reverse("archive:message_detail", args=[message.pk]), action=_("Før saksnummer"),
    )  # fmt: skip


messages_in_trouble = InboxSource(key="archive_trouble", rows=_in_trouble, task=_trouble)
messages_without_case_number = InboxSource(key="archive", rows=_rows, task=_task)
