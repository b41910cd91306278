"""Failures that are anticipated, named, and shown to people as what they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Self

    from django.utils.functional import _StrOrPromise as StrOrPromise


class Reason(str):
    """Why something cannot be done yet, with the address of the place where it is put right."""

    __slots__ = ("url",)
    url: str

    def __new__(cls, text: str, url: str) -> Self:
        made = super().__new__(cls, text)
        made.url = url
        return made

    @property
    def text(self) -> str:
        return str(self)


class StaleVersion(Exception):
    """Somebody else saved the same record in the meantime.

    ``mine`` holds what was typed, so that nothing is lost; ``theirs`` what stands now.
    """

    def __init__(self, *, mine: dict[str, str] | None = None, theirs: dict[str, str] | None = None) -> None:
        super().__init__("stale version")
        self.mine = mine or {}
        self.theirs = theirs or {}


class Refused(Exception):
    """A rule of the domain refuses what was asked; ``reasons`` say why and what to do."""

    def __init__(self, *reasons: StrOrPromise) -> None:
        super().__init__("; ".join(str(reason) for reason in reasons))
        self.reasons = reasons
