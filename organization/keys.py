"""Signed tokens (JWT): by which keys of their issuer they are checked.  Keys are fetched when needed, and kept for a while."""

from __future__ import annotations

import logging
import math
import time
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Any

import jwt
from jwt import PyJWKClient
from jwt.exceptions import PyJWTError

if TYPE_CHECKING:
    from jwt import PyJWK

    from organization.issuers import Issuer

log = logging.getLogger("stafett.keys")


# Signatures by a key that only the issuer has.  HS256 is not among them: its key would be the public one, known to all.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
LONGEST = 8000
_LEEWAY_SECONDS = 10


class KeysUnavailableError(Exception):
    """The keys could not be fetched, so that nobody knows whether the token is right."""


class KeySet:
    """The keys at one address, by their ``kid``.

    Keys are fetched anew when they are no longer fresh, and when a token names one that is not known; never more often
    than the pause says, so that strangers cannot make us call the issuer.  Where a fetch fails, keys that are known
    are used on for as long as they may be kept.
    """

    def __init__(self, service: Issuer) -> None:
        self.service = service
        # Public keys in JSON alone: an address is never followed to another, and no symmetric key is ever used.
        self._client = PyJWKClient(
            service.jwks,
            cache_jwk_set=False,
            timeout=service.timeout_seconds,
            headers={"Accept": "application/json"},
        )
        self._lock = Lock()
        self._keys: dict[str, PyJWK] = {}
        self._fetched = self._tried = -math.inf
        self._failed = False

    def find(self, kid: str) -> PyJWK | None:
        """Return the key, or nothing where the issuer has none of that name.

        :raises KeysUnavailableError: the issuer could not be asked.
        """
        key = self._keys.get(kid)
        if key is not None and self._age() < self.service.fresh_seconds:
            return key
        # Who has a key to go on with does not wait for somebody else's fetch.
        if self._lock.acquire(blocking=key is None):
            try:
                self._refresh(kid)
            finally:
                self._lock.release()
        if self._age() >= self.service.kept_seconds:
            raise KeysUnavailableError
        key = self._keys.get(kid)
        if key is None and self._failed:
            raise KeysUnavailableError
        return key

    def _age(self) -> float:
        return time.monotonic() - self._fetched

    def _refresh(self, kid: str) -> None:
        if kid in self._keys and self._age() < self.service.fresh_seconds:  # fetched while we waited
            return
        if time.monotonic() - self._tried < self.service.pause_seconds:
            return
        try:
            found = self._client.get_signing_keys()
        except (PyJWTError, OSError, ValueError, RecursionError) as error:
            self._failed = True
            log.warning("keys could not be fetched from %s: %s", self.service.jwks, type(error).__name__)
        else:
            self._keys = {str(key.key_id): key for key in found if key.key_type in {"RSA", "EC"}}
            self._fetched, self._failed = time.monotonic(), False
        finally:
            self._tried = time.monotonic()


@lru_cache(maxsize=64)
def keys_of(service: Issuer) -> KeySet:
    """Return the keys that this process keeps for the service."""
    return KeySet(service)


def verified(token: str, service: Issuer, *, audience: str) -> dict[str, Any] | None:
    """Return what the token says, where the issuer has signed it, for this audience, and it counts now.

    :raises KeysUnavailableError: the keys of the issuer cannot be had.
    """
    try:
        kid = jwt.get_unverified_header(token).get("kid") if len(token) <= LONGEST else None
        key = keys_of(service).find(kid) if isinstance(kid, str) else None
        if key is None:
            return None
        claims: dict[str, Any] = jwt.decode(
            token, key, algorithms=ALGORITHMS, audience=audience, issuer=service.issuer,
            leeway=_LEEWAY_SECONDS, options={"require": ["exp", "iat", "iss", "aud"]},
        )  # fmt: skip
    except (PyJWTError, ValueError, TypeError, OverflowError, RecursionError):
        return None  # also what no library foresaw in a token that anybody may write
    return claims
