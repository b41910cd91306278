"""Read settings from the environment, and say everything that is missing at once.

A person who sets up a server should not have to start it nine times to learn of nine
variables.  ``Env`` therefore collects what is missing or malformed, and ``finish`` raises
one error that names each variable, what it is for and an example.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from collections.abc import Mapping

_REQUIRED: Any = object()


class Env:
    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        self._problems: list[str] = []

    def text(self, name: str, default: Any = _REQUIRED, *, purpose: str = "", example: str = "") -> str:
        value = self._values.get(name, "").strip()
        if value:
            return value
        if default is _REQUIRED:
            self._problems.append(f"{name} is missing: {purpose}. Example: {name}={example}")
            return ""
        return str(default)

    def number(self, name: str, default: int) -> int:
        value = self._values.get(name, "").strip()
        if not value:
            return default
        try:
            return int(value)
        except ValueError:
            self._problems.append(f"{name}={value!r} is not a whole number. Example: {name}={default}")
            return default

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self._values.get(name, "").strip().lower()
        if value in {"", "0", "1", "false", "true", "no", "yes"}:
            return default if not value else value in {"1", "true", "yes"}
        self._problems.append(f"{name}={value!r} is neither true nor false. Example: {name}=true")
        return default

    def names(self, name: str, default: str = "", *, purpose: str = "", example: str = "") -> list[str]:
        value = self.text(name, default or _REQUIRED, purpose=purpose, example=example)
        return [part.strip() for part in value.split(",") if part.strip()]

    def choice(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        value = self.text(name, default)
        if value not in allowed:
            self._problems.append(f"{name}={value!r} is not one of {', '.join(allowed)}")
            return default
        return value

    def database(self, name: str = "DATABASE_URL", *, default: Any = _REQUIRED) -> dict[str, Any]:
        """Return Django's settings for ``postgres://user:password@host:port/name?option=value``."""
        url = self.text(
            name,
            default,
            purpose="where PostgreSQL is",
            example="postgres://stafett:password@db:5432/stafett",
        )
        parts = urlsplit(url)
        if parts.scheme not in {"postgres", "postgresql"}:
            if url:
                self._problems.append(
                    f"{name} must begin with postgres://, not {parts.scheme or 'nothing'}://"
                )
            return {}
        options = {key: values[-1] for key, values in parse_qs(parts.query).items()}
        # To compile a statement takes longer than any here runs; core.plans keeps plans that fit all values.
        options.setdefault("options", "-c jit=off -c plan_cache_mode=force_generic_plan")
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")) or "postgres",
            "USER": unquote(parts.username or options.pop("user", "")),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or options.pop("host", ""),
            "PORT": str(parts.port or ""),
            "OPTIONS": options,
        }

    def refuse(self, problem: str) -> None:
        """Add a problem that only the caller can see, such as two settings that disagree."""
        self._problems.append(problem)

    def finish(self) -> None:
        """Raise one error that names every problem.

        :raises ImproperlyConfigured: if anything was missing or malformed.
        """
        if self._problems:
            lines = "\n".join(f"  * {problem}" for problem in self._problems)
            raise ImproperlyConfigured(
                f"Stafett cannot start. Set these in the environment (docs/production.md says more):\n{lines}"
            )
