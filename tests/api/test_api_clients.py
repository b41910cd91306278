"""Other systems call with a token: it lets in its own client, for a while, for what it was given, and nobody else."""

from __future__ import annotations

import string
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oauth2_provider.models import AccessToken
from pghistory.models import Context

from core.api.views import ApiView
from core.models import AccessLog
from governance.models import Initiative
from organization import operations
from organization.api import throttling
from organization.models import ApiCallCount, ApiClient, Person
from organization.operations import Edit
from organization.roles import Role
from organization.scopes import GUARDED, SCOPES
from tests import stories
from tests.api.clients import SYSTEM, TOKENS, Machine, ask_token, issue, machine, token_of
from tests.api.conftest import Api, slug_of
from tests.deviations import stories as deviations


@pytest.fixture(autouse=True)
def _calls_are_counted_anew(db):
    cache.clear()


# --- The token -----------------------------------------------------------------------------------
def test_ask_for_token__gives_what_was_asked_for_and_keeps_a_digest_only(world):
    client, secret = issue(world.home, "units:read", "goals:read")

    answer = ask_token(client, secret, scope="units:read").json()

    assert answer["scope"] == "units:read"
    assert answer["token_type"] == "Bearer"
    assert answer["expires_in"] <= 600
    assert "refresh_token" not in answer
    kept = AccessToken.objects.get()
    assert kept.token == ""
    assert answer["access_token"] not in repr(vars(kept))
    stored = ApiClient.objects.get()
    assert secret not in stored.client_secret
    assert stored.client_secret.startswith("pbkdf2_sha256_secret$")


def test_ask_for_token__without_scope_gives_all_of_the_client(world):
    client, secret = issue(world.home, "units:read", "goals:read")
    assert set(ask_token(client, secret).json()["scope"].split()) == {"units:read", "goals:read"}


@pytest.mark.parametrize(
    "scope", ["deviations:read", "units:read deviations:read", "units:write", "*", "a\x00b"]
)
def test_ask_for_token__for_more_than_was_given_is_refused(world, scope):
    answer = ask_token(*issue(world.home, "units:read"), scope=scope)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")
    assert not AccessToken.objects.exists()


def test_ask_for_token__with_a_wrong_secret_is_401(world):
    client, secret = issue(world.home, "units:read")
    other, theirs = issue(world.neighbor, "units:read")
    for wrong in ("", secret[:-1], secret.swapcase(), theirs, client.client_secret, "\x00"):
        assert ask_token(client, wrong).status_code == 401, wrong
    assert ask_token(other, secret).status_code == 401
    assert not AccessToken.objects.exists()


@pytest.mark.parametrize(
    "grant", ["password", "authorization_code", "refresh_token", "implicit", "", "urn:ietf:params:oauth:grant-type:device_code"]
)  # fmt: skip
def test_ask_for_token__in_any_other_way_is_refused(world, grant):
    person = world.home.person(Role.ADMINISTRATOR)
    client, secret = issue(world.home, "units:read")
    fields = {
        "grant_type": grant,
        "username": person.username,
        "password": "x",
        "device_code": "x",
        "code": "x",
    }
    assert ask_token(client, secret, **fields).status_code == 400
    assert not AccessToken.objects.exists()


def test_ask_for_token__twenty_times_is_slowed_down(world, settings):
    settings.API_LOG_INS_PER_MINUTE = 3
    client, _secret = issue(world.home, "units:read")
    answers = [ask_token(client, "galt") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [401, 401, 401, 429]
    assert 1 <= int(answers[-1]["Retry-After"]) <= 60


def test_ask_for_token__of_a_client_that_is_over_is_401(world):
    gone, secret = issue(world.home, "units:read", name="Utløpt")
    ApiClient.objects.update(expires_on=timezone.localdate() - timedelta(days=1))
    assert ask_token(gone, secret).status_code == 401
    revoked, secret = issue(world.home, "units:read", name="Trukket")
    operations.revoke_client(revoked, reason="Byttet system", by=SYSTEM, now=timezone.now())
    assert ask_token(revoked, secret).status_code == 401


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    header=st.text(alphabet=string.printable + "æ\x00", max_size=60),
    body=st.dictionaries(st.sampled_from(["grant_type", "client_id", "client_secret", "scope", "resource"]), st.text(max_size=40)),
)  # fmt: skip
def test_ask_for_token__with_anything_is_never_a_fault_of_ours(db, header, body):
    cache.clear()
    header = "".join(character for character in header if character not in "\r\n")
    for start in ("", "Basic ", "Bearer "):
        answer = Client().post(TOKENS, body, HTTP_AUTHORIZATION=start + header)
        assert answer.status_code in {400, 401}


def test_ask_for_token__only_by_post(db):
    assert Client().get(TOKENS).status_code == 405


# --- Who a token lets in -----------------------------------------------------------------------------
def refused(answer, slug, status):
    assert (slug_of(answer), answer.status_code) == (slug, status)
    return answer["WWW-Authenticate"]


def test_call__with_token_reads_its_own_municipality_alone(world):
    own = stories.received(world.home)
    theirs = stories.received(world.neighbor)
    caller = machine(world.home, "initiatives:read")
    listed = [row["id"] for row in caller.get("/initiatives/").json()["results"]]
    assert own.pk in listed
    assert theirs.pk not in listed
    assert caller.get(f"/initiatives/{own.pk}/").status_code == 200
    assert caller.get(f"/initiatives/{theirs.pk}/").status_code == 404
    neighbor = machine(world.neighbor, "initiatives:read")
    assert neighbor.get(f"/initiatives/{own.pk}/").status_code == 404


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer ", "Bearer x y", "Basic x", "bearer", "Token x", "Bearer " + "a" * 501, "Bearer ikke-et-token", "x", ""],
)  # fmt: skip
def test_call__with_malformed_or_unknown_token_is_401(db, header):
    answer = Api().get("/units/", HTTP_AUTHORIZATION=header)
    assert 'error="invalid_token"' in refused(answer, "token", 401)


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(header=st.text(max_size=80))
def test_call__with_any_header_is_401(db, header):
    assert Api().get("/units/", HTTP_AUTHORIZATION=header.encode().decode("latin-1")).status_code == 401


def test_call__a_token_in_the_address_is_none(world):
    token = token_of(*issue(world.home, "units:read"))
    assert Api().get(f"/units/?access_token={token}").status_code == 401


def test_call__with_a_token_that_has_run_out_is_401(world):
    caller = machine(world.home, "units:read")
    assert caller.get("/units/").status_code == 200
    AccessToken.objects.update(expires=timezone.now() - timedelta(seconds=1))
    refused(caller.get("/units/"), "token", 401)


def test_call__a_bad_token_is_not_mended_by_a_session(world):
    person = Api(world.home.person(Role.ADMINISTRATOR))
    assert person.get("/units/").status_code == 200
    refused(person.get("/units/", HTTP_AUTHORIZATION="Bearer galt"), "token", 401)


def test_call__token_is_who_calls_though_a_session_came_along(world):
    draft = stories.draft(world.home)
    person = Api(draft.submitter)
    assert person.get(f"/initiatives/{draft.pk}/").status_code == 200
    token = token_of(*issue(world.home, "initiatives:read"))
    assert person.get(f"/initiatives/{draft.pk}/", HTTP_AUTHORIZATION=f"Bearer {token}").status_code == 404


def test_call__after_revocation_is_401_at_once(world):
    client, secret = issue(world.home, "units:read")
    caller = Machine(token_of(client, secret))
    operations.revoke_client(client, reason="Byttet system", by=SYSTEM, now=timezone.now())
    refused(caller.get("/units/"), "token", 401)
    ApiClient.objects.update(revoked_at=None)  # the token itself is gone too
    refused(caller.get("/units/"), "token", 401)


def test_call__after_the_last_day_is_401(world):
    caller = machine(world.home, "units:read")
    ApiClient.objects.update(expires_on=timezone.localdate())
    assert caller.get("/units/").status_code == 200
    ApiClient.objects.update(expires_on=timezone.localdate() - timedelta(days=1))
    refused(caller.get("/units/"), "token", 401)


def test_call__when_the_municipality_is_closed_is_401(world):
    caller = machine(world.home, "units:read")
    type(world.home.municipality).objects.filter(code="heim").update(closed_on=timezone.localdate())
    refused(caller.get("/units/"), "token", 401)


def test_call__with_a_token_for_another_address_is_401(world):
    client, secret = issue(world.home, "units:read")
    elsewhere = Machine(token_of(client, secret, resource="https://annet.example/"))
    refused(elsewhere.get("/units/"), "token", 401)
    here = Machine(token_of(client, secret, resource="http://testserver/api/v1/"))
    assert here.get("/units/").status_code == 200


# --- Scopes --------------------------------------------------------------------------------------------
def api_views():
    """Return the views of the API with their addresses."""
    for pattern in get_resolver("config.api").url_patterns:
        yield from _views_of(pattern, "/")


def _views_of(pattern, start):
    if hasattr(pattern, "url_patterns"):
        for inner in pattern.url_patterns:
            yield from _views_of(inner, start + str(pattern.pattern))
        return
    view = getattr(pattern.callback, "cls", None)
    if view is not None and issubclass(view, ApiView):
        yield start + str(pattern.pattern), view


def test_every_view__names_a_resource_that_has_a_scope():
    for address, view in api_views():
        if view.scopeless:
            assert address in {
                "/schema/",
                "/^.*$",
                "/events/",
            }  # the feed asks for the scope of each kind of record
            continue
        for method in {"get", "post", "patch"} & {name for name in dir(view) if hasattr(view, name)}:
            if method.upper() in view.people_only:
                continue
            scope = f"{view.resource}:{'read' if method == 'get' else 'write'}"
            assert scope in SCOPES, (address, scope)


@pytest.mark.parametrize(
    ("address", "view"), list(api_views()), ids=lambda part: part if isinstance(part, str) else ""
)
def test_call__without_the_scope_is_403_before_anything_is_looked_up(world, address, view):
    if view.scopeless:
        return
    others = sorted(name for name in SCOPES if not name.startswith(f"{view.resource}:"))
    caller = machine(world.home, *others)
    path = address.replace("<int:pk>", "1").replace("<uuid:key>", "00000000-0000-0000-0000-000000000000")
    for method in ("get", "post", "patch"):
        if hasattr(view, method):
            asked = refused(caller.call(method.upper(), path, {}), "scope", 403)
            if method.upper() in view.people_only:
                assert "scope=" not in asked
                continue
            assert f'scope="{view.resource}:{"read" if method == "get" else "write"}"' in asked


def test_call__to_read_is_not_to_write(world):
    body = {"title": "Ny kø", "unit_id": world.home.unit.pk}
    refused(machine(world.home, "initiatives:read").post("/initiatives/", body), "scope", 403)
    made = machine(world.home, "initiatives:write", name="Innmelder").post("/initiatives/", body)
    assert made.status_code == 201
    assert made.json()["submitter_id"] == ApiClient.objects.get(name="Innmelder").user_id


def test_call__what_the_token_was_not_asked_for_is_not_there(world):
    client, secret = issue(world.home, "units:read", "goals:read")
    caller = Machine(token_of(client, secret, scope="units:read"))
    assert caller.get("/units/").status_code == 200
    refused(caller.get("/goals/"), "scope", 403)


def test_call__a_scope_that_is_taken_away_is_gone_with_the_next_call(world):
    client, secret = issue(world.home, "units:read", "goals:read")
    caller = Machine(token_of(client, secret))
    client.scopes = ["units:read"]
    operations.edit_client(Edit(client, ("scopes",)), by=SYSTEM, now=timezone.now())
    refused(caller.get("/goals/"), "scope", 403)
    assert caller.get("/units/").status_code == 200


def test_expand__needs_the_scope_of_what_is_added(world):
    stories.received(world.home)
    caller = machine(world.home, "initiatives:read", "units:read")
    assert caller.get("/initiatives/?expand=unit").status_code == 200
    assert 'scope="people:read"' in refused(caller.get("/initiatives/?expand=unit,submitter"), "scope", 403)
    allowed = machine(world.home, "initiatives:read", "people:read", name="Med folk")
    assert allowed.get("/initiatives/?expand=submitter").json()["results"][0]["submitter"]["name"]


def test_read_document__and_nothing_at_all_needs_no_scope(world):
    caller = machine(world.home, "units:read")
    assert (
        caller.client.get("/api/v1/schema/", HTTP_AUTHORIZATION=f"Bearer {caller.token}").status_code == 200
    )
    assert caller.get("/nothing/").status_code == 404


def test_open_page__with_token_leads_to_log_in(world):
    token = token_of(*issue(world.home, *SCOPES))
    for page in ("/", "/organisasjon/klienter/", "/avvik/", "/admin/"):
        answer = Client().get(page, HTTP_AUTHORIZATION=f"Bearer {token}")
        assert answer.status_code == 302, page


# --- What a client sees ----------------------------------------------------------------------------------
def test_read_initiative__cards_papers_and_shielded_each_with_a_scope(world):
    plain, shielded = stories.received(world.home), stories.received(world.home, title="Skjermet sak")
    Initiative.objects.filter(pk=shielded.pk).update(shield_basis="offl_13", public_title="Sak om personal")
    card = machine(world.home, "initiatives:read", name="Kort")
    papers = machine(world.home, "initiatives:read", "papers:read", name="Papirer")
    all_of_it = machine(world.home, "initiatives:read", "papers:read", "shielded:read", name="Alt")
    read = {
        name: (caller.get(f"/initiatives/{plain.pk}/").json(), caller.get(f"/initiatives/{shielded.pk}/").json())
        for name, caller in (("card", card), ("papers", papers), ("all", all_of_it))
    }  # fmt: skip
    assert [part["reads_papers"] for part in read["card"]] == [False, False]
    assert [part["reads_papers"] for part in read["papers"]] == [True, False]
    assert [part["reads_papers"] for part in read["all"]] == [True, True]
    assert read["papers"][1]["title"] == "Sak om personal"
    logged = AccessLog.objects.filter(object_id=shielded.pk)
    assert [row.person.name for row in logged] == ["Alt (API-klient)"]


def test_read_deviation__confidential_only_with_its_own_scope_and_logged(world):
    plain, confidential = deviations.received(world.home), deviations.received(world.home, code="HMS-PSYK")
    usual = machine(world.home, "deviations:read", name="Vanlig")
    trusted = machine(world.home, "deviations:read", "confidential:read", name="Betrodd")
    assert [row["id"] for row in usual.get("/deviations/").json()["results"]] == [plain.pk]
    assert usual.get(f"/deviations/{confidential.pk}/").status_code == 404
    assert {row["id"] for row in trusted.get("/deviations/").json()["results"]} == {plain.pk, confidential.pk}
    told = trusted.get(f"/deviations/{confidential.pk}/").json()
    assert told["reads_words"]
    logged = AccessLog.objects.filter(object_id=confidential.pk)
    assert [row.person.name for row in logged] == ["Betrodd (API-klient)"]
    stranger = machine(world.neighbor, "deviations:read", "confidential:read", name="Nabo")
    assert stranger.get("/deviations/").json()["results"] == []
    assert stranger.get(f"/deviations/{plain.pk}/").status_code == 404


def test_history__names_the_client(world):
    client, secret = issue(world.home, "initiatives:write", "initiatives:read")
    caller = Machine(token_of(client, secret))
    made = caller.post("/initiatives/", {"title": "Ny kø", "unit_id": world.home.unit.pk}).json()
    entry = caller.get(f"/initiatives/{made['id']}/timeline/").json()["results"][-1]
    assert (entry["actor_id"], entry["actor_name"]) == (client.user_id, "Portalen (API-klient)")
    assert Context.objects.filter(
        metadata__actor=client.user_id, metadata__acting_for=world.home.municipality.pk
    )


def test_account_of_client__is_no_colleague_and_cannot_log_in(world):
    client, _secret = issue(world.home, *SCOPES)
    account = Person.objects.get(pk=client.user_id)
    assert not account.is_active
    assert not account.has_usable_password()
    assert not account.roles.exists()
    assert not Person.objects.visible_to(world.home.actor(Role.ADMINISTRATOR)).contains(account)
    browser = Client()
    browser.force_login(account)
    assert browser.get("/").status_code == 302


# --- Secrets -----------------------------------------------------------------------------------------------
def test_rotate_secret__both_work_until_the_old_one_ends(world):
    client, old = issue(world.home, "units:read")
    now = timezone.now()
    new = operations.rotate_secret(client, keep_old=timedelta(days=7), by=SYSTEM, now=now)
    assert new != old
    assert [ask_token(client, secret).status_code for secret in (old, new, "galt")] == [200, 200, 401]
    ApiClient.objects.update(retired_until=now - timedelta(seconds=1))
    assert [ask_token(client, secret).status_code for secret in (old, new)] == [401, 200]
    newest = operations.rotate_secret(client, keep_old=timedelta(days=7), by=SYSTEM, now=now)
    assert [ask_token(client, secret).status_code for secret in (old, new, newest)] == [401, 200, 200]


def test_end_old_secret__stops_it_and_every_token_at_once(world):
    client, old = issue(world.home, "units:read")
    new = operations.rotate_secret(client, keep_old=timedelta(days=7), by=SYSTEM, now=timezone.now())
    caller = Machine(token_of(client, old))
    operations.end_old_secret(client, by=SYSTEM, now=timezone.now())
    refused(caller.get("/units/"), "token", 401)
    assert [ask_token(client, secret).status_code for secret in (old, new)] == [401, 200]


def test_keep_history__without_any_secret(world):
    client, secret = issue(world.home, "units:read")
    new = operations.rotate_secret(client, keep_old=timedelta(days=7), by=SYSTEM, now=timezone.now())
    events = ApiClient.pgh_event_model.objects.filter(pgh_obj_id=client.pk).order_by("pgh_id")
    assert [event.pgh_context.metadata["action"] for event in events] == ["issue_client", "rotate_secret"]
    told = repr([vars(event) for event in events]) + repr([event.pgh_context.metadata for event in events])
    digests = ApiClient.objects.values_list("client_secret", "retired_secret").get()
    for word in (secret, new, *digests):
        assert word not in told


def test_store_client__refuses_what_must_not_be(world):
    client, _secret = issue(world.home, "units:read")
    for wrong in (
        {"user": None}, {"client_type": "public"}, {"authorization_grant_type": "password"},
        {"hash_client_secret": False}, {"scopes": sorted(GUARDED), "reason": ""},
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            ApiClient.objects.filter(pk=client.pk).update(**wrong)


# --- How much ------------------------------------------------------------------------------------------------
def test_count_calls__by_day_resource_and_class(world):
    client, secret = issue(world.home, "units:read")
    caller = Machine(token_of(client, secret))
    for path in ("/units/", "/units/", "/units/?nei=1", "/goals/"):
        caller.get(path)
    rows = ApiCallCount.objects.filter(client=client).values_list("resource", "status_class", "calls")
    assert set(rows) == {("units", 2, 2), ("units", 4, 1), ("goals", 4, 1)}
    assert ApiCallCount.objects.visible_to(world.home.actor(Role.ADMINISTRATOR)).count() == 3
    assert not ApiCallCount.objects.visible_to(world.neighbor.actor(Role.ADMINISTRATOR)).exists()


def test_list__is_one_query_and_the_count(world, django_assert_max_num_queries):
    stories.received(world.home)
    caller = machine(world.home, "initiatives:read", "units:read")
    with django_assert_max_num_queries(4):  # who calls, the rows, the count
        caller.get("/initiatives/?expand=unit")


def test_call_too_often__is_429_for_the_client_alone(world, settings):
    settings.API_CALLS_PER_MINUTE = 2
    client, secret = issue(world.home, "units:read")
    caller, other = Machine(token_of(client, secret)), machine(world.home, "units:read", name="En annen")
    answers = [caller.get("/units/") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert slug_of(answers[-1]) == "too-many"
    assert 1 <= int(answers[-1]["Retry-After"]) <= 60
    assert other.get("/units/").status_code == 200
    person = Api(world.home.person(Role.EMPLOYEE))
    assert [person.get("/units/").status_code for _ in range(4)] == [200] * 4


def test_count_this_minute__begins_anew_with_the_next(monkeypatch):
    monkeypatch.setattr(throttling.time, "time", lambda: 600.0)
    assert [throttling.calls_this_minute("x") for _ in range(2)] == [1, 2]
    monkeypatch.setattr(throttling.time, "time", lambda: 661.0)
    assert throttling.calls_this_minute("x") == 1
    assert throttling.seconds_left() == 59
