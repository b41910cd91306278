"""Units, people and figures from files: checked first, shown, and then read in whole or not at all.

What a file says is compared with what stands: reading the same file twice changes nothing.
Between the check and the confirmation the rows lie in the cache, bound to the person, and are
checked again before they are written.
"""

from organization.importing.flow import Expired, Moved, check, confirm
from organization.importing.kinds import KINDS, Kind
from organization.importing.plans import Change, Plan

__all__ = ["KINDS", "Change", "Expired", "Kind", "Moved", "Plan", "check", "confirm"]
