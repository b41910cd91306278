"""The administrator lets other systems in: what they may, their secret once, how much they call, and out again."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.errors import Refused
from organization.issuers import Maskinporten
from organization.models import ApiClient
from organization.operations import rotate_secret
from organization.roles import Role
from tests.api.clients import SYSTEM, ask_token, issue


@pytest.fixture
def admin(as_role):
    return as_role(Role.ADMINISTRATOR)


def page(name, client=None):
    return reverse(f"organization:{name}", args=[client.pk] if client else [])


def filled(**changes):
    day = timezone.localdate() + timedelta(days=100)
    given = {
        "name": "Virksomhetsportalen", "contact": "drift@leverandor.example", "scopes": ["units:read"], "reason": "",
        "expires_on": f"{day.day}.{day.month}.{day.year}",
    }  # fmt: skip
    return given | changes


def test_issue_client__shows_the_secret_once(admin, world):
    answer = admin.post(page("client_create"), filled())
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    client = ApiClient.objects.get()
    words = re.findall(r'role="group">([^<]+)<', answer.content.decode())
    assert words[0] == client.client_id
    assert ask_token(client, words[1]).status_code == 200
    assert client.municipality == world.home.municipality
    shown = admin.get(page("client_detail", client)).content.decode()
    assert words[1] not in shown
    assert "Lese enheter" in shown
    assert "API-klient opprettet" in shown
    assert "Virksomhetsportalen" in admin.get(page("client_list")).content.decode()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"name": ""}, "Navn"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["alt"]}, "scopes"),
        ({"scopes": ["confidential:read"]}, "Skriv hvorfor klienten trenger"),
        ({"scopes": ["shielded:read"], "reason": "   "}, "Skriv hvorfor klienten trenger"),
        ({"expires_on": "1.1.2020"}, "høyst to år fram"),
        ({"expires_on": "1.1.2099"}, "høyst to år fram"),
        ({"name": "x" * 200}, "120"),
        ({"name": "a\x00b"}, ""),
    ],
)
def test_issue_client__tells_what_is_wrong_and_keeps_what_was_typed(admin, changes, told):
    answer = admin.post(page("client_create"), filled(**changes))
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert "drift@leverandor.example" in answer.content.decode()
    assert not ApiClient.objects.exists()


def test_issue_client__two_of_one_name_are_refused_until_one_is_revoked(admin, world):
    client, _secret = issue(world.home, "units:read", name="Virksomhetsportalen")
    assert admin.post(page("client_create"), filled()).status_code == 422
    admin.post(page("client_revoke", client), {"reason": "Byttet"})
    assert admin.post(page("client_create"), filled()).status_code == 200


def test_open_clients__of_another_municipality_is_404(admin, world):
    theirs, _secret = issue(world.neighbor, "units:read", name="Naboens portal")
    for name in ("client_detail", "client_edit", "client_secret", "client_revoke"):
        assert admin.get(page(name, theirs)).status_code == 404
        sent = admin.post(page(name, theirs), {"reason": "x", "keep": "0", "handling": "end"})
        assert sent.status_code == (405 if name == "client_detail" else 404)
    assert "Naboens portal" not in admin.get(page("client_list")).content.decode()
    theirs.refresh_from_db()
    assert theirs.revoked_at is None


def test_edit_client__needs_a_reason_for_what_is_confidential(admin, world):
    client, _secret = issue(world.home, "units:read", reason="")
    same = filled(name=client.name, scopes=["units:read", "confidential:read"])
    assert admin.post(page("client_edit", client), same).status_code == 422
    assert admin.post(page("client_edit", client), same | {"reason": "Tilsyn"}).status_code == 302
    client.refresh_from_db()
    assert client.scopes == ["units:read", "confidential:read"]
    shown = admin.get(page("client_detail", client)).content.decode()
    assert "Tilsyn" in shown
    assert "API-klient endret" in shown


def test_edit_client__renames_its_account_too(admin, world):
    client, _secret = issue(world.home, "units:read")
    admin.post(page("client_edit", client), filled(name="Nytt navn"))
    client.refresh_from_db()
    assert client.user.name == "Nytt navn (API-klient)"


def test_rotate_secret__tells_how_long_the_old_one_works(admin, world):
    client, old = issue(world.home, "units:read")
    answer = admin.post(page("client_secret", client), {"keep": "7"})
    new = re.findall(r'role="group">([^<]+)<', answer.content.decode())[1]
    assert [ask_token(client, secret).status_code for secret in (old, new)] == [200, 200]
    assert "To hemmeligheter virker" in admin.get(page("client_detail", client)).content.decode()
    assert admin.post(page("client_secret", client), {"handling": "end"}).status_code == 302
    assert [ask_token(client, secret).status_code for secret in (old, new)] == [401, 200]
    assert "To hemmeligheter virker" not in admin.get(page("client_detail", client)).content.decode()


def test_rotate_secret__that_may_be_lost_ends_at_once(admin, world):
    client, old = issue(world.home, "units:read")
    admin.post(page("client_secret", client), {"keep": "0"})
    assert ask_token(client, old).status_code == 401
    assert admin.post(page("client_secret", client), {"keep": "400"}).status_code == 422


def test_revoke_client__is_for_good(admin, world):
    client, secret = issue(world.home, "units:read")
    assert admin.post(page("client_revoke", client), {"reason": ""}).status_code == 422
    assert admin.post(page("client_revoke", client), {"reason": "Byttet system"}).status_code == 302
    assert ask_token(client, secret).status_code == 401
    shown = admin.get(page("client_detail", client)).content.decode()
    assert "Trukket tilbake" in shown
    assert "Byttet system" in shown
    for name, sent in (("client_edit", filled(name="Nytt")), ("client_secret", {"keep": "7"}), ("client_revoke", {"reason": "x"})):  # fmt: skip
        assert admin.post(page(name, client), sent).status_code == 409, name


def test_list_clients__costs_the_same_however_many(admin, world, django_assert_max_num_queries):
    for number in range(3):
        issue(world.home, "units:read", name=f"Klient {number}")
    with django_assert_max_num_queries(12):
        admin.get(page("client_list"))
    with django_assert_max_num_queries(12):
        admin.get(page("client_detail", ApiClient.objects.first()))


def test_open_clients__only_by_who_administers_the_whole_municipality(as_role, world):
    issue(world.home, "units:read")
    for role in (Role.LEADER, Role.KOMMUNEDIREKTOR, Role.SECRETARIAT, Role.PRIVACY_OFFICER):
        assert as_role(role).get(page("client_list")).status_code == 403
        assert not ApiClient.objects.visible_to(world.home.actor(role)).exists()
    region = issue(world.region, "units:read", name="Regionens")[0]
    assert not ApiClient.objects.visible_to(world.home.actor(Role.ADMINISTRATOR)).contains(region)
    assert ApiClient.objects.visible_to(world.region.actor(Role.ADMINISTRATOR)).contains(region)


# --- Clients of Maskinporten ------------------------------------------------------------------------
@pytest.fixture
def maskinporten(settings):
    settings.MASKINPORTEN = Maskinporten(
        issuer="https://maskinporten.example/", jwks="http://127.0.0.1:1/jwk", audience="https://stafett.example",
        scope_prefix="kommune:stafett/",
    )  # fmt: skip
    return settings


def of_maskinporten(**changes):
    return filled(**{"kind": "maskinporten", "consumer_orgnr": "999 999 999", **changes})


def test_let_consumer_in__shows_what_the_supplier_needs_and_no_secret(admin, world, maskinporten):
    answer = admin.post(page("client_create"), of_maskinporten())
    client = ApiClient.objects.get()
    assert (answer.status_code, answer.url) == (302, page("client_detail", client))
    assert (client.kind, client.consumer_orgnr) == ("maskinporten", "999999999")
    shown = admin.get(answer.url).content.decode()
    for words in (
        "999 999 999",
        "kommune:stafett/units.read",
        "https://stafett.example",
        "Organisasjon 999 999 999, til og med",
    ):
        assert words in shown
    assert "Lag ny hemmelighet" not in shown
    assert "Maskinporten 999 999 999" in admin.get(page("client_list")).content.decode()


@pytest.mark.parametrize(
    "orgnr", ["", "99999999", "9999999990", "999999998", "a99999999", "٩٩٩٩٩٩٩٩٩", "x" * 40]
)
def test_let_consumer_in__checks_the_number(admin, world, maskinporten, orgnr):
    answer = admin.post(page("client_create"), of_maskinporten(consumer_orgnr=orgnr))
    assert answer.status_code == 422
    assert not ApiClient.objects.exists()


def test_let_consumer_in__once_in_a_municipality(admin, as_role, world, maskinporten):
    assert admin.post(page("client_create"), of_maskinporten()).status_code == 302
    again = admin.post(page("client_create"), of_maskinporten(name="En til"))
    assert again.status_code == 422
    assert "finnes alt" in again.content.decode()
    neighbor = as_role(Role.ADMINISTRATOR, world.neighbor)
    assert neighbor.post(page("client_create"), of_maskinporten()).status_code == 302


def test_issue_client__with_a_secret_keeps_no_number(admin, world, maskinporten):
    answer = admin.post(page("client_create"), filled(kind="issued", consumer_orgnr="999999999"))
    assert answer.status_code == 200
    assert ApiClient.objects.get().consumer_orgnr == ""


def test_edit_client__of_maskinporten_never_becomes_another_organisation(admin, world, maskinporten):
    admin.post(page("client_create"), of_maskinporten())
    client = ApiClient.objects.get()
    sent = of_maskinporten(name="Nytt navn", consumer_orgnr="974760673", kind="issued")
    assert admin.post(page("client_edit", client), sent).status_code == 302
    client.refresh_from_db()
    assert (client.name, client.kind, client.consumer_orgnr) == ("Nytt navn", "maskinporten", "999999999")


def test_rotate_secret__of_who_has_none_is_404_and_refused(admin, world, maskinporten):
    admin.post(page("client_create"), of_maskinporten())
    client = ApiClient.objects.get()
    assert admin.get(page("client_secret", client)).status_code == 404
    assert admin.post(page("client_secret", client), {"keep": "7"}).status_code == 404
    with pytest.raises(Refused):
        rotate_secret(client, keep_old=timedelta(0), by=SYSTEM, now=timezone.now())


def test_revoke_client__of_maskinporten_lets_its_number_be_used_anew(admin, world, maskinporten):
    admin.post(page("client_create"), of_maskinporten())
    admin.post(page("client_revoke", ApiClient.objects.get()), {"reason": "Byttet"})
    assert admin.post(page("client_create"), of_maskinporten()).status_code == 302


def test_open_clients__where_maskinporten_is_off_offers_it_not_and_says_so(admin, world, maskinporten):
    assert "Token fra Maskinporten" in admin.get(page("client_create")).content.decode()
    admin.post(page("client_create"), of_maskinporten())
    maskinporten.MASKINPORTEN = Maskinporten()
    assert (
        "Maskinporten er slått av"
        in admin.get(page("client_detail", ApiClient.objects.get())).content.decode()
    )
    assert "Token fra Maskinporten" not in admin.get(page("client_create")).content.decode()
