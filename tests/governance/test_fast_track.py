"""What the secretariat decides by itself: the frame of the year, and the report to the council."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from governance import agenda, council
from governance.models import Decision, GovernanceRules, Status
from governance.workflow import meeting_workflow
from organization.roles import Role
from tests import stories
from tests.governance.locks import locked_tables


def on_fast_track(place, **fields):
    by, now = place.actor(Role.SECRETARIAT), timezone.now()
    return stories.perform(
        "send_to_fast_track",
        stories.received(place, **fields),
        by=by,
        now=now,
        data={"reason": "Lite beløp."},
    )


def approve(case, place):
    by, now = place.actor(Role.SECRETARIAT), timezone.now()
    return stories.perform("approve_fast_track", case, by=by, now=now, data={"text": "Vedtatt."})


def test_decide_fast_track__two_at_once_wait_though_no_rules_are_set(world):
    GovernanceRules.objects.filter(municipality=world.home.municipality).delete()
    case = on_fast_track(world.home)
    with locked_tables() as tables:
        approve(case, world.home)
    assert "organization_unit" in tables


# --- Reported to the council -----------------------------------------------------------------------
def notices_of(meeting):
    return [(item.kind, item.initiative, item.case_number[:2]) for item in meeting.items.on_agenda()]


def test_decide_fast_track__is_reported_to_the_next_meeting(world):
    later, following = stories.meeting(world.home, days=40), stories.meeting(world.home, days=20)
    case = on_fast_track(world.home)
    assert notices_of(following) == []
    approve(case, world.home)
    assert notices_of(following) == [("RS", case, "RS")]
    assert notices_of(later) == []


def test_decide_fast_track__a_rejection_is_reported_too_and_stays_closed(world):
    meeting = stories.meeting(world.home)
    case = on_fast_track(world.home)
    by, now = world.home.actor(Role.SECRETARIAT), timezone.now()
    stories.perform("reject_fast_track", case, by=by, now=now, data={"reason": "For dyrt."})
    assert notices_of(meeting) == [("RS", case, "RS")]
    meeting_workflow.perform("summon", meeting, by=by, now=now)
    case.refresh_from_db()
    assert case.papers_published_at is None


def test_plan_meeting__tells_what_was_decided_when_none_was_planned(world):
    case = on_fast_track(world.home)
    approve(case, world.home)
    meeting = stories.meeting(world.home)
    assert notices_of(meeting) == [("RS", case, "RS")]
    assert notices_of(stories.meeting(world.home, days=40)) == []
    assert notices_of(stories.meeting(world.neighbor)) == []


def test_summon_meeting__tells_what_a_cancelled_one_should_have_told(world):
    first, second = stories.meeting(world.home), stories.meeting(world.home, days=40)
    case = approve(on_fast_track(world.home), world.home)
    by, now = world.home.actor(Role.SECRETARIAT), timezone.now()
    meeting_workflow.perform("cancel", first, by=by, now=now, data={"reason": "Sykdom."})
    stories.on_agenda(world.home, second)
    meeting_workflow.perform("summon", second, by=by, now=now)
    assert ("RS", case, "RS") in notices_of(second)


def test_report_fast_track__under_the_public_title(world):
    meeting = stories.meeting(world.home)
    approve(on_fast_track(world.home, shield_basis="offl_24", public_title="Sikringstiltak"), world.home)
    assert meeting.items.get().title == "Sikringstiltak"


def test_report_fast_track__is_noted_and_moves_nothing(world):
    meeting = stories.meeting(world.home)
    case = approve(on_fast_track(world.home), world.home)
    stories.in_session(meeting, world.home)
    by, now = world.home.actor(Role.SECRETARIAT), timezone.now()
    council.decide(meeting.items.get(), outcome="note", text="Tas til orientering.", by=by, now=now)
    case.refresh_from_db()
    assert case.status == Status.ADOPTED


def test_add_item__for_what_is_reported_already_gives_it_the_title(world):
    meeting = stories.meeting(world.home)
    case = approve(on_fast_track(world.home), world.home)
    by, now = world.home.actor(Role.SECRETARIAT), timezone.now()
    item = agenda.add_item(meeting, title="Avgjort på fullmakt", kind="RS", by=by, now=now, initiative=case)
    assert meeting.items.get() == item
    assert meeting.items.get().title == "Avgjort på fullmakt"


# --- Noted in one press ---------------------------------------------------------------------------
@pytest.fixture
def with_notices(world):
    """A meeting in session with a case to decide and two notice cases."""
    at = stories.meeting(world.home)
    for title in ("Første", "Andre"):
        approve(on_fast_track(world.home, title=title), world.home)
    stories.on_agenda(world.home, at)
    return stories.in_session(at, world.home)


def note_page(meeting):
    return reverse("governance:meeting_notices_note", args=[meeting.pk])


def test_note_all__notes_the_notice_cases_and_leaves_the_others(as_role, with_notices):
    client = as_role(Role.COUNCIL_LEADER)
    assert "Ta 2 referatsaker til orientering" in client.get(with_notices.get_absolute_url()).content.decode()
    said = client.post(note_page(with_notices), follow=True).content.decode()
    assert "2 referatsaker er tatt til orientering" in said
    decided = Decision.objects.filter(agenda_item__meeting=with_notices)
    assert [(row.outcome, row.agenda_item.kind) for row in decided] == [("note", "RS"), ("note", "RS")]
    assert "referatsaker til orientering" not in client.get(with_notices.get_absolute_url()).content.decode()


def test_note_all__twice_notes_once(world, with_notices):
    by = world.home.actor(Role.SECRETARIAT)
    counts = [council.note_all(with_notices, by=by, now=timezone.now()) for _turn in range(2)]
    assert counts == [2, 0]


def test_note_all__is_not_for_members_nor_before_the_meeting(as_role, world, with_notices):
    assert as_role(Role.COUNCIL_MEMBER).post(note_page(with_notices)).status_code == 403
    assert as_role(Role.SECRETARIAT, world.stranger).post(note_page(with_notices)).status_code == 404
    assert not Decision.objects.filter(agenda_item__meeting=with_notices).exists()
    planned = stories.meeting(world.home, days=40)
    approve(on_fast_track(world.home), world.home)
    said = as_role(Role.SECRETARIAT).post(note_page(planned), follow=True).content.decode()
    assert "Møtet er ikke åpent" in said
