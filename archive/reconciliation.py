"""What should stand in the archive and is not known to: found every day, told once a day, and shown on a page."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.files.storage import default_storage
from django.db.models import Case, Count, IntegerField, Min, Q, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.history.sources import Scope, count_missing
from archive.models import ArchiveMessage, ExportFile, MessageStatus, Shipment
from archive.operations import rules_of
from core import notices
from organization.actors import people_with
from organization.models import Unit
from organization.roles import Permission

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from archive.queries import ArchiveMessageQuerySet

# What is sent and not answered after this is taken to be lost on the way.
PATIENCE = timedelta(days=3)
# A package that the archive has given a receipt for is kept this long, to be looked at.
PACKAGES_KEPT = timedelta(days=90)
# Files of exports are fetched, and hold much that is shielded.
EXPORTS_KEPT = timedelta(days=30)
_ON_THE_WAY = (MessageStatus.SENT, MessageStatus.ACKNOWLEDGED)


def overdue(now: datetime) -> ArchiveMessageQuerySet:
    """Return what is not in the archive: refused, never answered, or older than a few days and not sent."""
    rows: ArchiveMessageQuerySet = ArchiveMessage.objects.missing_in_archive()
    in_trouble = Q(status__in=(MessageStatus.FAILED, MessageStatus.PARTLY_RECEIPTED))
    urgency = Case(
        When(in_trouble, then=Value(0)),
        When(status__in=_ON_THE_WAY, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return rows.filter(in_trouble | Q(status_since__lt=now - PATIENCE)).annotate(urgency=urgency)


def without_message(municipality_id: int) -> int:
    """Return how much happened that has no message at all, where messages go by themselves: an export makes them."""
    if not rules_of(municipality_id).goes_by_itself:
        return 0
    return sum(count_missing(Scope(municipality_id)).values())


def reconcile(*, now: datetime) -> int:
    """Tell the archivists of each municipality what is missing, and let go of old packages."""
    _forget_packages(now)
    _forget_exports(now)
    counts = (
        overdue(now)
        .order_by()
        .values("municipality_id")
        .annotate(number=Count("pk"), oldest=Min("created_at"))
    )
    rows = list(counts)
    units = Unit.objects.in_bulk([row["municipality_id"] for row in rows])
    for row in rows:
        unit = units[row["municipality_id"]]
        notices.post(_drafts(unit, row["number"], now), about=unit, now=now)
    return sum(row["number"] for row in rows)


def _drafts(unit: Unit, number: int, now: datetime) -> Iterator[notices.Draft]:
    title = _("%(number)s meldinger mangler i arkivet") % {"number": number}
    if number == 1:
        title = _("Én melding mangler i arkivet")
    for person in people_with(Permission.MANAGE_ARCHIVE, municipality_id=unit.pk):
        yield notices.Draft(
            person=person, event=f"archive_missing@{timezone.localdate(now).isoformat()}", title=title,
            body=_("Avstemmingen viser hva som mangler, og hva du kan gjøre."), url=reverse("archive:reconciliation"),
        )  # fmt: skip


def _forget_packages(now: datetime) -> None:
    old = Shipment.objects.exclude(file="").filter(
        message__status=MessageStatus.RECEIPTED, message__status_since__lt=now - PACKAGES_KEPT
    )  # fmt: skip
    for row in old.order_by("pk")[:1000]:
        default_storage.delete(str(row.file.name))
        row.file = ""
        row.stamp(now)
        row.save(update_fields=["file", "changed_at"])


def _forget_exports(now: datetime) -> None:
    for row in (
        ExportFile.objects.exclude(file="").filter(made_at__lt=now - EXPORTS_KEPT).order_by("pk")[:1000]
    ):
        default_storage.delete(str(row.file.name))
        row.file = ""
        row.save(update_fields=["file"])
