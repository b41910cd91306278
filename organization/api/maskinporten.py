"""Clients that call with a token of Maskinporten: who is behind it by its signature, and what they were given by us."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS
from django.db.models import CharField, DateField, Q
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication

from core.api.problems import ApiProblem
from core.statements import Slot, prepare
from organization.actors import client_actor
from organization.api.authentication import CHALLENGE, Caller, columns_of_person, refused_token
from organization.keys import KeysUnavailableError, verified
from organization.models import ApiClient, ClientKind, Person
from organization.scopes import SCOPES

if TYPE_CHECKING:
    from drf_spectacular.openapi import AutoSchema
    from rest_framework.request import Request

    from core.statements import Statement
    from organization.issuers import Maskinporten

HEADER = "Stafett-Client"
_SIGNED = re.compile(r"Bearer +([A-Za-z0-9_=-]+(?:\.[A-Za-z0-9_=-]*){2})", re.IGNORECASE)
_CONSUMER = re.compile(r"0192:([0-9]{9})", re.ASCII)
_RETRY_SECONDS = 30


class MaskinportenToken(BaseAuthentication):
    """Let in a client by a token that Maskinporten has signed, where the installation uses it."""

    def authenticate(self, request: Request) -> tuple[Person, Caller] | None:
        """Return who calls, or nothing where the token is of another kind.

        :raises ApiProblem: the token is not to be trusted, nobody has let its consumer in, several have and the call
            does not say which, or the keys of Maskinporten cannot be had.
        """
        service: Maskinporten = settings.MASKINPORTEN
        found = _SIGNED.fullmatch(request.headers.get("Authorization", "")) if service else None
        if found is None:
            return None
        claims = _claims_of(found[1], service)
        orgnr = _consumer_of(claims)
        if claims is None or orgnr is None:
            raise refused_token()
        client_id, given, municipality_id, path, *columns = _client_of(orgnr, request.headers.get(HEADER))
        person = Person.from_db(DEFAULT_DB_ALIAS, columns_of_person(), columns)
        scopes = scopes_of(claims, service) & frozenset(given)
        actor = client_actor(person, client_id=client_id, place=(municipality_id, path), scopes=scopes)
        request._request.actor = actor
        return person, Caller(client_id, scopes)

    def authenticate_header(self, request: Request) -> str:
        """Name the scheme, so that an anonymous caller gets 401 and not 403."""
        return CHALLENGE


def _claims_of(token: str, service: Maskinporten) -> dict[str, Any] | None:
    """Return what the token says, where Maskinporten has signed it for us."""
    try:
        return verified(token, service, audience=service.audience)
    except KeysUnavailableError as unavailable:
        raise ApiProblem("unavailable", headers={"Retry-After": str(_RETRY_SECONDS)}) from unavailable


def _consumer_of(claims: dict[str, Any] | None) -> str | None:
    """Return the organisation number of whoever the token was issued to, as ISO 6523 writes it."""
    consumer = (claims or {}).get("consumer")
    if not isinstance(consumer, dict) or consumer.get("authority") != "iso6523-actorid-upis":
        return None
    found = _CONSUMER.fullmatch(str(consumer.get("ID")))
    return found[1] if found else None


def scopes_of(claims: dict[str, Any], service: Maskinporten) -> frozenset[str]:
    """Return the scopes of ours that the token names."""
    named = claims.get("scope")
    asked = set(named.split()) if isinstance(named, str) else set()
    return frozenset(name for name in SCOPES if service.name_of(name) in asked)


def _client_of(orgnr: str, wanted: str | None) -> tuple[Any, ...]:
    """Return the client that a municipality has made for the consumer.

    :param wanted: the id of the client, where several have let the consumer in.
    """
    rows = _clients_of_consumer().first_rows(orgnr=orgnr, day=timezone.localdate())
    fitting = [row[1:] for row in rows if wanted in {None, row[0]}]
    if not fitting:
        raise refused_token()
    if len(fitting) > 1:
        raise ApiProblem("which-client", errors=[{"parameter": HEADER, "detail": str(len(fitting))}])
    return fitting[0]


@lru_cache(maxsize=1)
def _clients_of_consumer() -> Statement:
    """Return the statement of the clients of a consumer: each with the account it acts as, and its municipality."""
    day = Slot("day", DateField())
    rows = ApiClient.objects.filter(
        Q(municipality__closed_on=None) | Q(municipality__closed_on__gt=day),
        kind=ClientKind.MASKINPORTEN,
        consumer_orgnr=Slot("orgnr", CharField()),
        revoked_at=None,
        expires_on__gte=day,
    )
    columns = [f"user__{name}" for name in columns_of_person()]
    own = ("client_id", "pk", "scopes", "municipality_id", "municipality__path")
    return prepare(rows.order_by("pk").values_list(*own, *columns))


class MaskinportenTokenScheme(OpenApiAuthenticationExtension):
    target_class = MaskinportenToken
    name = "maskinporten"

    def get_security_requirement(self, auto_schema: AutoSchema) -> dict[str, list[Any]] | list[Any]:
        """Name the scheme; nothing where the operation is for people alone."""
        return [] if auto_schema.method in auto_schema.view.people_only else {"maskinporten": []}

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": f"Maskinporten. {HEADER}: <client_id>.",
        }
