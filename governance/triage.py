"""What the secretariat's queue shows of a case: how old it is, and how much of the preparation is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from core.formats import relative_day
from core.presentation import due_of
from governance.guards import rules_of
from governance.requirements import demanded, unmet

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from core.presentation import Due
    from governance.models import Initiative
    from governance.requirements import Requirement


@dataclass(frozen=True, slots=True)
class Waiting:
    """A case in the queue.  ``missing`` pairs what is demanded and not met with what to do."""

    case: Initiative
    age: str
    due: Due | None
    demanded: int
    missing: list[tuple[Requirement, str]]

    @property
    def met(self) -> int:
        return self.demanded - len(self.missing)

    @property
    def is_complete(self) -> bool:
        return not self.missing


def waiting(case: Initiative, today: date) -> Waiting:
    """Return what the queue says of ``case``, whose preparation is loaded."""
    rules = rules_of(case)
    age = relative_day(timezone.localdate(case.status_since), today)
    return Waiting(case, age, due_of(case.due_on, today), len(demanded(rules)), unmet(case, rules))


def waiting_rows(cases: Iterable[Any], today: date) -> list[Waiting]:
    return [waiting(case, today) for case in cases]
