"""Writes to benefits: the overview, the plan, and what is measured."""

from benefits.operations.computing import (
    compute_due,
    compute_now,
    remove_source,
    set_silence_rules,
    set_source,
)
from benefits.operations.found import add_later, record_effect
from benefits.operations.measuring import hold_to_measure, measure, measure_extra, verify
from benefits.operations.noting import Noting
from benefits.operations.overview import add_benefit, remove_benefit, save_benefit, save_plan
from benefits.operations.planning import approve_plan, save_indicator, set_profile
from benefits.operations.sums import count_marked

__all__ = [
    "Noting",
    "add_benefit",
    "add_later",
    "approve_plan",
    "compute_due",
    "compute_now",
    "count_marked",
    "hold_to_measure",
    "measure",
    "measure_extra",
    "record_effect",
    "remove_benefit",
    "remove_source",
    "save_benefit",
    "save_indicator",
    "save_plan",
    "set_profile",
    "set_silence_rules",
    "set_source",
    "verify",
]
