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
    groups: frozenset[str] = frozenset()

    @classmethod
    def of(cls, provider: LogInProvider, claims: dict[str, Any]) -> Self:
        return cls(provider, _email(provider, claims), _groups(claims.get(provider.groups_claim)))


def _email(provider: LogInProvider, claims: dict[str, Any]) -> str:
    """Return the address, where the provider has checked it or has itself given it out."""
    email = claims.get(provider.email_claim)
    if not isinstance(email, str) or len(email) > _LONGEST_EMAIL or not email.isprintable():
        return ""
    domain = email.rpartition("@")[2].lower()
    verified = provider.email_claim == "email" and claims.get("email_verified") is True
    return email if verified or domain in provider.email_domains else ""


def _groups(named: Any) -> frozenset[str]:
    """Return the groups; a claim that is missing or odd names none, so that roles are rather taken than kept."""
    if isinstance(named, str):
        named = [named]
    return (
        frozenset(one for one in named if isinstance(one, str) and "\0" not in one)
        if isinstance(named, list)
        else frozenset()
    )
