"""One door for forgetting.

``forget`` redacts named columns of a record in the row itself, in its history, in what was
told about it and in the mail that carried it, and leaves a tombstone; ``forget_rows`` does
the same with a set of records and what hangs on them, and ``erase`` takes records away
altogether.  This package is the only code that may suspend the append-only triggers.  Apps
that copy what a record says (the archive's outbox, the agenda) are named in
``RETENTION_FOLLOWERS`` and redact their copies in the same transaction.  Deleting what is
archive-worthy needs a registered decision (kassasjonsvedtak); the caller gives its reference.
"""

from core.retention.erasing import erase
from core.retention.files import forget_file, forget_files, sweep_files
from core.retention.messages import sweep_access_log, sweep_mail
from core.retention.order import REDACTED, Order
from core.retention.redaction import (
    Part,
    Scope,
    cleared,
    forget,
    forget_rows,
    redact_copies,
    redact_events,
)

__all__ = [
    "REDACTED",
    "Order",
    "Part",
    "Scope",
    "cleared",
    "erase",
    "forget",
    "forget_file",
    "forget_files",
    "forget_rows",
    "redact_copies",
    "redact_events",
    "sweep_access_log",
    "sweep_files",
    "sweep_mail",
]
