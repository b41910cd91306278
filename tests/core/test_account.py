"""Log-in, password and second factor: the package's pages in our clothes, and what is shut."""

from __future__ import annotations

import pytest
from django.test import override_settings

from organization.roles import Role
from tests.world import PASSWORD

OWN_PAGES = [
    "account_change_password",
    "account_logout",
    "mfa_index",
]


def test_log_in__with_password_leads_to_the_start_page(world, client):
    answer = client.post(
        "/konto/login/", {"login": world.home.person(Role.LEADER).username, "password": PASSWORD}, follow=True
    )
    assert answer.redirect_chain == [("/", 302)]
    assert "Hei," in answer.content.decode()


def test_log_in__with_wrong_password_keeps_the_name_and_tells_nothing_more(world, client):
    username = world.home.person(Role.LEADER).username
    answer = client.post("/konto/login/", {"login": username, "password": "feil"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert username in page
    assert "_auth_user_id" not in client.session


def test_log_in__leads_back_to_where_one_was_going_but_never_off_the_site(world, client):
    username = world.home.person(Role.LEADER).username
    for wanted, reached in [("/tiltak/", "/tiltak/"), ("https://example.com/", "/")]:
        client.logout()
        answer = client.post(
            f"/konto/login/?next={wanted}", {"login": username, "password": PASSWORD, "next": wanted}
        )
        assert (answer.status_code, answer.url) == (302, reached)


def test_log_in__is_refused_to_who_is_shut_out(world, client):
    person = world.home.person(Role.LEADER)
    person.is_active = False
    person.save()
    client.post("/konto/login/", {"login": person.username, "password": PASSWORD})
    assert "_auth_user_id" not in client.session


def test_sign_up__is_closed(db, client):
    answer = client.post(
        "/konto/signup/", {"username": "ny", "email": "ny@example.com", "password1": "x", "password2": "x"}
    )
    assert "_auth_user_id" not in client.session
    assert answer.status_code in {200, 302, 403}


@pytest.mark.parametrize("name", OWN_PAGES)
def test_open_account_page__needs_log_in(world, client, name):
    from django.urls import reverse

    assert client.get(reverse(name)).status_code == 302
    client.force_login(world.home.person(Role.LEADER))
    assert client.get(reverse(name)).status_code in {200, 302}


def test_log_in_page__offers_demo_people_in_the_demo_only(db, client):
    assert "stafett-demo" not in client.get("/konto/login/").content.decode()


@override_settings(DEMO_MODE=False)
def test_demo_people__are_given_to_no_page_outside_the_demo(rf, db):
    from demo.context_processors import people

    request = rf.get("/konto/login/")
    request.resolver_match = None
    assert people(request) == {}


def test_addresses__are_the_municipalitys_and_nobody_changes_an_own_one(world, as_role):
    client = as_role(Role.LEADER)
    before = world.home.person(Role.LEADER).email
    answer = client.post("/konto/email/", {"email": "min@example.com", "action_add": ""})
    assert answer.status_code == 404
    assert client.get("/konto/email/").status_code == 404
    assert world.home.person(Role.LEADER).email == before


def test_administration__has_no_log_in_of_its_own(world, client):
    """The one log-in asks for the second factor and counts wrong passwords; the administration's would do neither."""
    person = world.home.person(Role.LEADER)
    person.is_staff = person.is_superuser = True
    person.save()
    answer = client.post("/admin/login/", {"username": person.username, "password": PASSWORD})
    assert (answer.status_code, answer.url.split("?")[0]) == (302, "/konto/login/")
    assert "_auth_user_id" not in client.session
    client.force_login(world.home.person(Role.SECRETARIAT))
    assert client.get("/admin/login/").status_code == 403
