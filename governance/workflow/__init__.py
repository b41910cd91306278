"""The workflows of initiatives and meetings: the only writers of their status."""

from governance.workflow.initiative import initiative_workflow
from governance.workflow.meeting import meeting_workflow

__all__ = ["initiative_workflow", "meeting_workflow"]
