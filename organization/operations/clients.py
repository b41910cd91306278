"""Clients of the API: issued, changed, given a new secret, and revoked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from oauth2_provider.generators import generate_client_secret
from oauth2_provider.models import AccessToken

from core.errors import Refused
from core.history import record
from organization.models import ApiClient, Person
from organization.operations.saving import Edit, lock, save

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from core.actors import Actor


@transaction.atomic
def issue_client(client: ApiClient, *, by: Actor, now: datetime) -> str:
    """Let a system in, with an account of its own, and return the secret, which is kept nowhere.

    One that uses Maskinporten has none: what is stored for it nobody has seen, and the answer is empty.
    """
    client.user = _account(client.name, now)
    client.client_type = ApiClient.CLIENT_CONFIDENTIAL
    client.authorization_grant_type = ApiClient.GRANT_CLIENT_CREDENTIALS
    client.client_secret = secret = generate_client_secret()
    client.stamp(now)
    with record("issue_client", actor=by, reason=client.reason):
        client.save(force_insert=True)
    return "" if client.uses_maskinporten else str(secret)


def _account(name: str, now: datetime) -> Person:
    """Return a new account that acts for a client: it holds no role, and nobody can log in with it."""
    account = Person(
        username=f"api-{get_random_string(20).lower()}", name=_account_name(name), title=_("API-klient"),
        is_active=False, wants_daily_mail=False, changed_at=now,
    )  # fmt: skip
    account.set_unusable_password()
    account.save(force_insert=True)
    return account


def _account_name(name: str) -> str:
    return _("%(name)s (API-klient)") % {"name": name}


@transaction.atomic
def edit_client(edit: Edit[ApiClient], *, by: Actor, now: datetime) -> ApiClient:
    """Change what a client is called, may and until when; what is taken away is gone with the next call.

    :raises Refused: it is revoked.
    """
    client = edit.row
    _require_open(lock(edit))
    saved: ApiClient = save(edit, action="edit_client", by=by, now=now, reason=client.reason)
    if "name" in edit.fields:
        client.user.name = _account_name(client.name)
        client.user.stamp(now)
        with record("edit_client", actor=by):
            client.user.save(update_fields=["name", "changed_at"])
    return saved


@transaction.atomic
def rotate_secret(client: ApiClient, *, keep_old: timedelta, by: Actor, now: datetime) -> str:
    """Give a client a new secret, and let the one it has work for a while yet.

    :raises Refused: it is revoked, or has none.
    """
    current = _locked(client)
    if current.uses_maskinporten:
        raise Refused(_("Klienten logger inn med Maskinporten, og har ingen hemmelighet hos oss."))
    current.retired_secret, current.retired_until = current.client_secret, now + keep_old
    current.client_secret = secret = generate_client_secret()
    current.stamp(now)
    with record("rotate_secret", actor=by, old_until=current.retired_until.isoformat()):
        current.save(update_fields=["client_secret", "retired_secret", "retired_until", "changed_at"])
    return str(secret)


@transaction.atomic
def end_old_secret(client: ApiClient, *, by: Actor, now: datetime) -> None:
    """Let the secret before the present one end at once, with every token: one may have been fetched with it.

    :raises Refused: it is revoked.
    """
    current = _locked(client)
    current.retired_secret, current.retired_until = "", None
    current.stamp(now)
    with record("end_old_secret", actor=by):
        current.save(update_fields=["retired_secret", "retired_until", "changed_at"])
    _drop_tokens(current)


@transaction.atomic
def revoke_client(client: ApiClient, *, reason: str, by: Actor, now: datetime) -> None:
    """Shut a client out at once, for good.

    :raises Refused: it is revoked already.
    """
    current = _locked(client)
    current.revoked_at, current.retired_secret, current.retired_until = now, "", None
    current.stamp(now)
    with record("revoke_client", actor=by, reason=reason):
        current.save(update_fields=["revoked_at", "retired_secret", "retired_until", "changed_at"])
    _drop_tokens(current)


def _locked(client: ApiClient) -> ApiClient:
    current = ApiClient.objects.select_for_update(of=("self",)).get(pk=client.pk)
    _require_open(current)
    return current


def _require_open(client: ApiClient) -> None:
    if client.revoked_at is not None:
        raise Refused(_("Klienten er trukket tilbake og kan ikke endres. Lag en ny."))


def _drop_tokens(client: ApiClient) -> None:
    AccessToken.objects.filter(application=client).delete()
