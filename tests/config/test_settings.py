"""Settings fail closed: production unless told otherwise, and everything missing named at once."""

from __future__ import annotations

import json

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.env import Env
from tests.config.production import PRODUCTION, python

SHOW = """
import json
from config import settings
print(json.dumps({
    "mode": settings.APP_MODE, "demo_mode": settings.DEMO_MODE, "apps": settings.INSTALLED_APPS,
    "debug": settings.DEBUG,
}))
"""


def settings_of(**env: str) -> dict:
    done = python("-c", SHOW, env=env)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_settings_name_everything_that_is_missing_at_once():
    done = python("-c", "import config.settings", env={})

    assert done.returncode != 0
    assert "ImproperlyConfigured" in done.stderr
    for name in PRODUCTION.keys() - {"APP_MODE"}:
        assert f"{name} is missing" in done.stderr, name


@pytest.mark.parametrize("name", sorted(PRODUCTION.keys() - {"APP_MODE"}))
def test_settings_refuse_production__one_variable_is_missing(name):
    done = python(
        "-c", "import config.settings", env={key: PRODUCTION[key] for key in PRODUCTION if key != name}
    )

    assert done.returncode != 0
    assert f"{name} is missing" in done.stderr
    assert done.stderr.count("is missing") == 1


def test_settings_refuse_production__secret_key_is_short():
    done = python("-c", "import config.settings", env=PRODUCTION | {"SECRET_KEY": "short"})

    assert done.returncode != 0
    assert "SECRET_KEY is shorter" in done.stderr


def test_settings_are_those_of_production__nobody_says_otherwise():
    forgotten = {key: value for key, value in PRODUCTION.items() if key != "APP_MODE"}

    assert settings_of(**forgotten)["mode"] == "production"


def test_demo_is_absent_in_production():
    shown = settings_of(**PRODUCTION)

    assert shown["mode"] == "production"
    assert "demo" not in shown["apps"]
    assert not shown["demo_mode"]
    assert not shown["debug"]


def test_demo_is_there_in_demo_mode():
    """The counter-example: without it the test above could pass for the wrong reason."""
    shown = settings_of(APP_MODE="demo", DATABASE_URL="postgres:///none")

    assert "demo" in shown["apps"]
    assert shown["demo_mode"]


@pytest.mark.parametrize("name", ["DEMO_MODE", "DEMO", "DEBUG", "DJANGO_DEBUG"])
def test_demo_mode_cannot_be_switched_on_in_production(name):
    shown = settings_of(**PRODUCTION, **{name: "true"})

    assert "demo" not in shown["apps"]
    assert not shown["demo_mode"]
    assert not shown["debug"]


def test_settings_refuse_an_unknown_mode():
    done = python("-c", "import config.settings", env=PRODUCTION | {"APP_MODE": "develop"})

    assert done.returncode != 0
    assert "APP_MODE='develop'" in done.stderr


TRACES = """
import json
import django
django.setup()
from django.conf import settings
from django.urls import get_resolver
from django.urls.resolvers import URLResolver
def routes(patterns):
    for each in patterns:
        yield str(each.pattern)
        if isinstance(each, URLResolver):
            yield from routes(each.url_patterns)
named = [name for name in dir(settings) if name.isupper() and "demo." in repr(getattr(settings, name))]
print(json.dumps({
    "settings": [name for name in named if name != "EMAIL_FILE_PATH"],
    "addresses": [route for route in routes(get_resolver().url_patterns) if "demo" in route],
}))
"""


def traces_of_demo(**env: str) -> dict:
    done = python("-c", TRACES, env={"DJANGO_SETTINGS_MODULE": "config.settings", **env})
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_production_has_no_address_and_no_code_of_the_demo():
    assert traces_of_demo(**PRODUCTION) == {"settings": [], "addresses": []}


def test_demo_is_plugged_in_by_settings():
    """The counter-example: a trace would be seen."""
    traces = traces_of_demo(APP_MODE="demo", DATABASE_URL="postgres:///none")

    assert traces["settings"] or traces["addresses"]


def test_env_names_what_is_malformed():
    env = Env({"NUMBER": "many", "FLAG": "perhaps", "DATABASE_URL": "mysql://x"})
    env.number("NUMBER", 1)
    env.flag("FLAG")
    env.database()

    with pytest.raises(ImproperlyConfigured) as caught:
        env.finish()

    for name in ("NUMBER='many'", "FLAG='perhaps'", "DATABASE_URL must begin with postgres://"):
        assert name in str(caught.value)


def test_env_reads_database__socket_and_escapes():
    env = Env({"DATABASE_URL": "postgres:///post%20gres?host=/tmp/a%20b&user=app&sslmode=disable"})

    found = env.database()

    assert (found["NAME"], found["HOST"], found["USER"]) == ("post gres", "/tmp/a b", "app")
    assert found["OPTIONS"] == {
        "sslmode": "disable",
        "options": "-c jit=off -c plan_cache_mode=force_generic_plan",
    }
