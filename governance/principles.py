"""Whether a case is a matter of principle: the secretariat judges it, and says why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.history import label_actions
from core.workflow import TransitionBlocked, TransitionDenied
from governance import operations, policies
from governance.models import Initiative
from governance.models.status import SCORABLE, Status

if TYPE_CHECKING:
    from datetime import datetime

    from core.actors import Actor

label_actions({"judge_principle": gettext_lazy("Vurdert om saken er prinsipiell")})

_OPEN = SCORABLE | {Status.FAST_TRACK}


def principle_is_open(initiative: Initiative, /) -> str | None:
    """It is judged from the day the case arrives until it is decided."""
    if initiative.status in _OPEN:
        return None
    return _("Vurderingen kan ikke endres nå. Saken står som «%(state)s».") % {
        "state": initiative.get_status_display()
    }


def judge_principle(
    initiative: Initiative, *, is_principle: bool, reason: str, by: Actor, now: datetime
) -> None:
    """Write down whether the case is a matter of principle, with the reason.

    :raises TransitionDenied: ``by`` does not keep the secretariat there.
    :raises TransitionBlocked: the case is decided, or has not arrived.
    """
    if not policies.may_triage(by, initiative):
        raise TransitionDenied
    with transaction.atomic():
        locked = Initiative.objects.select_for_update(of=("self",)).get(pk=initiative.pk)
        if reason_against := principle_is_open(locked):
            raise TransitionBlocked([reason_against])
        with operations.touching(locked, "judge_principle", by=by, now=now, reason=reason):
            Initiative.objects.filter(pk=locked.pk).update(
                is_principle=is_principle, principle_reason=reason.strip()
            )
