"""Stand-ins of hearings: named by who is asked or by the secretariat, taken back, and given up when they have left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core import notices
from core.actors import System
from core.workflow import TransitionBlocked, TransitionDenied
from governance import policies
from governance.guards import stand_in_may_be_named, stand_in_may_be_taken_back
from governance.hearings.duties import names_of
from governance.hearings.operations import lock_open
from governance.models import Hearing
from governance.operations import refuse_when, touching

if TYPE_CHECKING:
    from datetime import datetime

    from core.actors import Actor
    from organization.models import Person


def name_stand_in(hearing: Hearing, *, person: Person, by: Actor, now: datetime, reason: str = "") -> Hearing:
    """Let ``person`` answer in the place of who is asked, and tell them; whoever was named before is let go.

    :raises TransitionDenied: ``by`` is neither asked, in the role asked, nor prepares the case.
    :raises TransitionBlocked: the hearing is over or answered, or only the secretariat may say who reads the case.
    """
    from governance import telling

    if not policies.may_name_stand_in(by, hearing):
        raise TransitionDenied
    words = _("%(name)s svarer for %(asked)s") % {"name": person, "asked": _whom(hearing)}
    told = f"{words}. {reason}" if reason else words
    with touching(hearing.initiative, "name_stand_in", by=by, now=now, reason=told):
        locked = lock_open(hearing)
        refuse_when(stand_in_may_be_named(locked, by))
        before, locked.stand_in = locked.stand_in, person
        locked.stand_in_at, locked.stand_in_by_id, locked.stand_in_reason = now, by.person_id, reason
        _save(locked, now)
        drafts = [*telling.stand_in_is_named(locked, by=by)]
        if before is not None and before != person:
            drafts += telling.stand_in_is_let_go(locked, before)
        notices.post(drafts, about=locked.initiative, now=now)
    return locked


def take_back_stand_in(hearing: Hearing, *, by: Actor, now: datetime) -> Hearing:
    """Let the question go back to who was asked first.

    :raises TransitionDenied: ``by`` is neither asked, in the role asked, nor prepares the case.
    :raises TransitionBlocked: the hearing is over or answered, or there is no stand-in.
    """
    from governance import telling

    if not policies.may_name_stand_in(by, hearing):
        raise TransitionDenied
    with touching(hearing.initiative, "take_back_stand_in", by=by, now=now, reason=capfirst(_whom(hearing))):
        locked = lock_open(hearing)
        refuse_when(stand_in_may_be_taken_back(locked))
        before = _let_go(locked, now)
        drafts = [*telling.stand_in_is_let_go(locked, before)]
        if by.person_id != locked.person_id:
            drafts += telling.hearing_is_asked([locked])
        notices.post(drafts, about=locked.initiative, now=now)
    return locked


def ask_again(*, now: datetime) -> int:
    """Ask those anew whose stand-in does not work there any more, and return how many: nobody is waited for in silence."""
    day = timezone.localdate(now)
    rows = Hearing.objects.deserted(day).select_related(
        "initiative__municipality", "initiative__cycle_period", "person", "on_behalf_of", "stand_in"
    )
    return sum(_ask_again(hearing, now) for hearing in rows.order_by("pk"))


def _ask_again(hearing: Hearing, now: datetime) -> bool:
    from governance import telling

    system, reason = System("hearings"), f"{hearing.stand_in}. {capfirst(_whom(hearing))}"
    try:
        with touching(hearing.initiative, "stand_in_left", by=system, now=now, reason=reason):
            locked = lock_open(hearing)
            refuse_when(_has_not_left(locked, hearing.stand_in_id, now))
            _let_go(locked, now)
            if Hearing.objects.open().awaited().filter(pk=locked.pk).exists():
                notices.post(telling.stand_in_has_left(locked), about=locked.initiative, now=now)
    except TransitionBlocked:  # answered, taken back or closed since the rows were read
        return False
    return True


def _has_not_left(hearing: Hearing, person_id: int | None, now: datetime) -> str | None:
    """Say why somebody is not to be let go: a locked hearing has an answer by now, another stand-in, or none."""
    left = Hearing.objects.deserted(timezone.localdate(now)).filter(pk=hearing.pk, stand_in_id=person_id)
    return stand_in_may_be_taken_back(hearing) or (None if left.exists() else _("Stedfortrederen er byttet."))


def _let_go(hearing: Hearing, now: datetime) -> Person:
    """Take the stand-in away, and return who it was."""
    assert hearing.stand_in is not None
    before: Person = hearing.stand_in
    hearing.stand_in = hearing.stand_in_at = hearing.stand_in_by = None
    hearing.stand_in_reason = ""
    _save(hearing, now)
    return before


def _save(hearing: Hearing, now: datetime) -> None:
    hearing.stamp(now)
    hearing.save(update_fields=["stand_in", "stand_in_at", "stand_in_by", "stand_in_reason", "changed_at"])


def _whom(hearing: Hearing) -> str:
    return f"{hearing.person}, {names_of(hearing.initiative, [hearing])}"
