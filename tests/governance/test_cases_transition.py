"""The page of one step: who may open it, what it asks, what stands in the way, and where one goes after."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from core.models import Notice
from governance.models import Initiative, Status
from governance.views.steps import StepPage
from governance.workflow import initiative_workflow
from organization.operations import give_role
from organization.roles import Role
from tests import stories
from tests.world import SYSTEM


def url_of(case, name: str) -> str:
    return reverse("governance:initiative_transition", args=[case.pk, name])


def status_of(case) -> str:
    return Initiative.objects.get(pk=case.pk).status


def said(response) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def test_endorse_case__from_its_page(world, as_role):
    case = stories.awaiting_endorsement(world.home)
    client = as_role(Role.SECTOR_LEADER)
    page = client.get(url_of(case, "endorse"))
    assert page.status_code == 200
    assert "Saken går videre til sekretariatet" in page.content.decode()
    response = client.post(url_of(case, "endorse"), {"remark": "Haster."})
    assert response["Location"] == case.get_absolute_url()
    assert status_of(case) == Status.RECEIVED
    assert case.endorsements.get().remark == "Haster."
    assert "Tilrådd av sektorleder: «Digital vaktplan»" in said(response)


def test_endorse_case__by_the_stand_in_while_the_period_lasts(world, client):
    place, today = world.home, timezone.localdate()
    stand_in = place.person(Role.IKT_LEADER)
    holding = give_role(
        person=stand_in, role=Role.SECTOR_LEADER, unit=place.sector, valid_from=today, valid_to=today + timedelta(days=14),
        stand_in_for=place.person(Role.SECTOR_LEADER), by=SYSTEM, now=timezone.now(),
    )  # fmt: skip
    first, second = (
        stories.awaiting_endorsement(place, title="Den første"),
        stories.awaiting_endorsement(place),
    )
    assert Notice.objects.filter(recipient=stand_in, object_id=first.pk).exists()
    client.force_login(stand_in)
    assert "Den første" in client.get(reverse("core:inbox")).content.decode()
    assert client.post(url_of(first, "endorse"), {"remark": ""}).status_code == 302
    assert first.endorsements.get().by == stand_in
    holding.valid_to = today
    holding.save()
    assert client.post(url_of(second, "endorse"), {"remark": ""}).status_code in {403, 404}
    assert status_of(second) == Status.AWAITING_ENDORSEMENT


def test_take_step__without_what_it_asks_keeps_what_was_typed(world, as_role):
    case = stories.received(world.home)
    response = as_role(Role.SECRETARIAT).post(
        url_of(case, "refer"), {"referred_to": "IKT brukerstøtte", "reason": ""}
    )
    assert response.status_code == 422
    page = response.content.decode()
    assert 'value="IKT brukerstøtte"' in page
    assert "Melding til innmelder" in page
    assert status_of(case) == Status.RECEIVED


@pytest.mark.parametrize("reason", ["a\x00b", "x" * 5000, "   "])
def test_take_step__refuses_odd_text(world, as_role, reason):
    case = stories.received(world.home)
    response = as_role(Role.SECRETARIAT).post(url_of(case, "withdraw"), {"reason": reason})
    assert response.status_code == 422
    assert status_of(case) == Status.RECEIVED


def test_take_step__that_is_not_ready_says_why(world, as_role):
    case = stories.under_preparation(world.home)
    client = as_role(Role.COORDINATOR)
    for response in (client.get(url_of(case, "mark_ready")), client.post(url_of(case, "mark_ready"))):
        assert response.status_code == 409
        assert "Skriv saksframlegget først." in response.content.decode()
    assert status_of(case) == Status.UNDER_PREPARATION


def test_take_step__blocked_keeps_what_was_typed(world, as_role):
    case = stories.received(world.home, operation_per_year=900_000)
    response = as_role(Role.SECRETARIAT).post(
        url_of(case, "send_to_fast_track"), {"reason": "Det haster veldig."}
    )
    assert response.status_code == 409
    page = response.content.decode()
    assert "over grensen" in page
    assert "Det haster veldig." in page


def test_take_step__twice_is_refused_the_second_time(world, as_role):
    case = stories.awaiting_endorsement(world.home)
    client = as_role(Role.SECTOR_LEADER)
    assert client.post(url_of(case, "endorse"), {"remark": ""}).status_code == 302
    again = client.post(url_of(case, "endorse"), {"remark": ""})
    assert again.status_code == 409
    assert "Saken står som «Mottatt i sekretariatet»" in again.content.decode()
    assert case.endorsements.count() == 1


def test_put_case_on_agenda__of_a_meeting_that_has_begun(world, as_role):
    """The meeting was opened while the page stood on the screen."""
    meeting = stories.meeting(world.home)
    stories.on_agenda(world.home, meeting)
    case = stories.ready_for_council(world.home)
    client = as_role(Role.SECRETARIAT)
    assert client.get(url_of(case, "put_on_agenda")).status_code == 200
    stories.in_session(meeting, world.home)
    response = client.post(url_of(case, "put_on_agenda"), {"meeting": meeting.pk})
    assert response.status_code == 422
    assert status_of(case) == Status.READY_FOR_COUNCIL


def test_take_step__that_somebody_else_took_in_the_same_moment(world, rf):
    case = stories.awaiting_endorsement(world.home)
    request = rf.post(url_of(case, "endorse"), {"remark": "Ja."})
    request.actor = world.home.actor(Role.SECTOR_LEADER)
    page = StepPage.of(request, case, "endorse")
    assert page.is_answered()
    data = {"reason": "Nei."}
    initiative_workflow.perform("decline_endorsement", case, by=request.actor, now=timezone.now(), data=data)
    assert not page.perform()
    assert page.status == 409
    assert "Ikke tilrådd" in str(page.reasons[0])


def test_put_case_on_agenda__says_how_to_undo(world, as_role):
    meeting = stories.meeting(world.home)
    case = stories.ready_for_council(world.home)
    response = as_role(Role.SECRETARIAT).post(url_of(case, "put_on_agenda"), {"meeting": meeting.pk})
    assert "Du kan angre med «Ta av sakslista»" in said(response)


@pytest.mark.parametrize("role", [Role.HR, Role.LEADER, Role.COUNCIL_MEMBER, Role.ADMINISTRATOR])
def test_take_step__without_the_role_is_forbidden(world, as_role, role):
    case = stories.awaiting_endorsement(world.home)
    client = as_role(role)
    assert client.get(url_of(case, "endorse")).status_code == 403
    assert client.post(url_of(case, "endorse"), {"remark": ""}).status_code == 403
    assert status_of(case) == Status.AWAITING_ENDORSEMENT


def test_take_step__of_another_municipality_does_not_exist(world, as_role):
    case = stories.awaiting_endorsement(world.home)
    response = as_role(Role.SECTOR_LEADER, world.neighbor).post(url_of(case, "endorse"), {"remark": ""})
    assert response.status_code == 404
    assert status_of(case) == Status.AWAITING_ENDORSEMENT


@pytest.mark.parametrize("name", ["finnes-ikke", "prioritize", "adopt", "enter_portfolio"])
def test_take_step__that_no_person_takes_does_not_exist(world, as_role, name):
    case = stories.on_agenda(world.home)
    assert as_role(Role.SECRETARIAT).post(url_of(case, name)).status_code == 404


def test_withdraw_case__only_by_submitter_or_secretariat(world, as_role):
    case = stories.received(world.home)
    assert as_role(Role.LEADER).post(url_of(case, "withdraw"), {"reason": "x"}).status_code == 403
    assert as_role(Role.EMPLOYEE).post(url_of(case, "withdraw"), {"reason": "Løst."}).status_code == 302
    assert status_of(case) == Status.WITHDRAWN


def test_merge_case__shows_what_looks_like_it_and_links_to_it(world, as_role):
    stays = stories.received(world.home, title="Digital vaktplan for hjemmetjenesten")
    case = stories.received(world.home)
    client = as_role(Role.SECRETARIAT)
    assert stays.number in client.get(url_of(case, "merge")).content.decode()
    foreign = stories.received(world.neighbor)
    Initiative.objects.filter(pk=foreign.pk).update(number="2020-999")
    wrong = client.post(url_of(case, "merge"), {"into": "2020-999", "reason": "Samme sak"})
    assert wrong.status_code == 422
    assert (
        client.post(url_of(case, "merge"), {"into": stays.number, "reason": "Samme sak"}).status_code == 302
    )
    assert Initiative.objects.get(pk=case.pk).merged_into == stays
    assert stays.number in client.get(case.get_absolute_url()).content.decode()


def test_return_case__deadline_in_the_past_is_refused(world, as_role):
    case = stories.received(world.home)
    yesterday = timezone.localdate() - timedelta(days=1)
    data = {"missing": "Gevinster", "deadline": f"{yesterday:%d.%m.%Y}"}
    response = as_role(Role.SECRETARIAT).post(url_of(case, "return_for_completion"), data)
    assert response.status_code == 422
    assert "Datoen er passert" in response.content.decode()


def test_every_step_of_people__explains_what_follows(world):
    from governance.presentation import what_happens

    internal = {"send_to_endorsement", "adopt_within_authority"}
    steps = {name for name, step in initiative_workflow.transitions.items() if not step.internal} - internal
    assert [name for name in sorted(steps) if not what_happens(name)] == []
