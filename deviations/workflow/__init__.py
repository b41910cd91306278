"""The only writers of the status of deviations, duties, corrective actions and lifts."""

from deviations.workflow.action import action_workflow
from deviations.workflow.deviation import deviation_workflow
from deviations.workflow.duty import duty_workflow
from deviations.workflow.lift import lift_workflow

__all__ = ["action_workflow", "deviation_workflow", "duty_workflow", "lift_workflow"]
