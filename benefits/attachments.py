"""Who opens and who adds the evidence of a measurement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benefits import policies
from benefits.models import Measurement
from core import attachments

if TYPE_CHECKING:
    from core.actors import Actor
    from core.models import Attachment


def may_read(actor: Actor, measurement: Measurement, attachment: Attachment) -> bool:
    del attachment
    return policies.may_read_evidence(actor, measurement)


attachments.register(
    Measurement, reads=may_read, writes=policies.may_measure, resource="measurements",
    logs=lambda measurement: measurement.indicator.benefit.initiative.is_shielded,
)  # fmt: skip
