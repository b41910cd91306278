"""The outbox to sak/arkiv."""

from archive.models.message import ArchiveMessage, MessageStatus

__all__ = ["ArchiveMessage", "MessageStatus"]
