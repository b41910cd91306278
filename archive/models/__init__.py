"""The outbox to sak/arkiv."""

from archive.models.export import ArchiveExport, ExportFile, ExportGap, ExportStatus, Purpose
from archive.models.message import ArchiveMessage, MessageStatus
from archive.models.rules import Algorithm, ArchiveRules, Channel, TrialReply
from archive.models.shipment import Answer, AnswerKind, Shipment
from archive.models.trial import TrialAnswer, TrialRecord

__all__ = [
    "Algorithm",
    "Answer",
    "AnswerKind",
    "ArchiveExport",
    "ArchiveMessage",
    "ArchiveRules",
    "Channel",
    "ExportFile",
    "ExportGap",
    "ExportStatus",
    "MessageStatus",
    "Purpose",
    "Shipment",
    "TrialAnswer",
    "TrialRecord",
    "TrialReply",
]
