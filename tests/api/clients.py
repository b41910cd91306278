"""Clients of the API in tests: issued through the operation of the page, with a token from the address of tokens."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from core.actors import System
from organization.models import ApiClient
from organization.operations import issue_client
from tests.api.conftest import Api

TOKENS = "/api/oauth/token/"
SYSTEM = System("tests")


def issue(place: Any, *scopes: str, name: str = "Portalen", **facts: Any) -> tuple[ApiClient, str]:
    """Return a client of the municipality, and its secret."""
    facts.setdefault("expires_on", timezone.localdate() + timedelta(days=30))
    client = ApiClient(
        municipality=place.municipality, name=name, contact="drift@leverandor.example", scopes=list(scopes),
        reason=facts.pop("reason", "Rapport til tilsynet"), **facts,
    )  # fmt: skip
    return client, issue_client(client, by=SYSTEM, now=timezone.now())


def ask_token(client: ApiClient, secret: str, **fields: str) -> Any:
    """Return the answer to a request for a token."""
    pair = base64.b64encode(f"{client.client_id}:{secret}".encode()).decode()
    body = {"grant_type": "client_credentials", **fields}
    return Client().post(TOKENS, body, HTTP_AUTHORIZATION=f"Basic {pair}")


def token_of(client: ApiClient, secret: str, **fields: str) -> str:
    answer = ask_token(client, secret, **fields)
    assert answer.status_code == 200, answer.content
    return str(answer.json()["access_token"])


class Machine(Api):
    """Calls the API with a token."""

    def __init__(self, token: str) -> None:
        super().__init__()
        self.token = token

    def call(self, method: str, path: str, body: Any = None, **kwargs: Any) -> Any:
        kwargs.setdefault("HTTP_AUTHORIZATION", f"Bearer {self.token}")
        return super().call(method, path, body, **kwargs)


def machine(place: Any, *scopes: str, **facts: Any) -> Machine:
    """Return a caller of a new client with these scopes."""
    return Machine(token_of(*issue(place, *scopes, **facts)))
