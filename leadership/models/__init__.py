"""What leadership keeps of its own: what its numbers were, what they should be, and who sees the page."""

from leadership.models.number import Key, Snapshot, Target
from leadership.models.rules import LeadershipRules

__all__ = ["Key", "LeadershipRules", "Snapshot", "Target"]
