"""Read what EXPLAIN tells: which indexes a statement used, and which tables it read from end to end."""

from __future__ import annotations

import re
from dataclasses import dataclass

_INDEX = re.compile(r"Index (?:Only )?Scan(?: Backward)? using (\w+)|Bitmap Index Scan on (\w+)")
_WHOLE = re.compile(r"Seq Scan on (\w+)")
_REMOVED = re.compile(r"Rows Removed by (?:Filter|Index Recheck|Join Filter): (\d+)")
_LONGEST = 170


@dataclass(frozen=True, slots=True)
class Reading:
    indexes: tuple[str, ...]
    whole_tables: tuple[str, ...]
    removed: int

    @property
    def uses_index(self) -> bool:
        return bool(self.indexes)


def read_plan(lines: list[str]) -> Reading:
    """Return what a plan in text form used; parts that were never executed do not count."""
    ran = [line for line in lines if "never executed" not in line]
    indexes = [first or second for line in ran for first, second in _INDEX.findall(line)]
    whole = [name for line in ran for name in _WHOLE.findall(line)]
    removed = sum(int(number) for line in ran for number in _REMOVED.findall(line))
    return Reading(tuple(dict.fromkeys(indexes)), tuple(dict.fromkeys(whole)), removed)


def shorten(lines: list[str]) -> list[str]:
    """Return a plan that can be read on a page: long conditions cut, counters left out."""
    noise = ("Index Searches:", "Cache Mode:", "Cache Key:", "Hits:")
    kept = [line for line in lines if not line.strip().startswith(noise)]
    return [line if len(line) <= _LONGEST else f"{line[:_LONGEST]} …" for line in kept]
