"""The start page: what needs this person first, then news, then the panels of the role."""

from __future__ import annotations

import pytest
from django.urls import reverse

from core.models import Notice
from core.panels import settings_links
from organization.roles import Role
from tests import stories

START = reverse("core:start")


def page_of(client) -> str:
    response = client.get(START)
    assert response.status_code == 200
    return response.content.decode()


def test_open_start__begins_with_what_needs_me(world, as_role):
    stories.awaiting_endorsement(world.home)
    page = page_of(as_role(Role.SECTOR_LEADER))
    assert "Dette trenger deg" in page
    assert "Gi tilråding til" in page
    assert page.index("Digital vaktplan") < page.index("Nytt siden sist")


def test_open_start__shows_five_tasks_and_the_way_to_the_rest(world, as_role):
    for number in range(7):
        stories.received(world.home, title=f"Sak {number}")
    client = as_role(Role.SECRETARIAT)
    page = page_of(client)
    assert len(client.get(START).context["rows"]) == 5
    assert "Vis 2 oppgaver til" in page


def test_open_start__with_nothing_to_do_says_what_comes(world, as_role):
    assert "Ingenting venter på deg" in page_of(as_role(Role.HR))


def test_open_start__employee_sees_own_cases_and_who_has_them(world, as_role):
    stories.received(world.home)
    page = page_of(as_role(Role.EMPLOYEE))
    assert "Mine tiltak" in page
    assert "Ligger hos: Sekretariatet" in page
    assert "Mottatt i sekretariatet" in page


def test_open_start__panels_follow_the_role(world, as_role):
    stories.received(world.home)
    stories.meeting(world.home)
    expected = {
        Role.SECRETARIAT: (True, True), Role.COUNCIL_MEMBER: (False, True), Role.EMPLOYEE: (False, False),
        Role.ELECTED_REPRESENTATIVE: (False, False),
    }  # fmt: skip
    for role, (queue, meeting) in expected.items():
        page = page_of(as_role(role))
        assert ("Åpne mottaket" in page, "Neste rådsmøte" in page) == (queue, meeting), role


def test_open_start__numbers_of_the_secretariat_open_their_lists(world, as_role):
    stories.received(world.home)
    stories.under_preparation(world.home)
    client = as_role(Role.SECRETARIAT)
    page = page_of(client)
    for status in ("received", "under_preparation", "ready_for_council"):
        url = f"{reverse('governance:triage_queue')}?status={status}"
        assert url in page
        assert client.get(url).status_code == 200


def test_open_start__shows_no_meeting_or_case_of_others(world, as_role):
    stories.meeting(world.neighbor)
    stories.received(world.neighbor)
    page = page_of(as_role(Role.SECRETARIAT))
    assert "Neste rådsmøte" not in page
    assert "Digital vaktplan" not in page


def test_open_start__shows_unread_notices_only(world, as_role):
    stories.received(world.home)
    client = as_role(Role.EMPLOYEE)
    assert "Sektorleder har tilrådd «Digital vaktplan»" in page_of(client)
    client.post(reverse("core:notices_read"))
    assert "Nytt siden sist" not in page_of(client)
    assert Notice.objects.filter(recipient=world.home.person(Role.SECTOR_LEADER), read_at=None).exists()


def test_list_settings_links__for_administrators(world):
    links = settings_links(world.home.actor(Role.ADMINISTRATOR))
    assert {reverse("governance:rules_edit"), reverse("governance:mandate_list")} <= {
        link.url for link in links
    }
    assert settings_links(world.home.actor(Role.SECRETARIAT)) == []


@pytest.mark.parametrize(
    "role", [Role.SECRETARIAT, Role.EMPLOYEE, Role.KOMMUNEDIREKTOR, Role.PORTFOLIO_MANAGER]
)
def test_open_start__costs_at_most_twelve_queries(world, as_role, django_assert_max_num_queries, role):
    client = as_role(role)
    stories.received(world.home)
    stories.meeting(world.home)
    page_of(client)
    with django_assert_max_num_queries(12) as few:
        page_of(client)
    for _ in range(3):
        stories.received(world.home)
    with django_assert_max_num_queries(len(few)):
        page_of(client)


def test_open_start__needs_login(client, world):
    assert client.get(START).status_code == 302
