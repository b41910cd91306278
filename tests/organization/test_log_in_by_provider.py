"""People log in where their municipality says: who is known and works there gets in, nobody else, and no account is made."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.utils import timezone

from config.providers import for_allauth
from organization import keys as keys_module
from organization.issuers import LogInProvider
from organization.models import Person, RoleAssignment, Unit
from organization.operations import give_role
from organization.roles import Role
from tests.oidc_provider import CLIENT_ID, CLIENT_SECRET
from tests.world import SYSTEM

ORGNRS = {"heim": "974760673", "granne": "999999999"}
LOGIN = "/konto/oidc/heim/login/"


@pytest.fixture(scope="module")
def process():
    """Run a provider as a process and return its address."""
    started = subprocess.Popen(
        [sys.executable, "-m", "tests.oidc_provider"], stdout=subprocess.PIPE, text=True
    )
    try:
        yield f"http://127.0.0.1:{int(started.stdout.readline())}"
    finally:
        started.terminate()
        started.wait(10)
        started.stdout.close()


@pytest.fixture
def provider(process, settings, world):
    """Let Heim, and Granne, log in by the provider; return what is to be set."""
    keys_module.keys_of.cache_clear()
    for code, orgnr in ORGNRS.items():
        Unit.objects.filter(code=code).update(orgnr=orgnr)
    found = {}
    for code, orgnr in ORGNRS.items():
        found[code] = LogInProvider(
            key=code, name=f"{code.title()} kommune", server=process, client_id=CLIENT_ID, client_secret=CLIENT_SECRET,
            municipalities=(orgnr,),
        )  # fmt: skip
    use(settings, found)
    say(process)
    return settings


def use(settings, providers):
    settings.LOG_IN_PROVIDERS = providers
    settings.SOCIALACCOUNT_PROVIDERS = for_allauth(providers)


def tuned(settings, **changes):
    import dataclasses

    heim = dataclasses.replace(settings.LOG_IN_PROVIDERS["heim"], **changes)
    use(settings, settings.LOG_IN_PROVIDERS | {"heim": heim})


def say(process, **wanted):
    """Tell the provider who logs in next, and what shall be wrong."""
    requests.put(f"{process}/next", json=wanted, timeout=5)


def leader(world):
    return world.home.person(Role.LEADER)


def claims_of(person, **changes):
    return {"sub": f"sub-{person.username}", "email": person.email, "email_verified": True, **changes}


def go(client, start=LOGIN):
    """Follow the browser to the provider, and return the address it is sent back to."""
    sent = client.get(start)
    assert sent.status_code == 302, sent.content
    back = requests.get(sent.url, allow_redirects=False, timeout=5)
    assert back.status_code == 302, back.text
    return back.headers["Location"].removeprefix("http://testserver")


def log_in(client, process, claims=None, start=LOGIN, **wanted):
    say(process, **({"claims": claims} if claims else {}), **wanted)
    return client.get(go(client, start))


def who(client):
    return client.session.get("_auth_user_id")


# --- In -------------------------------------------------------------------------------------------------
def test_log_in__the_whole_way_with_pkce_and_nonce(world, client, provider, process):
    person = leader(world)
    before = Person.objects.count()
    answer = log_in(client, process, claims_of(person))
    assert (answer.status_code, answer.url) == (302, "/")
    assert who(client) == str(person.pk)
    assert "Hei," in client.get("/").content.decode()
    asked = requests.get(f"{process}/asked", timeout=5).json()
    assert len(asked["nonce"]) >= 32
    assert asked["code_challenge_method"] == "S256"
    assert Person.objects.count() == before
    link = SocialAccount.objects.get()
    assert (link.user, link.provider, link.uid, link.extra_data) == (
        person,
        "heim",
        f"sub-{person.username}",
        {},
    )
    person.refresh_from_db()
    assert person.check_password("et-langt-passord-for-tester")


def test_log_in__leads_back_to_where_one_was_going_but_never_off_the_site(world, client, provider, process):
    for wanted, reached in (("/tiltak/", "/tiltak/"), ("https://example.com/", "/")):
        client.logout()
        assert log_in(client, process, claims_of(leader(world)), f"{LOGIN}?next={wanted}").url == reached


def test_log_in__is_offered_where_it_is_set_up_only(world, client, provider, settings):
    page = client.get("/konto/login/?next=/tiltak/").content.decode()
    assert "Logg inn med Heim kommune" in page
    assert "next=%2Ftiltak%2F" in page
    use(settings, {})
    assert "Logg inn med" not in client.get("/konto/login/").content.decode()
    assert client.get(LOGIN).status_code == 404
    assert client.get(f"{LOGIN}callback/?code=x&state=y").status_code == 404


def test_log_in__the_second_time_by_the_link_though_the_address_is_another(world, client, provider, process):
    person = leader(world)
    log_in(client, process, claims_of(person))
    client.logout()
    assert (
        log_in(client, process, claims_of(person, email="ny@annet.example", email_verified=False)).status_code
        == 302
    )
    assert who(client) == str(person.pk)
    assert SocialAccount.objects.count() == 1


def test_log_in__stands_in_the_history_of_the_person(world, client, provider, process, as_role):
    log_in(client, process, claims_of(leader(world)))
    page = as_role(Role.ADMINISTRATOR).get(f"/organisasjon/personer/{leader(world).pk}/").content.decode()
    assert "Koblet til innlogging hos kommunen" in page


def test_log_in__by_oid_where_the_provider_says_so(world, client, provider, process, settings):
    tuned(settings, uid_claim="oid")
    log_in(client, process, claims_of(leader(world), oid="0f-1"))
    assert SocialAccount.objects.get().uid == "0f-1"


# --- Whom nobody knows ------------------------------------------------------------------------------------
def refused(client, answer, told="Du har ikke tilgang til Stafett", status=403):
    assert answer.status_code == status
    assert told in answer.content.decode()
    assert who(client) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"email": "ukjent@heim.example"}, {"email": ""}, {"email": None}, {"email_verified": False},
        {"email_verified": None}, {"email_verified": "true"}, {"email": ["leader@heim.example"]},
        {"email": "leader@heim.example\x00"}, {"email": "x" * 300 + "@heim.example"},
    ],
)  # fmt: skip
def test_log_in__of_who_is_not_known_says_whom_to_ask_and_makes_nothing(
    world, client, provider, process, changes
):
    before = Person.objects.count()
    answer = log_in(client, process, claims_of(leader(world), **changes))
    refused(client, answer, world.home.person(Role.ADMINISTRATOR).name)
    assert world.neighbor.person(Role.ADMINISTRATOR).name not in answer.content.decode()
    assert (Person.objects.count(), SocialAccount.objects.count()) == (before, 0)


def test_log_in__an_address_of_the_providers_own_domain_needs_no_mark(
    world, client, provider, process, settings
):
    tuned(settings, email_claim="upn", email_domains=("heim.example",))
    person = leader(world)
    refused(client, log_in(client, process, {"sub": "a", "upn": "leader@elsewhere.example"}))
    assert log_in(client, process, {"sub": "a", "upn": person.email.upper()}).status_code == 302
    assert who(client) == str(person.pk)


def test_log_in__by_the_provider_of_another_municipality_opens_nothing(world, client, provider, process):
    person = leader(world)
    refused(client, log_in(client, process, claims_of(person), "/konto/oidc/granne/login/"))
    assert log_in(client, process, claims_of(person)).status_code == 302
    client.logout()
    # The same name at the other provider is somebody else.
    refused(client, log_in(client, process, claims_of(person), "/konto/oidc/granne/login/"))


def test_log_in__of_who_has_roles_elsewhere_too_is_refused(world, client, provider, process, settings):
    person = leader(world)
    log_in(client, process, claims_of(person))
    client.logout()
    today = timezone.localdate()
    give_role(
        person=person, role=Role.EMPLOYEE, unit=world.neighbor.unit, valid_from=today + timedelta(days=3), by=SYSTEM,
        now=timezone.now(),
    )  # fmt: skip
    refused(client, log_in(client, process, claims_of(person)))
    tuned(settings, municipalities=tuple(ORGNRS.values()))
    assert log_in(client, process, claims_of(person)).status_code == 302


def test_log_in__of_who_has_left_is_refused(world, client, provider, process):
    person = leader(world)
    log_in(client, process, claims_of(person))
    client.logout()
    RoleAssignment.objects.filter(person=person).update(valid_to=timezone.localdate())
    refused(client, log_in(client, process, claims_of(person)))
    RoleAssignment.objects.filter(person=person).update(valid_to=None)
    Person.objects.filter(pk=person.pk).update(is_active=False)
    refused(client, log_in(client, process, claims_of(person)))


@pytest.mark.parametrize("mark", ["is_staff", "is_superuser"])
def test_log_in__never_to_who_runs_the_installation(world, client, provider, process, mark):
    person = leader(world)
    Person.objects.filter(pk=person.pk).update(**{mark: True})
    refused(client, log_in(client, process, claims_of(person)))


def test_log_in__an_address_that_was_given_to_somebody_else_links_nobody_anew(
    world, client, provider, process
):
    person = leader(world)
    log_in(client, process, claims_of(person))
    client.logout()
    refused(client, log_in(client, process, claims_of(person, sub="somebody else")))
    assert SocialAccount.objects.get().uid == f"sub-{person.username}"


# --- Answers that are not to be trusted -------------------------------------------------------------------------
NOT_TRUSTED = "Innloggingen gikk ikke"


def test_come_back__with_a_state_of_nobody_or_of_another_browser_is_refused(world, client, provider, process):
    say(process, claims=claims_of(leader(world)))
    address = go(client)
    code = parse_qs(urlsplit(address).query)["code"][0]
    for state in ("", "x", "\x00"):
        answer = client.get(f"{LOGIN}callback/", {"code": code, "state": state})
        refused(client, answer, NOT_TRUSTED, 401)
    other = type(client)()
    refused(other, other.get(address), NOT_TRUSTED, 401)
    # A state of one provider is none of another's.
    refused(client, client.get(address.replace("/heim/", "/granne/")), NOT_TRUSTED, 401)


def test_come_back__twice_is_refused(world, client, provider, process):
    say(process, claims=claims_of(leader(world)))
    address = go(client)
    assert client.get(address).url == "/"
    client.logout()
    refused(client, client.get(address), NOT_TRUSTED, 401)


def test_come_back__with_the_code_of_another_browser_is_refused(world, client, provider, process):
    """The code was asked for with another secret (PKCE), and its ID token answers another nonce."""
    say(process, claims=claims_of(leader(world)))
    stolen = parse_qs(urlsplit(go(type(client)())).query)["code"][0]
    state = parse_qs(urlsplit(go(client)).query)["state"][0]
    refused(client, client.get(f"{LOGIN}callback/", {"code": stolen, "state": state}), NOT_TRUSTED, 401)


def wrong_claims():
    now = int(time.time())
    return {
        "wrong nonce": {"nonce": "another"}, "no nonce": {"nonce": None}, "expired": {"exp": now - 60, "iat": now - 600},
        "not yet": {"nbf": now + 600}, "no end": {"exp": None}, "issuer": {"iss": "https://evil.example"},
        "audience": {"aud": "another"}, "several audiences": {"aud": [CLIENT_ID, "another"]},
        "issued to another": {"aud": [CLIENT_ID, "another"], "azp": "another"}, "no name": {"sub": None},
        "name is no text": {"sub": 7}, "name is too long": {"sub": "x" * 200}, "name is odd": {"sub": "a\x00"},
    }  # fmt: skip


@pytest.mark.parametrize("name", wrong_claims())
def test_come_back__with_a_wrong_claim_is_refused(world, client, provider, process, name):
    answer = log_in(client, process, claims_of(leader(world)) | wrong_claims()[name])
    refused(client, answer, NOT_TRUSTED, 401)
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize(
    "wanted",
    [
        {"fault": "signature"}, {"answer": {}}, {"answer": []}, {"answer": ["access_token"]}, {"answer": "x"},
        {"answer": {"access_token": "a"}}, {"answer": {"access_token": "a", "id_token": 7}},
        {"answer": {"access_token": "a", "id_token": "a.b.c"}},
    ],
)  # fmt: skip
def test_come_back__with_an_answer_that_cannot_be_trusted_is_refused(
    world, client, provider, process, wanted
):
    refused(client, log_in(client, process, claims_of(leader(world)), **wanted), NOT_TRUSTED, 401)


def test_come_back__unsigned_is_refused(world, client, provider, process):
    import jwt

    now = int(time.time())
    said = claims_of(leader(world), iss=process, aud=CLIENT_ID, iat=now, exp=now + 60)
    token = jwt.encode(said, None, algorithm="none", headers={"kid": "provider"})
    answer = {"access_token": "a", "id_token": token}
    refused(client, log_in(client, process, answer=answer), NOT_TRUSTED, 401)


def test_come_back__after_cancelling_says_so(world, client, provider, process):
    answer = log_in(client, process, fault="cancelled")
    assert "Du avbrøt innloggingen" in client.get(answer.url).content.decode()


@pytest.mark.parametrize(
    "wanted",
    [
        {"fault": "down"},
        {"configuration": {"issuer": "https://evil.example"}},
        {"configuration": {"token_endpoint": None}},
    ],
)
def test_log_in__where_the_provider_is_down_or_another_is_refused_before_anybody_is_sent(
    world, client, provider, process, wanted
):
    say(process, **wanted)
    refused(client, client.get(LOGIN), NOT_TRUSTED, 401)


def test_log_in__where_nobody_answers_is_refused(world, client, provider, settings):
    tuned(settings, server="http://127.0.0.1:9")
    refused(client, client.get(LOGIN), NOT_TRUSTED, 401)


# --- Level, and what a link cannot change --------------------------------------------------------------------------
def test_log_in__asks_for_the_level_and_demands_it(world, client, provider, process, settings):
    tuned(settings, acr_values=("substantial", "high"))
    for acr in (None, "low", ["high"]):
        refused(client, log_in(client, process, claims_of(leader(world), acr=acr)), NOT_TRUSTED, 401)
    assert log_in(client, process, claims_of(leader(world), acr="high")).status_code == 302
    assert requests.get(f"{process}/asked", timeout=5).json()["acr_values"] == "substantial high"


def test_log_in__a_link_changes_neither_level_nor_scope_nor_process(
    world, client, provider, process, settings
):
    tuned(settings, acr_values=("high",))
    start = f"{LOGIN}?process=connect&scope=offline_access&auth_params=acr_values%3Dlow%26nonce%3Dx"
    client.force_login(world.home.person(Role.EMPLOYEE))
    answer = log_in(client, process, claims_of(leader(world), acr="high"), start)
    asked = requests.get(f"{process}/asked", timeout=5).json()
    assert asked["acr_values"] == "high"
    assert asked["nonce"] != "x"
    assert "offline_access" not in asked["scope"]
    assert (answer.status_code, who(client)) == (302, str(leader(world).pk))
    assert SocialAccount.objects.get().user == leader(world)


def test_open_links__pages_of_the_package_are_absent(world, client, provider):
    client.force_login(leader(world))
    for address in (
        "/konto/3rdparty/",
        "/konto/3rdparty/signup/",
        "/konto/oidc/openid_connect/login/",
        "/konto/oidc/x/login/",
    ):
        assert client.get(address).status_code == 404
