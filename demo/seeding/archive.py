"""What the archives have got: by hand what is old, and in Elvdal the rest from the trial archive."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from archive import receiving, shipping
from archive.history import exporting
from archive.models import ArchiveMessage, ArchiveRules, Channel, Purpose, TrialReply
from archive.operations import register_case_number
from organization.actors import people_with
from organization.roles import Permission

if TYPE_CHECKING:
    from datetime import datetime

    from demo.seeding.organization import Index
    from demo.seeding.player import Player

SENDS_BY_ITSELF = "elvdal"
SINCE = timedelta(days=40)  # what is older than this, Elvdal too filed by hand


def file_old_messages(player: Player, *, before: datetime) -> None:
    """Let each archivist enter the case numbers that have had time to come; one number for each folder."""
    archivists = _archivists(player.index)
    numbers: dict[object, int] = {}
    trying = player.index.units[SENDS_BY_ITSELF].pk
    for row in ArchiveMessage.objects.filter(created_at__lt=before).order_by("created_at", "pk"):
        username = archivists.get(row.municipality_id)
        waits = row.municipality_id == trying and row.created_at > timezone.now() - SINCE
        if username and not waits:
            number = numbers.setdefault((row.municipality_id, row.folder_key or row.pk), 101 + len(numbers))
            now = row.created_at + timedelta(days=1)
            actor = player.actor(username, timezone.localdate())
            register_case_number(row, archive_reference=f"{now:%y}/{number}", by=actor, now=now)


def send_to_trial_archive(player: Player) -> None:
    """Let one municipality try it out: one message filed in part, one refused, and the others with a receipt."""
    now = timezone.now()
    rules = ArchiveRules.objects.create(
        municipality=player.index.units[SENDS_BY_ITSELF], channel=Channel.TRIAL, changed_at=now
    )
    for reply, at_most in ((TrialReply.PARTIAL, 1), (TrialReply.INVALID, 1), (TrialReply.RECEIPT, None)):
        rules.trial_answer = reply
        rules.save(update_fields=["trial_answer"])
        # The folder is answered for before the rest of a case leaves.
        for _time in range(1 if at_most else 3):
            shipping.ship(rules, now=now, at_most=at_most)
            receiving.receive(rules, now=now)


def export_papers_of_meetings(player: Player) -> None:
    """Let the same municipality have made file packages of its meetings."""
    home = player.index.units[SENDS_BY_ITSELF].pk
    actor = player.actor(_archivists(player.index)[home], timezone.localdate())
    choice = exporting.Choice(purpose=Purpose.PACKAGES, kinds=["summons", "meeting_case", "minutes"])
    export = exporting.start(home, choice, by=actor, now=timezone.now())
    exporting.carry_out(export.pk, now=timezone.now())


def _archivists(index: Index) -> dict[int, str]:
    found = {}
    for key in {unit.municipality_id for unit in index.units.values() if unit.municipality_id is not None}:
        people = people_with(Permission.MANAGE_ARCHIVE, municipality_id=key)
        if people:
            found[key] = people[0].username
    return found
