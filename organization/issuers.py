"""Who else than Stafett says who somebody is: what the installation tells of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Maskinporten:
    """Who signs tokens, where the keys are, whom the tokens are meant for, and how our scopes are called there.

    Without an ``issuer`` nobody is let in this way.
    """

    issuer: str = ""
    jwks: str = ""
    audience: str = ""
    scope_prefix: str = ""
    fresh_seconds: int = 300
    """How long keys are used before they are fetched anew."""
    kept_seconds: int = 24 * 3600
    """How long they are used where they cannot be fetched anew."""
    pause_seconds: int = 10
    """The shortest time between two fetches, whatever the tokens say."""
    timeout_seconds: int = 5

    def __bool__(self) -> bool:
        return bool(self.issuer)

    def name_of(self, scope: str) -> str:
        """Return what a scope of ours is called there, where names have neither a hyphen nor a second colon."""
        return self.scope_prefix + scope.replace("-", "").replace(":", ".")
