"""What a provider of log-in vouches for, of what it says about a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import Self

    from organization.issuers import LogInProvider

_LONGEST_EMAIL = 254


@dataclass(frozen=True, slots=True)
class Vouched:
    """A person as a provider knows them; ``email`` is empty unless the provider stands behind it."""

    provider: LogInProvider
    email: str = ""

    @classmethod
    def of(cls, provider: LogInProvider, claims: dict[str, Any]) -> Self:
        return cls(provider, _email(provider, claims))


def _email(provider: LogInProvider, claims: dict[str, Any]) -> str:
    """Return the address, where the provider has checked it or has itself given it out."""
    email = claims.get(provider.email_claim)
    if not isinstance(email, str) or len(email) > _LONGEST_EMAIL or not email.isprintable():
        return ""
    domain = email.rpartition("@")[2].lower()
    verified = provider.email_claim == "email" and claims.get("email_verified") is True
    return email if verified or domain in provider.email_domains else ""
