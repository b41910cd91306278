"""How far an export has come, of each kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count

from archive.forms import KINDS
from archive.queries import IN_TROUBLE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django_stubs_ext import StrOrPromise

    from archive.models import ArchiveExport

_DONE = ("receipted", "manual")


@dataclass(frozen=True, slots=True)
class Line:
    """``made`` are in the outbox or in a file, ``left_out`` are not; the rest of the numbers are of what was sent."""

    kind: str
    label: StrOrPromise
    total: int
    made: int
    left_out: int = 0
    confirmed: int = 0
    refused: int = 0

    @property
    def on_the_way(self) -> int:
        return self.made - self.confirmed - self.refused


def lines_of(export: ArchiveExport) -> list[Line]:
    """Return a line for each kind that the export takes, in the order of a case."""
    gaps = dict(export.gaps.order_by().values_list("kind").annotate(number=Count("pk")))
    counts = _packed(export) if export.makes_packages else _made(export)
    every = export.totals.keys() | counts.keys() | gaps.keys()
    return [
        Line(kind, label, export.totals.get(kind, 0), left_out=gaps.get(kind, 0), **counts.get(kind, {"made": 0}))
        for kind, label in KINDS.items() if kind in every
    ]  # fmt: skip


def counted(totals: Mapping[str, int]) -> list[Line]:
    """Return a line for each kind, before an export is begun."""
    return [Line(kind, label, totals[kind], made=0) for kind, label in KINDS.items() if kind in totals]


def _packed(export: ArchiveExport) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for counts in export.files.order_by().values_list("counts", flat=True):
        for kind, number in counts.items():
            found[kind] = {"made": found.get(kind, {"made": 0})["made"] + number}
    return found


def _made(export: ArchiveExport) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    rows = export.messages.order_by().values_list("kind", "status").annotate(number=Count("pk"))
    for kind, status, number in rows:
        line = found.setdefault(kind, {"made": 0, "confirmed": 0, "refused": 0})
        line["made"] += number
        line["confirmed"] += number if status in _DONE else 0
        line["refused"] += number if status in IN_TROUBLE else 0
    return found
