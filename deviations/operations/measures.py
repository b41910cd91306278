"""Make an initiative of what a deviation shows, and keep the chain both ways."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.history import label_actions, record
from core.seeing import lock
from core.workflow import TransitionDenied
from deviations import policies
from deviations.models import Deviation, MeasureLink
from deviations.operations.touching import touch
from governance.models import Status as InitiativeStatus
from governance.operations import create_initiative

if TYPE_CHECKING:
    from datetime import datetime

    from core.actors import Actor

label_actions({"make_measure": _("Laget tiltak av saken")})


def make_measure(
    deviation: Deviation, *, title: str, need: str, summary: str, by: Actor, now: datetime
) -> MeasureLink:
    """Begin a draft of an initiative from a case; the same form sent twice makes one draft.

    :raises TransitionDenied: ``by`` does not handle the case, or may not raise initiatives there.
    """
    if not policies.may_handle(by, deviation):
        raise TransitionDenied
    with transaction.atomic(), record("make_measure", actor=by, reason=title, of=deviation):
        locked = lock(deviation, by)
        if (known := _begun(locked, title, by)) is not None:
            return known
        initiative = create_initiative(
            title=title, unit=deviation.unit, need=need, summary=summary, by=by, now=now
        )
        link = MeasureLink.objects.create(
            deviation=locked, initiative=initiative, made_by_id=cast("int", by.person_id), at=now
        )
        touch(locked, now)
    return link


def _begun(deviation: Deviation, title: str, by: Actor) -> MeasureLink | None:
    rows = MeasureLink.objects.filter(
        deviation=deviation, made_by_id=by.person_id, initiative__title=title, initiative__status=InitiativeStatus.DRAFT
    )  # fmt: skip
    found: MeasureLink | None = rows.select_related("initiative").first()
    return found
