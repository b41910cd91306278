"""What every app of the house uses: notices, mail, ledger, attachments, access log, tombstones, requests carried out, jobs."""

from core.models.access import AccessLog
from core.models.attachments import Attachment
from core.models.idempotency import IdempotentRequest
from core.models.jobs import JobRun
from core.models.notices import Mail, Notice, ReminderEntry
from core.models.retention import Tombstone

__all__ = [
    "AccessLog",
    "Attachment",
    "IdempotentRequest",
    "JobRun",
    "Mail",
    "Notice",
    "ReminderEntry",
    "Tombstone",
]
