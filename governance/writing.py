"""Writing a text that several may write in: each save is a version, and nothing typed is lost.

What two people wrote of the same text is kept of both, whichever of them they choose.  Who may write, what is locked
meanwhile and under which action it is recorded, is told by who calls (``paper_writing``, ``arena.notes``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar, cast

from core.errors import StaleVersion

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from core.actors import Actor
    from governance.models import WrittenText
    from governance.text_versions import Version

SITTING = timedelta(minutes=30)
Text = TypeVar("Text", bound="WrittenText")


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What somebody typed, and the version it begins from.

    ``is_chosen`` when the writer has seen both texts after a conflict and wants this one.
    """

    text: str
    version: int
    is_chosen: bool = False


class StaleText(StaleVersion):
    """Somebody else saved the text meanwhile: ``standing`` is the row as it now is."""

    def __init__(self, label: str, typed: str, standing: WrittenText) -> None:
        super().__init__(mine={label: typed}, theirs={label: standing.text})
        self.standing = standing


def refuse_stale(label: str, typed: Typed, row: WrittenText) -> None:
    """Stop a save that begins from another version than what stands.

    :raises StaleText: somebody else saved since.
    """
    if typed.version != row.version:
        raise StaleText(label, typed.text, row)


def put(row: Text, typed: Typed, store: Callable[[Text], Text]) -> Text:
    """Let what was typed stand."""
    row.text, row.restores, row.begins_sitting = typed.text, None, typed.is_chosen
    return store(row)


def put_before(row: Text, typed: Typed, store: Callable[[Text], Text]) -> Text:
    """Let the text that stands go on standing, and keep what was typed as a version before it."""
    number, text = row.version, row.text
    row.text, row.restores, row.begins_sitting = typed.text, None, True
    store(row)
    row.text, row.restores = text, number
    return store(row)


def put_back(row: Text, earlier: Version, store: Callable[[Text], Text]) -> Text:
    """Let the text of an earlier version stand again."""
    row.text, row.restores = earlier.text, earlier.number
    return store(row)


def store_next(row: Text, *, by: Actor, now: datetime) -> Text:
    """Store the row as its next version."""
    writer = cast("int", by.person_id)
    same_sitting = row.pk is not None and row.written_by_id == writer and now - row.changed_at < SITTING
    row.begins_sitting = row.begins_sitting or row.restores is not None or not same_sitting
    row.written_by_id = writer
    row.version += 1
    row.stamp(now)
    row.save()
    return row
