"""What goes to the archive from governance, as it was when it happened (domain/governance, shared/archive/guide.md 5.5)."""

from governance.filing.case import (
    file_case_paper,
    file_closing,
    file_decision,
    file_endorsement,
    file_hearing,
    file_municipal_decision,
    file_submission,
)
from governance.filing.meeting import file_minutes, file_summons

__all__ = [
    "file_case_paper",
    "file_closing",
    "file_decision",
    "file_endorsement",
    "file_hearing",
    "file_minutes",
    "file_municipal_decision",
    "file_submission",
    "file_summons",
]
