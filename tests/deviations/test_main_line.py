"""From a report to a closed case, as reporter, leader and the owner of an action walk it."""

from __future__ import annotations

import uuid

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.utils import timezone

from core.models import Notice
from core.workflow import TransitionBlocked
from deviations import operations
from deviations.models import Anonymity, Deviation, Message, Status
from deviations.models.status import FINAL
from deviations.workflow import deviation_workflow
from organization.roles import Role
from tests.deviations import stories

perform = deviation_workflow.perform


@pytest.fixture
def place(world):
    return world.home


@pytest.mark.parametrize("state", Status.values)
def test_every_state_is_reached_through_the_workflow(place, state):
    assert stories.STATES[state](place).status == state


def test_report__lands_with_the_nearest_leader_and_says_why(place):
    case = stories.report(place)
    assert case.responsible == place.person(Role.LEADER)
    assert case.number.startswith("A20")
    assert place.unit.name in case.routings.get().why
    assert Notice.objects.filter(
        recipient=place.person(Role.LEADER), event="reported", object_id=case.pk
    ).exists()


def test_report__sent_twice_by_a_flaky_network_is_filed_once(place):
    key = uuid.uuid4()
    first, again = (stories.report(place, submission_key=key) for _ in range(2))
    assert first == again
    assert Deviation.objects.filter(submission_key=key).count() == 1


def test_report__by_the_leader_goes_one_level_up(place):
    case = stories.report(place, by=place.actor(Role.LEADER))
    assert case.responsible == place.person(Role.SECTOR_LEADER)


def test_report__never_lands_with_somebody_it_concerns(place):
    leader = place.person(Role.LEADER)
    case = stories.report(place, concerned=(leader,))
    assert case.responsible == place.person(Role.SECTOR_LEADER)
    assert not Deviation.objects.visible_to(place.actor(Role.LEADER)).filter(pk=case.pk).exists()


def test_close__without_anything_done_says_what_is_missing(place):
    case = stories.in_progress(place, danger="injured")
    data = {"no_action_reason": "-", "closing_note": "-"}
    with pytest.raises(TransitionBlocked) as blocked:
        perform("close_without_action", case, by=place.actor(Role.LEADER), now=timezone.now(), data=data)
    words = " ".join(str(reason) for reason in blocked.value.reasons)
    assert "meldeplikt" in words
    assert "alvorlighet" in words
    assert "årsak" in words


@pytest.mark.parametrize("state", sorted(FINAL))
def test_open_duty__stops_every_end_by_guard_and_by_database(place, state):
    case = stories.in_progress(place, code="HMS-VOLD-FYS", answers={"violence": "unsure"})
    assert [duty.code for duty in case.duties.all()] == ["AML_5_2"]
    data = {"reason": "Det gjelder ikke oss."}
    with pytest.raises(TransitionBlocked, match="alvorlig arbeidsulykke"):
        perform("dismiss", case, by=place.actor(Role.LEADER), now=timezone.now(), data=data)
    with (
        pytest.raises((IntegrityError, InternalError), match="open duty"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("update deviations_deviation set status = %s where id = %s", [state, case.pk])


def test_reporter__is_told_at_each_step_and_what_was_changed(place):
    case = stories.closed(place)
    talk = list(case.messages.filter(from_reporter=False).values_list("kind", flat=True))
    assert talk == [Message.Kind.STEP, Message.Kind.STEP, Message.Kind.CLOSING]
    told = Notice.objects.filter(recipient=case.reporter, object_id=case.pk, event="moved")
    assert "matte" in told.latest("pk").body


def test_anonymous_report__is_followed_with_its_code_only(place):
    case, code = stories.report_with_code(place, anonymity=Anonymity.ANONYMOUS)
    assert case.reporter is None
    assert operations.receipt_of(f" {code[:8].lower()}-{code[8:]} ") == case
    assert operations.receipt_of("A" * 16) is None
    assert operations.receipt_of("") is None


def test_reopen__by_the_reporter_within_thirty_days(place):
    case = stories.closed(place)
    data = {"reason": "Det er fortsatt glatt."}
    again = perform("reopen_as_reporter", case, by=place.actor(Role.EMPLOYEE), now=timezone.now(), data=data)
    assert again.status == Status.IN_PROGRESS
    assert again.closed_at is None


def test_appeal__goes_to_the_leader_above(place):
    case = stories.dismissed(place)
    data = {"reason": "Gulvet er vårt."}
    again = perform("appeal", case, by=place.actor(Role.EMPLOYEE), now=timezone.now(), data=data)
    assert again.responsible == place.person(Role.SECTOR_LEADER)


def test_reroute__does_not_go_in_a_circle(place):
    case = stories.report(place)
    leader, above = place.actor(Role.LEADER), place.actor(Role.SECTOR_LEADER)
    moved = operations.reroute(
        case, above.person, reason="Gjelder hele sektoren", by=leader, now=timezone.now()
    )
    assert moved.responsible == above.person
    with pytest.raises(TransitionBlocked, match="har alt ligget hos"):
        operations.reroute(moved, leader.person, reason="Tilbake", by=above, now=timezone.now())
