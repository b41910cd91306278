"""Assess a case, name its causes, and tie it to others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.errors import StaleVersion
from core.history import label_actions, record
from core.seeing import lock
from core.workflow import TransitionBlocked, TransitionDenied
from deviations import policies
from deviations.deadlines import due_after_judgement, handling_days
from deviations.models import Deviation, Follower, Link
from deviations.operations.duties import judge_answers
from deviations.operations.reporting import place_in_catalogue
from deviations.operations.touching import touch

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from core.actors import Actor
    from deviations.models import Cause, DeviationType, Duty
    from organization.models import Person

label_actions(
    {
        "assess": _("Vurderte saken"),
        "set_causes": _("Beskrev årsaken"),
        "link_deviations": _("Koblet til et annet avvik"),
        "unlink_deviations": _("Fjernet kobling til et annet avvik"),
        "write_report": _("Skrev meldingen"),
    }
)
_ASSESSED = (
    "title", "severity", "consequence_area", "actual_consequence", "potential_consequence", "probability",
    "is_confidential", "service",
)  # fmt: skip
_MOST_WHYS = 5


def assess(
    deviation: Deviation,
    *,
    type_: DeviationType | None,
    category: str,
    by: Actor,
    now: datetime,
    **values: Any,
) -> Deviation:
    """Write the handler's assessment.  A case that was made confidential stays so under a type that is.

    The deadline follows a new severity or type.  Among ``values`` may be ``version``, as it was when the
    page was opened.

    :raises TransitionDenied: ``by`` does not handle the case.
    :raises StaleVersion: somebody else has written since ``version`` was read.
    """
    with transaction.atomic():
        locked = _locked(deviation, by, values.pop("version", None))
        days_before = handling_days(locked)
        for name in _ASSESSED:
            if name in values:
                setattr(locked, name, values[name])
        place_in_catalogue(locked, type_=type_, category=category)
        locked.due_on = due_after_judgement(locked, days_before=days_before, now=now)
        _save(locked, "assess", by=by, now=now)
    return locked


@dataclass(frozen=True, slots=True)
class Analysis:
    """The causes from the tree, what is to be said about them, and up to five times why."""

    causes: Sequence[Cause] = ()
    note: str = ""
    whys: Sequence[str] = ()


def set_causes(
    deviation: Deviation, analysis: Analysis, *, by: Actor, now: datetime, version: int | None = None
) -> Deviation:
    """Write down why it happened.

    :raises TransitionDenied: ``by`` does not handle the case.
    :raises StaleVersion: somebody else has written since ``version`` was read.
    """
    with transaction.atomic():
        locked = _locked(deviation, by, version)
        locked.cause_note = analysis.note.strip()
        locked.whys = [why.strip()[:500] for why in analysis.whys if why.strip()][:_MOST_WHYS]
        _save(locked, "set_causes", by=by, now=now)
        locked.causes.set(analysis.causes)
    return locked


def link_deviations(deviation: Deviation, other: Deviation, *, by: Actor, now: datetime) -> Link:
    """Tie two cases together, seen from both.

    :raises TransitionDenied: ``by`` does not handle the case, or does not see the other.
    """
    if (
        not policies.may_handle(by, deviation)
        or not Deviation.objects.visible_to(by).filter(pk=other.pk).exists()
    ):
        raise TransitionDenied
    if deviation.pk == other.pk:
        raise TransitionBlocked([_("Et avvik kobles til et annet avvik, ikke til seg selv.")])
    first, second = sorted((deviation, other), key=lambda case: case.pk)
    with transaction.atomic(), record("link_deviations", actor=by, reason=other.number):
        link, made = Link.objects.get_or_create(
            deviation=first, other=second, defaults={"made_by_id": cast("int", by.person_id), "at": now}
        )
        if made:
            touch(deviation, now)
    return link


def unlink_deviations(deviation: Deviation, other: Deviation, *, by: Actor, now: datetime) -> None:
    """Take away a tie between two cases.

    :raises TransitionDenied: ``by`` does not handle the case.
    """
    if not policies.may_handle(by, deviation):
        raise TransitionDenied
    first, second = sorted((deviation, other), key=lambda case: case.pk)
    with transaction.atomic(), record("unlink_deviations", actor=by, reason=other.number):
        Link.objects.filter(deviation=first, other=second).delete()
        touch(deviation, now)


def answer_questions(
    deviation: Deviation, values: Mapping[str, str], *, by: Actor, now: datetime
) -> list[Duty]:
    """Answer for those who handle the case, and return the duties that this started.

    :raises TransitionDenied: ``by`` does not handle the case.
    :raises TransitionBlocked: the case has ended.
    """
    with transaction.atomic(), record("judge_answers", actor=by, of=deviation):
        locked = _locked(deviation, by, None)
        started = judge_answers(locked, values, from_reporter=False, by=by, now=now)
        touch(locked, now)
    return started


def follow(deviation: Deviation, person: Person, *, note: str, now: datetime) -> Follower:
    """Add a person to an open case instead of a second report of the same."""
    follower, _made = Follower.objects.get_or_create(
        deviation=deviation, person=person, defaults={"note": note.strip(), "at": now}
    )
    return follower


def _locked(deviation: Deviation, by: Actor, version: int | None) -> Deviation:
    locked = lock(deviation, by)
    if not policies.may_handle(by, locked):
        raise TransitionDenied
    if locked.is_final:
        raise TransitionBlocked([_("Saken er avsluttet. Gjenåpne den for å endre den.")])
    if version is not None and locked.version != version:
        raise StaleVersion
    return locked


def _save(locked: Deviation, action: str, *, by: Actor, now: datetime) -> None:
    with record(action, actor=by):
        locked.version += 1
        locked.stamp(now)
        locked.save()
