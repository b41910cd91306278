"""Who else than Stafett says who somebody is: what the installation tells of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """Somebody who signs tokens, and how its keys are kept."""

    issuer: str = ""
    jwks: str = ""
    fresh_seconds: int = 300
    """How long keys are used before they are fetched anew."""
    kept_seconds: int = 24 * 3600
    """How long they are used where they cannot be fetched anew."""
    pause_seconds: int = 10
    """The shortest time between two fetches, whatever the tokens say."""
    timeout_seconds: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Maskinporten(Issuer):
    """Whom the tokens are meant for, and how our scopes are called there.

    Without an ``issuer`` nobody is let in this way.
    """

    audience: str = ""
    scope_prefix: str = ""

    def __bool__(self) -> bool:
        return bool(self.issuer)

    def name_of(self, scope: str) -> str:
        """Return what a scope of ours is called there, where names have neither a hyphen nor a second colon."""
        return self.scope_prefix + scope.replace("-", "").replace(":", ".")


@dataclass(frozen=True, slots=True, kw_only=True)
class LogInProvider:
    """Where people of some municipalities log in by OpenID Connect, and what is believed of what it says."""

    key: str
    name: str
    server: str
    client_id: str
    client_secret: str
    municipalities: tuple[str, ...]
    """The organisation numbers of those whose people it knows."""
    uid_claim: str = "sub"
    email_claim: str = "email"
    groups_claim: str = "groups"
    email_domains: tuple[str, ...] = ()
    """Domains in which the provider itself gives people their addresses; others only with ``email_verified``."""
    acr_values: tuple[str, ...] = ()
    """The levels of assurance that are accepted; all, where none is named."""
    scopes: tuple[str, ...] = ("openid", "profile", "email")
