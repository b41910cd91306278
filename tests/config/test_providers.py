"""Providers of log-in are read from a file, and what is wrong in it is said before anything starts."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.env import Env
from config.providers import for_allauth, read_providers

RIGHT = """
[[provider]]
key = "elvdal"
name = "Elvdal kommune"
server = "https://login.microsoftonline.com/0f/v2.0"
client_id = "stafett"
client_secret = "hemmelig"
municipalities = ["974760673"]
uid_claim = "oid"
email_domains = ["elvdal.kommune.no"]
acr_values = ["high"]
"""


def read(tmp_path, text):
    (tmp_path / "providers.toml").write_text(text)
    return read_at(tmp_path / "providers.toml")


def read_at(path):
    env = Env({"LOG_IN_PROVIDERS_FILE": str(path)})
    found = read_providers(env, production=True)
    env.finish()
    return found


def test_providers__there_are_none_without_a_file():
    assert read_providers(Env({}), production=True) == {}
    assert for_allauth({})["openid_connect"]["APPS"] == []


def test_providers__are_read_as_they_stand(tmp_path):
    [found] = read(tmp_path, RIGHT).values()
    assert (found.key, found.uid_claim, found.municipalities, found.acr_values) == (
        "elvdal",
        "oid",
        ("974760673",),
        ("high",),
    )
    [app] = for_allauth({"elvdal": found})["openid_connect"]["APPS"]
    assert (app["provider_id"], app["secret"]) == ("elvdal", "hemmelig")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('client_secret = "hemmelig"', "", "client_secret is missing"),
        ('key = "elvdal"', 'key = "Elv dal"', "key is small letters"),
        ('server = "https:', 'server = "http:', "server begins with https"),
        ('["974760673"]', '["97476067"]', "municipalities are organisation numbers"),
        ('["974760673"]', '"974760673"', "municipalities is no list"),
        ('uid_claim = "oid"', 'uid_claim = "pid"', "uid_claim is one of"),
        ('uid_claim = "oid"', 'uidclaim = "oid"', "uidclaim is not known"),
        ('name = "Elvdal kommune"', "name = 7", "name is no text"),
        ("[[provider]]", "[[provider", "cannot be read"),
        ("[[provider]]", RIGHT + "[[provider]]", "key is used twice"),
    ],
)
def test_providers__that_are_set_up_wrong_stop_the_start(tmp_path, old, new, told):
    with pytest.raises(ImproperlyConfigured) as caught:
        read(tmp_path, RIGHT.replace(old, new, 1))
    assert told in str(caught.value)
    assert "hemmelig" not in str(caught.value)


def test_providers__a_file_that_is_not_there_stops_the_start(tmp_path):
    with pytest.raises(ImproperlyConfigured, match="cannot be read"):
        read_at(tmp_path / "absent.toml")
