"""The main job, played through the domain: from draft to project, with what must be refused."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from archive.models import ArchiveMessage
from core.history import timeline
from core.models import Notice
from core.workflow import TransitionBlocked, TransitionDenied
from governance import council
from governance.models import Decision, Initiative, MunicipalDecision, Status
from governance.workflow import initiative_workflow, meeting_workflow
from organization.roles import Role
from tests import stories

perform = initiative_workflow.perform


def test_submit_initiative__goes_to_sector_leader_with_number_and_archive_row(world):
    initiative = stories.awaiting_endorsement(world.home)
    assert initiative.status == Status.AWAITING_ENDORSEMENT
    assert initiative.number == f"{timezone.localdate().year}-001"
    assert ArchiveMessage.objects.get().key == f"initiative/{initiative.pk}/submission"
    leader = world.home.person(Role.SECTOR_LEADER)
    assert Notice.objects.get(recipient=leader).title == "Gi tilråding til «Digital vaktplan»"


def test_submit_initiative__says_what_is_missing(world):
    initiative = stories.draft(world.home, null_alternative="", service_owner=None)
    with pytest.raises(TransitionBlocked) as refused:
        perform("submit", initiative, by=world.home.actor(Role.EMPLOYEE), now=timezone.now())
    assert "nullalternativ" in str(refused.value)
    assert "ansvarlig person" in str(refused.value)


def test_prioritize_initiative__within_authority_is_adopted_and_becomes_project(world):
    initiative = stories.in_portfolio(world.home)
    assert initiative.status == Status.IN_PORTFOLIO
    assert initiative.project.phase == "concept"
    actions = [entry.action for entry in timeline(initiative)]
    assert actions[:3] == ["enter_portfolio", "adopt_within_authority", "prioritize"]
    assert actions[-1] == "create"


def test_decide_case__below_quorum_is_refused(world):
    place = world.home
    at = stories.meeting(place)
    initiative = stories.on_agenda(place, at)
    stories.in_session(at, place)
    seats = list(at.attendances.filter(seat__in=["leader", "deputy", "member"]))
    council.register_attendance(
        at, present={seats[0].pk}, absent={s.pk for s in seats[1:]}, substitutes={},
        by=place.actor(Role.SECRETARIAT), now=timezone.now(),
    )  # fmt: skip
    with pytest.raises(TransitionBlocked, match="ikke vedtaksført"):
        council.decide(
            initiative.agenda_items.get(), outcome="prioritize", text="x", by=place.actor(Role.SECRETARIAT),
            now=timezone.now(),
        )  # fmt: skip
    initiative.refresh_from_db()
    assert initiative.status == Status.ON_AGENDA
    assert not Decision.objects.exists()


def test_recommend_initiative__needing_budget_waits_for_kommunedirektor(world):
    place = world.home
    initiative = stories.decided(place, "recommend", financing="budget_application")
    row = MunicipalDecision.objects.get()
    assert (row.municipality, row.cost_share) == (place.municipality, 100)
    with pytest.raises(TransitionDenied):
        council.decide_for_municipality(
            row, verdict="approved", text="Ja", body="kommunedirektor", by=place.actor(Role.SECRETARIAT),
            now=timezone.now(),
        )  # fmt: skip
    council.decide_for_municipality(
        row, verdict="approved", text="Ja", body="kommunedirektor", by=place.actor(Role.KOMMUNEDIREKTOR),
        now=timezone.now(),
    )  # fmt: skip
    initiative.refresh_from_db()
    assert initiative.status == Status.ADOPTED


@pytest.mark.parametrize(
    ("outcome", "status"),
    [("postpone", "postponed"), ("send_back", "sent_back"), ("hold", "on_hold"), ("reject", "rejected")],
)
def test_decide_case__moves_initiative(world, outcome, status):
    assert stories.decided(world.home, outcome).status == status


def test_skip_step__is_refused_by_database(world):
    initiative = stories.draft(world.home)
    with pytest.raises(DatabaseError), transaction.atomic():
        Initiative.objects.filter(pk=initiative.pk).update(status=Status.ADOPTED)


def test_conclude_meeting__needs_every_case_decided_and_leader_approves(world):
    place = world.home
    at = stories.meeting(place)
    initiative = stories.on_agenda(place, at)
    stories.in_session(at, place)
    by = place.actor(Role.SECRETARIAT)
    with pytest.raises(TransitionBlocked, match="ikke behandlet"):
        meeting_workflow.perform("conclude", at, by=by, now=timezone.now())
    council.decide(initiative.agenda_items.get(), outcome="reject", text="Nei", by=by, now=timezone.now())
    meeting_workflow.perform("conclude", at, by=by, now=timezone.now())
    with pytest.raises(TransitionDenied):
        meeting_workflow.perform("approve_minutes", at, by=by, now=timezone.now())
    done = meeting_workflow.perform(
        "approve_minutes", at, by=place.actor(Role.COUNCIL_LEADER), now=timezone.now()
    )
    assert done.status == "minutes_approved"
