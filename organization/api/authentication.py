"""Clients of the API: who they are by their token, what they may, how often they call."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import CharField, DateField, DateTimeField, Q
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from oauth2_provider.models import AccessToken
from oauth2_provider.settings import oauth2_settings
from rest_framework.authentication import BaseAuthentication

from core.api.permissions import scope_of
from core.api.problems import ApiProblem
from core.statements import Slot, prepare
from organization.actors import client_actor
from organization.models import ClientKind, Person
from organization.scopes import SCOPES

if TYPE_CHECKING:
    from drf_spectacular.openapi import AutoSchema
    from rest_framework.request import Request

    from core.statements import Statement

CHALLENGE = 'Bearer realm="Stafett"'
_BEARER = re.compile(r"Bearer +([\x21-\x7e]{1,500})", re.IGNORECASE)
# One round trip, and nobody waits for the disk: at a crash the last half second of counts may be lost.
_COUNT = """
    select set_config('synchronous_commit', 'off', true);
    insert into organization_apicallcount as known (client_id, day, resource, status_class, calls, last_at)
    values (%s, %s, %s, %s, 1, %s)
    on conflict (client_id, day, resource, status_class)
    do update set calls = known.calls + 1, last_at = excluded.last_at
"""


@dataclass(frozen=True, slots=True)
class Caller:
    """The client of one request, with the scopes of its token that it still has."""

    client_id: int
    scopes: frozenset[str]

    def allows(self, scope: str) -> bool:
        return scope in self.scopes

    def note_call(self, resource: str, status: int) -> None:
        """Count the call for the day; this is the only thing that is written of it."""
        now = timezone.now()
        values: list[Any] = [self.client_id, timezone.localdate(now), resource, status // 100, now]
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, values)


class ClientToken(BaseAuthentication):
    """Let in a client by the token it has fetched with its secret (RFC 6750)."""

    def authenticate(self, request: Request) -> tuple[Person, Caller] | None:
        """Return who calls, or nothing where no token was sent.

        :raises ApiProblem: the token is malformed, unknown, expired or revoked, or meant for another address.
        """
        header = request.headers.get("Authorization")
        if header is None:
            return None
        found = _BEARER.fullmatch(header)
        row = _row_of(found[1]) if found else None
        if row is None:
            raise refused_token()
        asked, audiences, client_id, given, municipality_id, path, *columns = row
        if not AccessToken(resource=audiences).allows_audience(request.build_absolute_uri(request.path)):
            raise refused_token()
        person = Person.from_db(DEFAULT_DB_ALIAS, columns_of_person(), columns)
        scopes = frozenset(asked.split()) & frozenset(given)
        actor = client_actor(person, client_id=client_id, place=(municipality_id, path), scopes=scopes)
        request._request.actor = actor
        return person, Caller(client_id, scopes)

    def authenticate_header(self, request: Request) -> str:
        """Name the scheme, so that an anonymous caller gets 401 and not 403."""
        return CHALLENGE


def refused_token() -> ApiProblem:
    """Return the answer to a token that lets nobody in; it does not say why, since that helps only who guesses."""
    return ApiProblem("token", headers={"WWW-Authenticate": f'{CHALLENGE}, error="invalid_token"'})


def _row_of(token: str) -> tuple[Any, ...] | None:
    """Return what stands behind a token that may be used now."""
    now = timezone.now()
    mark = hashlib.sha256(token.encode()).hexdigest()
    rows = _token_with_client().first_rows(mark=mark, now=now, day=timezone.localdate(now))
    return rows[0] if rows else None


@lru_cache(maxsize=1)
def _token_with_client() -> Statement:
    """Return the statement of a token: its client, the account it acts as, and the municipality."""
    day = Slot("day", DateField())
    rows = AccessToken.objects.filter(
        Q(application__municipality__closed_on=None) | Q(application__municipality__closed_on__gt=day),
        application__kind=ClientKind.ISSUED,
        token_checksum=Slot("mark", CharField()),
        expires__gt=Slot("now", DateTimeField()),
        application__revoked_at=None,
        application__expires_on__gte=day,
    )
    columns = [f"application__user__{name}" for name in columns_of_person()]
    own = ("scopes", "municipality_id", "municipality__path")
    client = [f"application__{name}" for name in own]
    return prepare(rows.values_list("scope", "resource", "application_id", *client, *columns))


@lru_cache(maxsize=1)
def columns_of_person() -> list[str]:
    """Return the columns of an account, in the order that makes a ``Person`` of them."""
    return [field.attname for field in Person._meta.concrete_fields]


class ClientTokenScheme(OpenApiAuthenticationExtension):
    target_class = ClientToken
    name = "client"

    def get_security_requirement(self, auto_schema: AutoSchema) -> dict[str, list[Any]] | list[Any]:
        """Name the scope of the operation; nothing where it is for people alone."""
        if auto_schema.method in auto_schema.view.people_only:
            return []
        view = auto_schema.view
        scope = "" if getattr(view, "scopeless", False) else scope_of(view, auto_schema.method)
        return {"client": [scope] if scope else []}

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        scopes = {name: str(scope.label) for name, scope in SCOPES.items()}
        minutes = oauth2_settings.ACCESS_TOKEN_EXPIRE_SECONDS // 60
        return {
            "type": "oauth2",
            "description": f"Tokens: {minutes} min.",
            "flows": {"clientCredentials": {"tokenUrl": reverse("client_token"), "scopes": scopes}},
        }
