"""The archive comes for its packages: a client lists what is sent, fetches it and answers through the API (``archive.api``).

Nothing leaves by itself, so nothing is handed over here and nothing is fetched: the package is kept, and an answer is
taken in the request that brings it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archive.adapters.port import Incoming


class PullPort:
    def send(self, name: str, package: bytes) -> str:
        del package
        return name

    def fetch_answers(self) -> Iterable[Incoming]:
        return ()

    def settle(self, answer: Incoming, *, understood: bool) -> None:
        raise NotImplementedError("nothing is fetched, so nothing is put away")
