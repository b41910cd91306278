"""Systems call with tokens of Maskinporten: signed by it, meant for us, of a consumer that a municipality has let in."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import hmac
import json
import time
from datetime import timedelta
from functools import cache as cache_once

import jwt
import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.models import AccessLog
from governance.models import Initiative
from organization import keys as keys_module
from organization import operations
from organization.api import throttling
from organization.issuers import Maskinporten
from organization.models import ApiCallCount, ApiClient, ClientKind
from organization.operations import Edit
from organization.scopes import SCOPES
from tests import stories
from tests.api.clients import SYSTEM, ask_token, issue, machine
from tests.api.clients import Machine as Caller
from tests.api.conftest import Api, slug_of
from tests.deviations import stories as deviations
from tests.issuers import Key, key, key_server

ORGNR, OTHER = "999999999", "974760673"
ISSUER, AUDIENCE, PREFIX = "https://maskinporten.example/", "https://stafett.example", "kommune:stafett/"


@pytest.fixture(autouse=True)
def _calls_are_counted_anew(db):
    cache.clear()


@pytest.fixture
def keys():
    """Return the server of Maskinporten's keys."""
    with key_server(key("first")) as server:
        yield server


@pytest.fixture
def service(keys, settings):
    """Let the installation trust Maskinporten."""
    keys_module.keys_of.cache_clear()
    settings.MASKINPORTEN = Maskinporten(
        issuer=ISSUER, jwks=keys.address, audience=AUDIENCE, scope_prefix=PREFIX, timeout_seconds=2
    )
    return settings


def let_in(place, *scopes, orgnr=ORGNR, **facts):
    """Return a client of Maskinporten that the municipality has made."""
    facts.setdefault("name", f"Fagsystem {orgnr}")
    return issue(place, *scopes, kind=ClientKind.MASKINPORTEN, consumer_orgnr=orgnr, **facts)[0]


def claims(*scopes, orgnr=ORGNR, **changes):
    """Return what a token says; a claim that is changed to ``None`` is left out."""
    now = int(time.time())
    said = {
        "iss": ISSUER, "aud": AUDIENCE, "iat": now, "exp": now + 120, "jti": "f8", "client_id": "abc",
        "token_type": "Bearer", "client_amr": "private_key_jwt",
        "scope": " ".join(PREFIX + scope.replace("-", "").replace(":", ".") for scope in scopes),
        "consumer": {"authority": "iso6523-actorid-upis", "ID": f"0192:{orgnr}"},
    }  # fmt: skip
    return {name: value for name, value in (said | changes).items() if value is not None}


def caller(*scopes, signed_by="first", **changes):
    return Caller(key(signed_by).sign(claims(*scopes, **changes)))


def refused(answer, slug="token", status=401):
    assert (slug_of(answer), answer.status_code) == (slug, status)
    return answer


# --- Who is let in ---------------------------------------------------------------------------------------
def test_call__with_a_token_reads_the_municipality_that_let_the_consumer_in(world, service):
    own, theirs = stories.received(world.home), stories.received(world.neighbor)
    let_in(world.home, "initiatives:read")
    called = caller("initiatives:read")
    listed = [row["id"] for row in called.get("/initiatives/").json()["results"]]
    assert own.pk in listed
    assert theirs.pk not in listed
    assert called.get(f"/initiatives/{theirs.pk}/").status_code == 404


def test_call__writes_as_the_account_of_the_client(world, service):
    client = let_in(world.home, "initiatives:write")
    made = caller("initiatives:write").post(
        "/initiatives/", {"title": "Ny kø", "unit_id": world.home.unit.pk}
    )
    assert made.status_code == 201
    assert made.json()["submitter_id"] == client.user_id
    assert Initiative.objects.get(pk=made.json()["id"]).submitter.name == f"{client.name} (API-klient)"


def test_call__costs_as_many_queries_as_with_a_secret(world, service, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    let_in(world.home, "units:read")
    for one in (called := caller("units:read"), secret := machine(world.home, "units:read")):
        one.get("/units/")
    with CaptureQueriesContext(connection) as usual:
        secret.get("/units/")
    with django_assert_num_queries(len(usual)):
        called.get("/units/")


def test_call__of_a_consumer_that_nobody_has_let_in_is_401(world, service):
    let_in(world.home, "units:read", orgnr=OTHER)
    refused(caller("units:read").get("/units/"))


def test_call__of_a_consumer_of_another_installation_part_sees_that_part_alone(world, service):
    """Two municipalities let in a consumer each; none reaches the other's."""
    let_in(world.home, "units:read")
    let_in(world.stranger, "units:read", orgnr=OTHER)
    homes = {row["municipality_id"] for row in caller("units:read").get("/units/").json()["results"]}
    others = {
        row["municipality_id"] for row in caller("units:read", orgnr=OTHER).get("/units/").json()["results"]
    }
    assert (homes, others) == ({world.home.municipality.pk}, {world.stranger.municipality.pk})


def test_call__of_a_consumer_that_several_have_let_in_says_for_whom(world, service):
    here, there = let_in(world.home, "units:read"), let_in(world.neighbor, "units:read")
    theirs = let_in(world.stranger, "units:read", orgnr=OTHER)
    called = caller("units:read")
    answer = refused(called.get("/units/"), "which-client", 400)
    assert answer.json()["errors"][0]["parameter"] == "Stafett-Client"
    assert here.client_id not in answer.content.decode()
    for client, place in ((here, world.home), (there, world.neighbor)):
        rows = called.get("/units/", HTTP_STAFETT_CLIENT=client.client_id).json()["results"]
        assert {row["municipality_id"] for row in rows} == {place.municipality.pk}
    for wrong in (theirs.client_id, "", "x", "\x00", str(here.pk)):
        refused(called.get("/units/", HTTP_STAFETT_CLIENT=wrong))


def test_call__of_a_client_that_is_over_is_401(world, service):
    client, called = let_in(world.home, "units:read"), caller("units:read")
    assert called.get("/units/").status_code == 200
    for change, undo in (
        ({"expires_on": timezone.localdate() - timedelta(days=1)}, {"expires_on": timezone.localdate()}),
        ({"revoked_at": timezone.now()}, {"revoked_at": None}),
    ):
        ApiClient.objects.filter(pk=client.pk).update(**change)
        refused(called.get("/units/"))
        ApiClient.objects.filter(pk=client.pk).update(**undo)
        assert called.get("/units/").status_code == 200
    type(world.home.municipality).objects.filter(code="heim").update(closed_on=timezone.localdate())
    refused(called.get("/units/"))


def test_ask_token__of_a_client_of_maskinporten_is_401_whatever_secret(world, service):
    client = let_in(world.home, "units:read")
    for secret in ("", client.client_secret, "x"):
        assert ask_token(client, secret).status_code == 401
    ApiClient.objects.filter(pk=client.pk).update(
        client_secret=issue(world.home, "units:read")[0].client_secret
    )
    assert ask_token(client, "x").status_code == 401


def test_call__where_maskinporten_is_not_set_up_is_401(world, service):
    let_in(world.home, "units:read")
    service.MASKINPORTEN = Maskinporten()
    refused(caller("units:read").get("/units/"))


def test_call__with_a_secret_works_beside(world, service):
    assert machine(world.home, "units:read").get("/units/").status_code == 200


# --- Scopes, limits, counting, history ---------------------------------------------------------------------
def test_call__needs_the_scope_in_the_token_and_at_the_client(world, service):
    let_in(world.home, "units:read", "goals:read")
    assert caller("units:read").get("/units/").status_code == 200
    refused(caller("units:read").get("/goals/"), "scope", 403)  # given, not in the token
    refused(caller("services:read").get("/services/"), "scope", 403)  # in the token, not given
    answer = refused(caller("units:read", "services:read").get("/services/"), "scope", 403)
    assert 'scope="services:read"' in answer["WWW-Authenticate"]


@pytest.mark.parametrize(
    "scope", ["units:read", "kommune:annet/units.read", "kommune:stafett/unitsread", "kommune:stafett/", "x", ["kommune:stafett/units.read"], 7, None]
)  # fmt: skip
def test_call__a_scope_of_somebody_else_opens_nothing(world, service, scope):
    let_in(world.home, "units:read")
    refused(caller(scope=scope).get("/units/"), "scope", 403)


def test_every_scope__has_a_name_of_its_own_in_maskinporten(service):
    names = {service.MASKINPORTEN.name_of(name) for name in SCOPES}
    assert len(names) == len(SCOPES)
    assert "kommune:stafett/councilmeetings.read" in names


def test_call__a_scope_that_is_taken_away_is_gone_with_the_next_call(world, service):
    client, called = let_in(world.home, "units:read", "goals:read"), caller("units:read", "goals:read")
    assert called.get("/goals/").status_code == 200
    client.scopes = ["units:read"]
    operations.edit_client(Edit(client, ("scopes",)), by=SYSTEM, now=timezone.now())
    refused(called.get("/goals/"), "scope", 403)


def test_call__is_counted_and_limited_as_of_other_clients(world, service, monkeypatch):
    service.API_CALLS_PER_MINUTE = 2
    client, called = let_in(world.home, "units:read"), caller("units:read")
    monkeypatch.setattr(throttling.time, "time", lambda: 1_000_000_000.0)
    assert [called.get("/units/").status_code for _ in range(3)] == [200, 200, 429]
    counts = ApiCallCount.objects.filter(client=client).values_list("resource", "status_class", "calls")
    assert set(counts) == {("units", 2, 2), ("units", 4, 1)}


def test_call__that_reads_what_is_confidential_is_logged(world, service):
    case = deviations.received(world.home, code="HMS-PSYK")
    client = let_in(world.home, "deviations:read", "confidential:read")
    assert caller("deviations:read").get(f"/deviations/{case.pk}/").status_code == 404
    assert caller("deviations:read", "confidential:read").get(f"/deviations/{case.pk}/").status_code == 200
    assert AccessLog.objects.get(object_id=case.pk).person_id == client.user_id


# --- Tokens that let nobody in -----------------------------------------------------------------------------
def wrong_times(now):
    yield {"exp": now - 60, "iat": now - 180}
    yield {"nbf": now + 60}
    yield {"iat": now + 60, "exp": now + 900}


def test_call__outside_the_time_of_the_token_is_401(world, service):
    let_in(world.home, "units:read")
    for changes in wrong_times(int(time.time())):
        refused(caller("units:read", **changes).get("/units/"))


WRONG_CLAIMS = {
    "without end": {"exp": None},
    "without time": {"iat": None},
    "end is no number": {"exp": "i morgen"},
    "end is not finite": {"exp": float("inf")},
    "wrong issuer": {"iss": "https://maskinporten.example.evil/"},
    "without issuer": {"iss": None},
    "issuer is a list": {"iss": [ISSUER]},
    "wrong audience": {"aud": "https://annet.example"},
    "unspecified audience": {"aud": "unspecified"},
    "without audience": {"aud": None},
    "without consumer": {"consumer": None},
    "consumer is text": {"consumer": f"0192:{ORGNR}"},
    "consumer of another register": {"consumer": {"authority": "iso6523-actorid-upis", "ID": f"0193:{ORGNR}"}},
    "consumer of another authority": {"consumer": {"authority": "x", "ID": f"0192:{ORGNR}"}},
    "consumer with more": {"consumer": {"authority": "iso6523-actorid-upis", "ID": f"0192:{ORGNR}\n"}},
    "consumer without number": {"consumer": {"authority": "iso6523-actorid-upis", "ID": "0192:"}},
    "consumer is odd": {"consumer": {"authority": "iso6523-actorid-upis", "ID": {"a": [1]}}},
}  # fmt: skip


@pytest.mark.parametrize("changes", WRONG_CLAIMS.values(), ids=WRONG_CLAIMS.keys())
def test_call__with_a_wrong_claim_is_401(world, service, changes):
    let_in(world.home, "units:read")
    assert caller("units:read").get("/units/").status_code == 200
    answer = refused(caller("units:read", **changes).get("/units/"))
    assert 'error="invalid_token"' in answer["WWW-Authenticate"]
    assert ApiCallCount.objects.get().calls == 1


def test_call__with_our_audience_among_several_is_let_in(world, service):
    let_in(world.home, "units:read")
    assert caller("units:read", aud=["https://annet.example", AUDIENCE]).get("/units/").status_code == 200


def _part(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def forged(header, said, signature=b""):
    """Return a token put together by hand, as libraries refuse to."""
    return ".".join([_part(header), _part(said), base64.urlsafe_b64encode(signature).rstrip(b"=").decode()])


def signed_with_public_key(kid, secret):
    """Return HS256 by the public key, which a careless verifier takes for the right key."""
    start = f"{_part({'alg': 'HS256', 'typ': 'JWT', 'kid': kid})}.{_part(claims('units:read'))}"
    digest = hmac.new(secret, start.encode(), hashlib.sha256).digest()
    return f"{start}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


@cache_once
def _namesake():
    """Return another key of the same name."""
    return Key("first")


def wrong_signatures():
    """Return tokens by what is wrong with them."""
    return dict(_wrong_signatures())


def _signed_text(signer, text):
    return jwt.PyJWS().encode(text.encode(), signer.private, algorithm="RS256", headers={"kid": signer.kid})


def _wrong_signatures():
    right, said = key("first"), claims("units:read")
    token = right.sign(said)
    head, body, signature = token.split(".")
    other = _namesake()
    yield "unsigned", f"{head}.{body}."
    yield "alg=none", forged({"alg": "none", "kid": "first"}, said)
    yield "alg=None", forged({"alg": "None", "kid": "first"}, said)
    yield "no alg", forged({"kid": "first"}, said)
    yield "alg=none with signature", forged({"alg": "none", "kid": "first"}, said, b"x")
    yield "HS256 with the public key", signed_with_public_key("first", right.pem)
    yield "HS256 with the modulus", signed_with_public_key("first", right.jwk["n"].encode())
    yield "signed by another", other.sign(said)
    yield "unknown kid", key("second").sign(said)
    yield "no kid", jwt.encode(said, right.private, algorithm="RS256")
    yield "kid is no text", forged({"alg": "RS256", "kid": {"a": 1}}, said, b"x")
    yield "brings its own key", other.sign(said, jwk=other.jwk, jku="http://127.0.0.1:1/", kid="mine")
    yield "changed", f"{head}.{_part(said | {'scope': PREFIX + 'shielded.read'})}.{signature}"
    yield "signature of another token", f"{head}.{body}.{right.sign(said | {'jti': 'x'}).split('.')[2]}"
    yield "demands what nobody knows", right.sign(said, crit=["exp"])
    yield (
        "deeply nested head",
        ".".join([base64.urlsafe_b64encode(b"[" * 4000).decode().rstrip("="), body, "eA"]),
    )
    yield "deeply nested body", _signed_text(right, "[" * 4000)
    yield "too long", right.sign(said | {"x": "y" * 9000})


@pytest.mark.parametrize("name", wrong_signatures())
def test_call__with_a_token_that_is_not_signed_right_is_401(world, service, name):
    let_in(world.home, "units:read", "shielded:read")
    refused(Caller(wrong_signatures()[name]).get("/units/"))
    assert not ApiCallCount.objects.exists()


def test_call__a_bad_token_is_not_mended_by_a_session(world, service):
    from organization.roles import Role

    person = Api(world.home.person(Role.ADMINISTRATOR))
    refused(
        person.get("/units/", HTTP_AUTHORIZATION=f"Bearer {forged({'alg': 'none'}, claims('units:read'))}")
    )


ODD = [None, True, 7, -1.5, "", "first", "RS256", "none", "\x00", [], ["exp"], {}, {"a": [1]}]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    header=st.dictionaries(st.sampled_from(["alg", "kid", "typ", "crit", "b64", "jwk"]), st.sampled_from(ODD)),
    body=st.binary(max_size=40), signature=st.binary(max_size=40),
)  # fmt: skip
def test_call__with_anything_between_dots_is_401(service, header, body, signature):
    parts = [json.dumps(header).encode(), body, signature]
    token = ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)
    assert Caller(token).get("/units/").status_code == 401


# --- Keys ----------------------------------------------------------------------------------------------------
def tuned(service, **changes):
    """Change how keys are kept, and forget those that are."""
    service.MASKINPORTEN = dataclasses.replace(service.MASKINPORTEN, **changes)


def test_keys__are_fetched_once_for_many_calls(world, service, keys):
    let_in(world.home, "units:read")
    for _ in range(5):
        assert caller("units:read").get("/units/").status_code == 200
    assert keys.asked == 1


def test_keys__rotated_while_running_are_found_when_a_token_names_them(world, service, keys):
    tuned(service, pause_seconds=0)
    let_in(world.home, "units:read")
    assert caller("units:read").get("/units/").status_code == 200
    keys.publish(key("first"), key("second"))
    assert caller("units:read", signed_by="second").get("/units/").status_code == 200
    assert caller("units:read").get("/units/").status_code == 200
    assert keys.asked == 2


def test_keys__that_are_withdrawn_let_nobody_in_when_fresh_ones_are_fetched(world, service, keys):
    tuned(service, pause_seconds=0, fresh_seconds=0)
    let_in(world.home, "units:read")
    assert caller("units:read").get("/units/").status_code == 200
    keys.publish(key("second"))
    refused(caller("units:read").get("/units/"))
    assert caller("units:read", signed_by="second").get("/units/").status_code == 200


def test_keys__are_not_fetched_for_every_stranger_who_makes_up_a_name(world, service, keys):
    let_in(world.home, "units:read")
    assert caller("units:read").get("/units/").status_code == 200
    for number in range(5):
        refused(Caller(key("first").sign(claims("units:read"), kid=f"made up {number}")).get("/units/"))
    assert keys.asked == 1


def test_keys__that_cannot_be_had_is_503_and_over_when_they_can(world, service, keys):
    tuned(service, pause_seconds=0)
    let_in(world.home, "units:read")
    right = keys.answer
    for status, answer in (
        (500, b""), (404, right), (302, right), (200, b""), (200, b"<html>"), (200, b"[]"), (200, b'{"keys": []}'),
        (200, b'{"keys": 7}'), (200, b"\xff\xfe"), (200, b"[" * 100_000),
    ):  # fmt: skip
        keys.status, keys.answer = status, answer
        told = refused(caller("units:read").get("/units/"), "unavailable", 503)
        assert int(told["Retry-After"]) > 0, (status, answer)
    keys.status, keys.answer = 200, right
    assert caller("units:read").get("/units/").status_code == 200


def test_keys__of_a_server_that_is_gone_are_used_on_for_a_while(world, service, keys, caplog):
    tuned(service, pause_seconds=0, fresh_seconds=0)
    let_in(world.home, "units:read")
    assert caller("units:read").get("/units/").status_code == 200
    keys.shutdown()
    keys.server_close()
    assert caller("units:read").get("/units/").status_code == 200
    refused(caller("units:read", signed_by="second").get("/units/"), "unavailable", 503)
    assert "keys could not be fetched" in caplog.text
    tuned(service, kept_seconds=0)
    refused(caller("units:read").get("/units/"), "unavailable", 503)


def test_keys__a_server_that_is_down_is_not_asked_by_every_call(world, service, keys):
    let_in(world.home, "units:read")
    keys.status = 500
    for _ in range(4):
        refused(caller("units:read").get("/units/"), "unavailable", 503)
    assert keys.asked == 1


def test_keys__a_symmetric_one_is_never_used(world, service, keys):
    secret = base64.urlsafe_b64encode(b"k" * 32).rstrip(b"=").decode()
    keys.answer = json.dumps(
        {"keys": [key("first").jwk, {"kty": "oct", "kid": "shared", "k": secret}]}
    ).encode()
    let_in(world.home, "units:read")
    token = jwt.encode(claims("units:read"), b"k" * 32, algorithm="HS256", headers={"kid": "shared"})
    refused(Caller(token).get("/units/"))


# --- What the database holds ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "maskinporten", "consumer_orgnr": ""}, {"kind": "maskinporten", "consumer_orgnr": "12345678x"},
        {"kind": "issued", "consumer_orgnr": ORGNR}, {"kind": "other", "consumer_orgnr": ""},
    ],
)  # fmt: skip
def test_client__has_a_consumer_exactly_when_it_uses_maskinporten(world, wrong):
    client, _secret = issue(world.home, "units:read")
    with pytest.raises(IntegrityError), transaction.atomic():
        ApiClient.objects.filter(pk=client.pk).update(**wrong)


def test_client__stands_once_for_a_consumer_in_a_municipality(world, service):
    let_in(world.home, "units:read")
    let_in(world.neighbor, "units:read")
    with pytest.raises(IntegrityError), transaction.atomic():
        let_in(world.home, "goals:read", name="En til")
