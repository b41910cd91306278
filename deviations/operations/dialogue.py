"""The talk between those who handle a case and whoever reported it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import notices
from core.history import label_actions, record
from core.workflow import TransitionBlocked, TransitionDenied
from deviations import policies, telling
from deviations.models import Deviation, Message
from deviations.operations.touching import touch

if TYPE_CHECKING:
    from datetime import datetime

    from core.actors import Actor

label_actions({"add_information": _("La til mer"), "write_to_reporter": _("Skrev til melder")})


def say(
    deviation: Deviation, text: str, *, kind: str, by: Actor, now: datetime, from_reporter: bool = False
) -> Message:
    """Write one line of the talk.  A hidden or anonymous reporter is never its author."""
    hidden = from_reporter and deviation.anonymity != "open"
    return Message.objects.create(
        deviation=deviation, kind=kind, text=text, from_reporter=from_reporter, at=now,
        author_id=None if hidden else by.person_id,
    )  # fmt: skip


def tell_reporter(
    deviation: Deviation, text: str, *, by: Actor, now: datetime, kind: str = Message.Kind.STEP
) -> None:
    """Tell the reporter in plain words what happened, also those whose own report was merged into this one."""
    if deviation.answered_at is None and by.person_id is not None:
        deviation.answered_at = now
    for case in [deviation, *deviation.merged_from.all()]:
        say(case, text, kind=kind, by=by, now=now)


def add_information(deviation: Deviation, text: str, *, by: Actor, now: datetime) -> Message:
    """Let the reporter add to an own report that is still open.

    :raises TransitionDenied: ``by`` did not report it.
    """
    if not (by.is_system or policies.is_reporter(by, deviation)):
        raise TransitionDenied
    with record("add_information", actor=by):
        message = say(deviation, text, kind=Message.Kind.ADDITION, by=by, now=now, from_reporter=True)
        touch(deviation, now)
        notices.post(telling.reporter_has_written(deviation, message), about=deviation, now=now)
    return message


def write_to_reporter(deviation: Deviation, text: str, *, by: Actor, now: datetime) -> Message:
    """Write to the reporter, and to those whose own report was merged into this one.

    :raises TransitionDenied: ``by`` does not handle the case.
    :raises TransitionBlocked: the case has ended.
    """
    if not policies.may_handle(by, deviation):
        raise TransitionDenied
    if deviation.is_final:
        raise TransitionBlocked([_("Saken er avsluttet. Gjenåpne den for å skrive mer til melder.")])
    with transaction.atomic(), record("write_to_reporter", actor=by):
        lines = [
            say(case, text, kind=Message.Kind.STEP, by=by, now=now)
            for case in [deviation, *deviation.merged_from.all()]
        ]
        Deviation.objects.filter(pk=deviation.pk, answered_at=None).update(answered_at=now)
        touch(deviation, now)
        notices.post(telling.reporter_is_written_to(deviation, lines[0]), about=deviation, now=now)
    return lines[0]
