"""Where people log in by OpenID Connect: read from a file, since it holds secrets and there may be many."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from organization.issuers import LogInProvider

if TYPE_CHECKING:
    from collections.abc import Iterable

    from config.env import Env

_KEY = re.compile(r"[a-z0-9-]{1,40}")
_ORGNR = re.compile(r"[0-9]{9}")
_TEXTS = ("key", "name", "server", "client_id", "client_secret", "uid_claim", "email_claim", "groups_claim")
_LISTS = ("municipalities", "email_domains", "acr_values", "scopes")
_NEEDED = ("key", "name", "server", "client_id", "client_secret", "municipalities")
# What the provider always calls a person.  Never a national identity number, which must not be kept here.
_UID_CLAIMS = ("sub", "oid")


def read_providers(env: Env, *, production: bool) -> dict[str, LogInProvider]:
    """Read the file that ``LOG_IN_PROVIDERS_FILE`` names, ``[[provider]]`` by ``[[provider]]``."""
    name = env.text("LOG_IN_PROVIDERS_FILE", "")
    if not name:
        return {}
    try:
        content = tomllib.loads(Path(name).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        env.refuse(f"LOG_IN_PROVIDERS_FILE={name!r} cannot be read: {error}")
        return {}
    found: dict[str, LogInProvider] = {}
    for number, table in enumerate(content.get("provider", []), start=1):
        problems = [*_problems_of(table, production=production)]
        if not problems and table["key"] in found:
            problems.append("key is used twice")
        for problem in problems:
            env.refuse(f"LOG_IN_PROVIDERS_FILE, provider {number}: {problem}")
        if not problems:
            found[table["key"]] = LogInProvider(**{key: _frozen(value) for key, value in table.items()})
    return found


def _problems_of(table: dict[str, Any], *, production: bool) -> Iterable[str]:
    yield from (f"{name} is missing" for name in _NEEDED if not table.get(name))
    yield from (f"{name} is not known" for name in table if name not in (*_TEXTS, *_LISTS))
    yield from (f"{name} is no text" for name in _TEXTS if not isinstance(table.get(name, ""), str))
    yield from (f"{name} is no list of texts" for name in _LISTS if not _is_texts(table.get(name, [])))
    if not _KEY.fullmatch(str(table.get("key"))):
        yield "key is small letters, digits and hyphens"
    if not all(_ORGNR.fullmatch(str(orgnr)) for orgnr in table.get("municipalities", ())):
        yield "municipalities are organisation numbers of nine digits"
    if production and not str(table.get("server")).startswith("https://"):
        yield "server begins with https://"
    if table.get("uid_claim", "sub") not in _UID_CLAIMS:
        yield f"uid_claim is one of {', '.join(_UID_CLAIMS)}"


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def for_allauth(providers: dict[str, LogInProvider]) -> dict[str, Any]:
    """Return the providers as django-allauth asks for them."""
    apps = [
        {
            "provider_id": one.key, "name": one.name, "client_id": one.client_id, "secret": one.client_secret,
            "settings": {"server_url": one.server},
        }
        for one in providers.values()
    ]  # fmt: skip
    return {"openid_connect": {"provider_class": "organization.oidc.provider.Provider", "APPS": apps}}
