"""The versions of a written text (a section of a case paper, a note of a group), read from the events of its row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import F, Q, Window
from django.db.models.functions import Lead

from core.presentation import names_of

if TYPE_CHECKING:
    from datetime import datetime

    from governance.models import WrittenText

MOST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version: its text, who wrote it and when, and the version whose text it took back."""

    number: int
    text: str
    at: datetime
    by: str
    restores: int | None
    is_standing: bool


def versions_of(written: WrittenText) -> list[Version]:
    """Return the versions of a text, newest first, at most ``MOST``: of each sitting the last, and what stands."""
    if written.pk is None:
        return []
    following = {
        name: Window(Lead(name), order_by=F("pgh_id").asc()) for name in ("version", "begins_sitting")
    }
    events = _events(written).annotate(
        next_version=following["version"], next_begins=following["begins_sitting"]
    )
    last = Q(next_version=None) | (Q(next_begins=True) & ~Q(next_version=F("version")))
    rows = list(events.filter(last).order_by("-pgh_id")[:MOST])
    names = names_of(row.written_by_id for row in rows)
    return [_told(row, names, written) for row in rows]


def version_of(written: WrittenText, number: int) -> Version | None:
    """Return one version by its number, also one within a sitting; none where there is no such version."""
    row = _events(written).filter(version=number).order_by("-pgh_id").first() if written.pk else None
    return _told(row, names_of([row.written_by_id]), written) if row else None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two versions beside each other."""

    older: Version
    newer: Version


def pair_of(
    written: WrittenText, versions: list[Version], older: int | None, newer: int | None
) -> Pair | None:
    """Return the two versions that are asked for, in their order; else the last two, if there are two."""
    listed = {one.number: one for one in versions}
    asked = [
        found
        for number in {older, newer} - {None}
        if (found := listed.get(number or 0) or version_of(written, number or 0))
    ]
    for chosen in (asked, versions[:2]):
        match sorted(chosen, key=lambda one: one.number):
            case [first, last]:
                return Pair(first, last)
    return None


def _events(written: WrittenText) -> Any:
    return type(written).pgh_event_model.objects.filter(pgh_obj_id=written.pk)


def _told(row: Any, names: dict[int, str], written: WrittenText) -> Version:
    return Version(
        number=row.version, text=row.text, at=row.changed_at, by=names.get(row.written_by_id, ""), restores=row.restores,
        is_standing=row.version == written.version,
    )  # fmt: skip
