"""Who opens and who adds files on a deviation: whoever reads its words, and the reporter while it is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core import attachments
from deviations import policies
from deviations.models import Deviation

if TYPE_CHECKING:
    from core.actors import Actor
    from core.models import Attachment


def may_read(actor: Actor, deviation: Deviation, attachment: Attachment) -> bool:
    del attachment
    return Deviation.objects.readable_by(actor).filter(pk=deviation.pk).exists()


def may_write(actor: Actor, deviation: Deviation) -> bool:
    if actor.is_system:
        return True
    if deviation.is_final:
        return False
    return policies.is_reporter(actor, deviation) or policies.may_handle(actor, deviation)


attachments.register(
    Deviation,
    reads=may_read,
    writes=may_write,
    resource="deviations",
    logs=lambda deviation: deviation.is_confidential,
)
