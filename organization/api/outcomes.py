"""What became of a row, in the words of imports and of the API."""

from __future__ import annotations

from core.api.bulk import Outcome
from organization.importing.plans import CHANGED, NEW, SAME

OUTCOMES_OF = {NEW: Outcome.CREATED, CHANGED: Outcome.UPDATED, SAME: Outcome.UNCHANGED}
