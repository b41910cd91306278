"""Seed the whole demo in one transaction: it stands, or nothing does."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from archive.models import ArchiveMessage
from archive.operations import register_case_number
from core.models import Notice
from demo.content.collection import Content
from demo.seeding.basis import seed_bases
from demo.seeding.batons import seed_local_plans
from demo.seeding.benefits import seed_benefits
from demo.seeding.checklists import seed_begun_checklists, seed_own_checklist
from demo.seeding.deviations import seed_deviations, tellings_of
from demo.seeding.organization import Index, seed_organization
from demo.seeding.player import Player
from demo.seeding.project_risks import seed_project_risks
from demo.seeding.proofs import seed_proofs
from demo.seeding.reports import seed_reports
from demo.seeding.sharing import seed_sharing
from organization.models import Unit
from organization.roles import Permission

if TYPE_CHECKING:
    from collections.abc import Callable

FRESH = timedelta(days=12)  # older notices are read, older messages are filed


def is_seeded() -> bool:
    return Unit.objects.filter(kind=Unit.Kind.REGION).exists()


@transaction.atomic
def seed(anchor: date, *, progress: Callable[[int, int], None]) -> None:
    """Make the organization and play every story up to ``anchor``."""
    content = Content.read()
    index = seed_organization(content, anchor)
    seed_bases(index)
    seed_own_checklist(index)
    player = Player(content, index)
    told = tellings_of(content.deviations, index)
    total = player.total + len(told)
    player.play(lambda done, _all: progress(done, total))
    seed_benefits(content.benefits, player)
    seed_begun_checklists(index)
    seed_project_risks(player)
    seed_local_plans(player)
    seed_sharing(player)
    seed_deviations(told, index, lambda done, _all: progress(player.total + done, total))
    seed_proofs(content.benefits, player)
    seed_reports(player)
    _file_old_messages(player)
    old = timezone.now() - FRESH
    Notice.objects.filter(created_at__lt=old).update(read_at=old)


def _file_old_messages(player: Player) -> None:
    """Let each archivist enter the case numbers that have had time to come."""
    archivists = _archivists(player.index)
    rows = ArchiveMessage.objects.filter(created_at__lt=timezone.now() - FRESH).order_by("created_at", "pk")
    for number, row in enumerate(rows, start=101):
        username = archivists.get(row.municipality_id)
        if username:
            now = row.created_at + timedelta(days=1)
            actor = player.actor(username, timezone.localdate())
            register_case_number(row, archive_reference=f"{now:%y}/{number}", by=actor, now=now)


def _archivists(index: Index) -> dict[int, str]:
    from organization.actors import people_with

    found = {}
    for key in {unit.municipality_id for unit in index.units.values() if unit.municipality_id is not None}:
        people = people_with(Permission.MANAGE_ARCHIVE, municipality_id=key)
        if people:
            found[key] = people[0].username
    return found
