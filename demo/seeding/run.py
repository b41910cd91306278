"""Seed the whole demo in one transaction: it stands, or nothing does."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from core.models import Notice
from demo.content.collection import Content
from demo.seeding.archive import export_papers_of_meetings, file_old_messages, send_to_trial_archive
from demo.seeding.arena import seed_arena
from demo.seeding.basis import seed_bases
from demo.seeding.batons import seed_local_plans
from demo.seeding.benefits import seed_benefits
from demo.seeding.capacity import seed_capacity
from demo.seeding.checklists import seed_begun_checklists, seed_own_checklist
from demo.seeding.clients import seed_clients
from demo.seeding.consultations import seed_consultations
from demo.seeding.cycle import seed_cycle
from demo.seeding.deviations import seed_deviations, tellings_of
from demo.seeding.follow_ups import seed_follow_ups
from demo.seeding.gate_papers import seed_gate_papers
from demo.seeding.leadership import seed_leadership
from demo.seeding.maturity import seed_maturity
from demo.seeding.organization import seed_organization
from demo.seeding.player import Player
from demo.seeding.poker import seed_poker
from demo.seeding.programmes import seed_programmes
from demo.seeding.project_plans import seed_project_plans
from demo.seeding.project_risks import seed_project_risks
from demo.seeding.project_teams import seed_project_logs, seed_project_teams
from demo.seeding.proofs import seed_proofs
from demo.seeding.reports import seed_reports
from demo.seeding.scores import seed_criteria, seed_scores
from demo.seeding.sharing import seed_sharing
from organization.models import Unit

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
    seed_clients(index)
    player = Player(content, index)
    seed_criteria(player)
    told = tellings_of(content.deviations, index)
    total = player.total + len(told)
    player.play(lambda done, _all: progress(done, total))
    seed_benefits(content.benefits, player)
    seed_begun_checklists(index)
    seed_project_risks(player)
    seed_project_plans(player)
    seed_capacity(player)
    seed_local_plans(player)
    seed_sharing(player)
    seed_deviations(told, index, lambda done, _all: progress(player.total + done, total))
    seed_proofs(content.benefits, player)
    seed_project_teams(player)
    seed_project_logs(player)
    seed_programmes(player)
    seed_gate_papers(player)
    seed_reports(player)
    seed_follow_ups(player)
    seed_scores(player)
    seed_poker(player)
    seed_consultations(player)
    seed_maturity(player)
    seed_leadership(player)
    seed_cycle(player)
    seed_arena(player)
    old = timezone.now() - FRESH
    file_old_messages(player, before=old)
    send_to_trial_archive(player)
    export_papers_of_meetings(player)
    Notice.objects.filter(created_at__lt=old).update(read_at=old)
