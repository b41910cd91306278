"""What the register proposes for an area of a status report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portfolio.models import Health


@dataclass(frozen=True, slots=True)
class Proposal:
    """A value, where the register gives one, and what it was based on."""

    value: Health | None
    why: str
