"""Benefits, from the intake's overview onward."""

from benefits.models.benefit import Benefit

__all__ = ["Benefit"]
