"""A complete environment of production, without anything real in it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

BASE = Path(__file__).resolve().parent.parent.parent

PRODUCTION = {
    "APP_MODE": "production",
    "SECRET_KEY": "aB3$x7-Q" * 10,
    "ALLOWED_HOSTS": "stafett.example.no",
    "PUBLIC_URL": "https://stafett.example.no",
    "DATABASE_URL": "postgres://stafett:word@database:5432/stafett",
    "BROKER_URL": "redis://queue:6379/0",
    "CACHE_URL": "redis://queue:6379/2",
    "EMAIL_HOST": "smtp.example.no",
}


def python(*arguments: str, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run Python in the clone with only these variables, and what Python itself needs."""
    kept = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=BASE,
        env={**kept, **env},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
