"""The only writers of the status of deviations, duties and corrective actions."""

from deviations.workflow.action import action_workflow
from deviations.workflow.deviation import deviation_workflow
from deviations.workflow.duty import duty_workflow

__all__ = ["action_workflow", "deviation_workflow", "duty_workflow"]
