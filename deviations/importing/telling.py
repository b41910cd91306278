"""How far the reading or the writing of a file has come, to whoever wants to know."""

from __future__ import annotations

from typing import Protocol


class Telling(Protocol):
    def __call__(self, done: int, *, is_writing: bool = False) -> None:
        """Tell how many rows are read, or how many cases are written or taken away."""


def tell_nobody(done: int, *, is_writing: bool = False) -> None:
    """Keep it to oneself."""
    del done, is_writing
