"""How the follow-up of a decision is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core.presentation import due_of
from governance.models import FOLLOW_UP_TONES

if TYPE_CHECKING:
    from datetime import date

    from core.presentation import Due
    from governance.models import FollowUp


@dataclass(frozen=True, slots=True)
class FollowUpState:
    """How a follow-up stands on a day: late where its deadline has passed, else as its status says."""

    row: FollowUp
    today: date

    @property
    def label(self) -> str:
        return _("Forsinket") if self.is_late else str(self.row.get_status_display())

    @property
    def is_late(self) -> bool:
        return self.row.is_late(self.today)

    @property
    def tone(self) -> str:
        return "danger" if self.is_late else FOLLOW_UP_TONES[self.row.status]

    @property
    def due(self) -> Due | None:
        """The deadline in words, while there is something to do."""
        return due_of(self.row.due_on, self.today) if self.row.is_unfinished else None
