"""How a line of the decision log is shown, on the page and in a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from governance import meeting_presentation as presentation


@dataclass(frozen=True, slots=True)
class LogLine:
    """One decision as this person may read it."""

    decision: Any

    @property
    def title(self) -> str:
        item = self.decision.agenda_item
        if item is not None and item.matter_id is not None and self.decision.reads_text:
            return str(item.title)
        if self.decision.initiative is not None:
            return str(self.decision.initiative.card_title)
        return self.decision.agenda_item.title if self.decision.agenda_item else ""

    @property
    def outcome(self) -> str:
        return presentation.outcome_words(self.decision)

    @property
    def tone(self) -> str:
        return presentation.OUTCOME_TONES[self.decision.outcome]

    @property
    def votes(self) -> str:
        return presentation.vote_words(self.decision)

    @property
    def amount(self) -> Any:
        """The amount, for who reads the words."""
        return self.decision.amount if self.decision.reads_text else None

    @property
    def archive_reference(self) -> str:
        """The case number of the archive, for who reads the words."""
        initiative = self.decision.initiative
        return initiative.archive_reference if initiative is not None and self.decision.reads_text else ""

    @property
    def has_follow_up(self) -> bool:
        return self.decision.responsible_id is not None or self.decision.due_on is not None
