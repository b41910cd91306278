"""Settings of Maskinporten: whose tokens let other systems in beside the secrets that Stafett issues itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from organization.issuers import Maskinporten

if TYPE_CHECKING:
    from config.env import Env

_ADDRESS = re.compile(r"https://[^\s?#]+")


def read_maskinporten(env: Env, *, public_url: str, production: bool) -> Maskinporten:
    """Read the variables that begin with ``MASKINPORTEN_``."""
    issuer = env.text("MASKINPORTEN_ISSUER", "")
    if not issuer:
        return Maskinporten()
    jwks = env.text("MASKINPORTEN_JWKS", f"{issuer.rstrip('/')}/jwk")
    for name, address in (("MASKINPORTEN_ISSUER", issuer), ("MASKINPORTEN_JWKS", jwks)):
        if production and not _ADDRESS.fullmatch(address):
            env.refuse(f"{name}={address!r} is no address that begins with https://")
    prefix = env.text(
        "MASKINPORTEN_SCOPE_PREFIX",
        purpose="what our scopes begin with in Maskinporten",
        example="kommune:stafett/",
    )
    if prefix and not prefix.endswith((":", "/")):
        env.refuse("MASKINPORTEN_SCOPE_PREFIX ends with : or /, so that no other scope can begin as ours do")
    return Maskinporten(
        issuer=issuer,
        jwks=jwks,
        audience=env.text("MASKINPORTEN_AUDIENCE", public_url),
        scope_prefix=prefix,
    )
