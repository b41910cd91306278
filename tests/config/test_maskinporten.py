"""Maskinporten is off until it is set up, and what is set up wrong is said before anything starts."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.env import Env
from config.maskinporten import read_maskinporten

RIGHT = {"MASKINPORTEN_ISSUER": "https://maskinporten.no/", "MASKINPORTEN_SCOPE_PREFIX": "kommune:stafett/"}


def read(**values):
    env = Env(values)
    found = read_maskinporten(env, public_url="https://stafett.kommune.no", production=True)
    env.finish()
    return found


def test_maskinporten__is_off_unless_an_issuer_is_named():
    assert not read()
    assert not read(MASKINPORTEN_SCOPE_PREFIX="kommune:stafett/")


def test_maskinporten__knows_where_the_keys_are_and_whom_tokens_are_meant_for():
    found = read(**RIGHT)
    assert found
    assert found.issuer == "https://maskinporten.no/"
    assert found.jwks == "https://maskinporten.no/jwk"
    assert found.audience == "https://stafett.kommune.no"
    assert found.name_of("council-meetings:read") == "kommune:stafett/councilmeetings.read"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"MASKINPORTEN_SCOPE_PREFIX": ""}, "MASKINPORTEN_SCOPE_PREFIX is missing"),
        ({"MASKINPORTEN_SCOPE_PREFIX": "kommune:stafett"}, "MASKINPORTEN_SCOPE_PREFIX ends with"),
        ({"MASKINPORTEN_ISSUER": "http://maskinporten.no/"}, "MASKINPORTEN_ISSUER="),
        ({"MASKINPORTEN_JWKS": "file:///etc/passwd"}, "MASKINPORTEN_JWKS="),
    ],
)
def test_maskinporten__that_is_set_up_wrong_stops_the_start(changes, told):
    with pytest.raises(ImproperlyConfigured, match=told):
        read(**RIGHT | changes)
