"""Writes to benefits: the overview, the plan, and what is measured."""

from benefits.operations.measuring import measure, measure_extra, verify
from benefits.operations.overview import add_benefit, remove_benefit, save_benefit, save_plan
from benefits.operations.planning import approve_plan, save_indicator, set_profile

__all__ = [
    "add_benefit",
    "approve_plan",
    "measure",
    "measure_extra",
    "remove_benefit",
    "save_benefit",
    "save_indicator",
    "save_plan",
    "set_profile",
    "verify",
]
