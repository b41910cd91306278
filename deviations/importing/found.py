"""What a check of a file found, as a page shows it and a job keeps it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

    from core.spreadsheets import TableError
    from deviations.importing.reading import Plan

MOST_WORDS = 40
_MOST_ERRORS = 100


@dataclass(frozen=True, slots=True)
class Found:
    """Counts, the first errors by line, and the words that nothing here is called, the most frequent first."""

    new: int
    known: int
    open: int
    confidential: int
    phones: int
    first_phone: int
    by_category: list[tuple[str, int]]
    by_year: list[tuple[str, int]]
    errors: list[dict[str, Any]]
    error_count: int
    unknown: dict[str, list[str]]
    fingerprint: str

    @classmethod
    def of(cls, plan: Plan) -> Self:
        return cls(
            new=plan.new, known=plan.known, open=plan.open, confidential=plan.confidential, phones=len(plan.phones),
            first_phone=plan.phones[0] if plan.phones else 0, by_category=plan.by("category"), by_year=plan.by("year"),
            errors=lines_of(plan.errors), error_count=len(plan.errors), fingerprint=plan.fingerprint,
            unknown={kind: [word for word, _n in counted.most_common(MOST_WORDS)] for kind, counted in plan.unknown.items()},
        )  # fmt: skip

    @classmethod
    def kept(cls, data: Mapping[str, Any]) -> Self:
        """Return what ``as_kept`` gave."""
        return cls(**data)

    def as_kept(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def more_errors(self) -> int:
        return self.error_count - len(self.errors)


def lines_of(errors: list[TableError]) -> list[dict[str, Any]]:
    """Return the first errors in the order of the file."""
    ordered = sorted(errors, key=lambda error: error.line or 0)[:_MOST_ERRORS]
    return [{"line": error.line, "column": error.column, "problem": error.problem} for error in ordered]
