"""Cases from an older system: a file is read, its columns told apart, checked, and brought in whole or not at all.

The rows are **inserted** in the state they ended in.  That is the one door past the workflow,
and the seal says so itself (``core.workflow.Workflow.seal``): it guards every *change* of a
status, so nothing is switched off here, and from the first change on an imported case obeys
like any other.  The history of the row says that it was imported, by whom and from which file.
"""

from deviations.importing.columns import COLUMNS, guess
from deviations.importing.flow import Expired, Moved, Waiting, check, confirm, keep, waiting
from deviations.importing.found import Found
from deviations.importing.jobs import (
    AT_ONCE,
    Busy,
    carry_out,
    carry_out_all,
    order_check,
    order_import,
    order_undo,
    refuse_when_busy,
    stop,
    try_again,
)
from deviations.importing.reading import Plan, Reading
from deviations.importing.writing import bring_in, may_undo, undo, why_not_undone

__all__ = [
    "AT_ONCE",
    "COLUMNS",
    "Busy",
    "Expired",
    "Found",
    "Moved",
    "Plan",
    "Reading",
    "Waiting",
    "bring_in",
    "carry_out",
    "carry_out_all",
    "check",
    "confirm",
    "guess",
    "keep",
    "may_undo",
    "order_check",
    "order_import",
    "order_undo",
    "refuse_when_busy",
    "stop",
    "try_again",
    "undo",
    "waiting",
    "why_not_undone",
]
