"""Work that is skipped when what it is made from has not changed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from devstack.paths import BASE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path


def digest(patterns: Iterable[str], base: Path = BASE) -> str:
    """Return a hash of the names and contents of all files that match."""
    files = {path for pattern in patterns for path in base.glob(pattern) if path.is_file()}
    total = hashlib.sha256()
    for path in sorted(files):
        total.update(str(path.relative_to(base)).encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def always() -> bool:
    return True


@dataclass(frozen=True)
class Stamp:
    """Remembers what something was made from."""

    path: Path
    inputs: Sequence[str]
    """Patterns of the files that it is made from."""
    exists: Callable[[], bool] = always
    """Whether the product is still there."""
    base: Path = BASE

    def is_fresh(self) -> bool:
        return (
            self.path.exists() and self.exists() and self.path.read_text() == digest(self.inputs, self.base)
        )

    def renew(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(digest(self.inputs, self.base))

    def clear(self) -> None:
        self.path.unlink(missing_ok=True)
