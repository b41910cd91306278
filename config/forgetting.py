"""What else forgets, in the same transaction, when a record is forgotten."""

from __future__ import annotations

FOLLOWERS = [
    "archive.retention.redact_messages",
    "core.api.idempotency.forget_answers",
    "governance.retention.redact_agenda",
    "portfolio.retention.redact_names",
    "portfolio.retention.redact_figures",
    "organization.retention.redact_answers",
    "governance.filing.consultations.redact_consultations",  # after the words are gone: it reads them
]
