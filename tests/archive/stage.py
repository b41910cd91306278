"""What the addresses of messages, shipments and exports need, made on demand for the test of every address."""

from __future__ import annotations

from functools import cached_property

from django.utils import timezone

from archive import shipping
from archive.history import exporting
from archive.messages.package import Package
from archive.models import ArchiveMessage
from archive.workflow import message_workflow
from core.actors import System
from organization.roles import Role
from tests import stories


class Kept:
    """A part of the stage that has a place."""

    @property
    def message(self):
        stories.awaiting_endorsement(self.place)
        return self._pk(ArchiveMessage.objects.first())

    @property
    def failed_message(self):
        stories.awaiting_endorsement(self.place)
        row = ArchiveMessage.objects.get()
        message_workflow.perform(
            "fail", row, by=System("archive"), now=timezone.now(), data={"problem": "Feil."}
        )
        return self._pk(row)

    @property
    def shipment(self):
        stories.awaiting_endorsement(self.place)
        row = ArchiveMessage.objects.get()
        package = Package(f"{row.pk:08d}-0123456789ab", b"", b"PK", "0" * 64)
        return self._pk(shipping.keep(row, package, timezone.now()))

    @cached_property
    def _packed_export(self):
        stories.awaiting_endorsement(self.place)
        choice = exporting.Choice(purpose="packages")
        by = self.place.actor(Role.ARCHIVIST)
        made = exporting.start(self.place.municipality.pk, choice, by=by, now=timezone.now())
        exporting.carry_out(made.pk, now=timezone.now())
        return made

    @property
    def archive_export(self):
        return self._pk(self._packed_export)

    @property
    def archive_export_file(self):
        return self._pk(self._packed_export.files.get())
