"""The workflows of initiatives, meetings and follow-ups of decisions: the only writers of their status."""

from governance.workflow.follow_up import follow_up_workflow
from governance.workflow.initiative import initiative_workflow
from governance.workflow.meeting import meeting_workflow

__all__ = ["follow_up_workflow", "initiative_workflow", "meeting_workflow"]
