"""Impartiality (habilitet) in one case: what members declare, what the council decides, and who steps in."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.history import label_actions, record
from core.workflow import TransitionBlocked, TransitionDenied
from governance import policies
from governance.council.cases import Case, case_of, check_open, led_case, locked_item
from governance.models import Attendance, Impartiality
from governance.models.session import Said
from organization.actors import as_person
from organization.models import RoleAssignment
from organization.roles import Role

if TYPE_CHECKING:
    from datetime import datetime

    from core.actors import Actor
    from governance.models import AgendaItem

    Votes = dict[str, int | None]

label_actions({
    "declare_impartiality": gettext_lazy("Habilitet meldt"),
    "decide_impartiality": gettext_lazy("Habilitet avgjort"),
    "step_in": gettext_lazy("Vara i saken"),
})  # fmt: skip
_LEADS = (Role.LEADER, Role.SECTOR_LEADER, Role.KOMMUNEDIREKTOR)


# --- Declared ----------------------------------------------------------------------------------
@transaction.atomic
def declare(  # noqa: PLR0913 - the fields of one row, keyword-only
    item: AgendaItem, *, attendance: Attendance, answer: str, by: Actor, now: datetime, ground: str = "",
    explanation: str = "",
) -> Impartiality:  # fmt: skip
    """Record what one member says of own impartiality; «yes» leaves the case, doubt waits for the council.

    :raises TransitionDenied: ``by`` is neither that member, nor leads the meeting or keeps its minutes.
    :raises TransitionBlocked: the case is decided, the person does not sit in it, or the council has decided on it.
    """
    if not policies.may_speak_for(by, attendance, item.meeting):
        raise TransitionDenied
    locked = locked_item(item)
    check_open(locked, in_session=False)
    row = _own(locked, attendance)
    if row is not None and row.decided_roll is not None and not policies.may_lead_meeting(by, locked.meeting):
        raise TransitionBlocked(
            [_("Rådet har avgjort habiliteten din. Si fra til møteleder om noe er nytt.")]
        )
    with record("declare_impartiality", actor=by):
        return _answer(locked, attendance, answer, by=by, now=now, ground=ground, explanation=explanation)


def _own(item: AgendaItem, attendance: Attendance) -> Impartiality | None:
    """Return what is already said.

    :raises TransitionBlocked: the person does not sit in this meeting.
    """
    if attendance.meeting_id != item.meeting_id or attendance.gone_at is not None:
        raise TransitionBlocked([_("Personen sitter ikke i dette møtet.")])
    return item.impartialities.filter(attendance=attendance).first()


def _answer(  # noqa: PLR0913 - the fields of one row, keyword-only
    item: AgendaItem, attendance: Attendance, answer: str, *, by: Actor, now: datetime, ground: str = "",
    explanation: str = "",
) -> Impartiality:  # fmt: skip
    said = Said(answer)
    verdict = {Said.NO: False, Said.YES: True}.get(said)
    if verdict:
        item.impartialities.filter(substitute=attendance).update(substitute=None, changed_at=now)
    row, _created = Impartiality.objects.update_or_create(
        item=item, attendance=attendance,
        defaults={
            "answer": said, "ground": ground, "explanation": explanation, "answered_at": now, "answered_by_id": by.person_id,
            "is_disqualified": verdict, "decided_at": None if verdict is None else now, "decided_roll": None,
            "votes_for": None, "votes_against": None, "substitute": None, "changed_at": now,
        },
    )  # fmt: skip
    return row


@transaction.atomic
def declare_nobody(item: AgendaItem, *, by: Actor, now: datetime) -> int:
    """Record that the chair asked and nobody else said anything; return how many that were.

    :raises TransitionDenied: ``by`` neither leads the meeting nor keeps its minutes.
    :raises TransitionBlocked: the case is decided, or the meeting is not open.
    """
    case = led_case(item, by=by)
    person_id = as_person(by).person_id
    silent = [
        Impartiality(
            item=case.item, attendance=row, answer=Said.NO, answered_at=now, answered_by_id=person_id, is_disqualified=False,
            decided_at=now, changed_at=now,
        )
        for row in case.unanswered
    ]  # fmt: skip
    with record("declare_impartiality", actor=by):
        Impartiality.objects.bulk_create(silent)
    return len(silent)


# --- Decided by the council --------------------------------------------------------------------
@transaction.atomic
def decide_doubt(
    row: Impartiality, *, is_disqualified: bool, by: Actor, now: datetime, votes: Votes | None = None
) -> Impartiality:
    """Record what the council decided on one who is in doubt; ``votes`` are for and against it, ``None`` unanimous.

    Nobody who is in doubt in the case takes part, unless the mandate lets all where the rest are below the quorum.

    :raises TransitionDenied: ``by`` neither leads the meeting nor keeps its minutes.
    :raises TransitionBlocked: nobody may decide it, or the votes do not add up or are equal.
    """
    case = led_case(row.item, by=by)
    current = case.by_row.get(row.attendance_id)
    if current is None or not current.is_in_doubt:
        raise TransitionBlocked([_("Medlemmet er ikke i tvil lenger. Last siden på nytt.")])
    _check_deciders(case)
    current.votes_for, current.votes_against = _checked_votes(case, votes)
    current.is_disqualified, current.decided_at = is_disqualified, now
    current.decided_roll = [one.pk for one in case.deciders]
    with record("decide_impartiality", actor=by):
        current.stamp(now)
        current.save()
    return current


def _check_deciders(case: Case) -> None:
    quorum = case.quorum_of(case.deciders)
    if not quorum.is_reached:
        raise TransitionBlocked([
            _("%(present)s av %(seats)s kan avgjøre habiliteten, og mandatet krever %(needed)s. Kall inn vara, eller utsett saken til et nytt møte.")
            % {"present": quorum.present, "seats": quorum.seats, "needed": quorum.needed}
        ])  # fmt: skip


def _checked_votes(case: Case, votes: Votes | None) -> tuple[int, int]:
    there = len(case.deciders)
    if votes is None:
        return there, 0
    ayes, noes = votes.get("for") or 0, votes.get("against") or 0
    if ayes + noes > there or (case.mandate.must_vote and ayes + noes != there):
        raise TransitionBlocked([
            _("Stemmene går ikke opp: %(sum)s stemmer og %(there)s som avgjør habiliteten.")
            % {"sum": ayes + noes, "there": there}
        ])  # fmt: skip
    if ayes <= noes:
        raise TransitionBlocked([_("Avgjørelsen fikk ikke flertall. Før det flertallet stemte for.")])
    return ayes, noes


@transaction.atomic
def step_in(row: Impartiality, *, substitute: Attendance | None, by: Actor, now: datetime) -> Impartiality:
    """Let a substitute who is there take the seat of one who is disqualified in this case, or nobody.

    :raises TransitionDenied: ``by`` neither leads the meeting nor keeps its minutes.
    :raises TransitionBlocked: nobody is disqualified, or the substitute is not free.
    """
    case = led_case(row.item, by=by)
    current = case.by_row.get(row.attendance_id)
    if current is None or not current.is_disqualified:
        raise TransitionBlocked([_("Medlemmet er ikke inhabilt. Ingen vara skal tre inn.")])
    if substitute is not None and substitute.pk not in {one.pk for one in case.free_substitutes}:
        raise TransitionBlocked([
            _("%(name)s er ikke ledig som vara i saken.") % {"name": substitute.person}
        ])  # fmt: skip
    with record("step_in", actor=by):
        current.substitute = substitute
        current.stamp(now)
        current.save()
    return current


# --- Derived from a superior -------------------------------------------------------------------
class Derived(NamedTuple):
    """Somebody who works under one who is disqualified: proposed, and for the meeting to take a stand on."""

    attendance: Attendance
    superior: Attendance


def derived_in(case: Case) -> list[Derived]:
    """Return whose impartiality falls with that of a superior, as the organization stands on the day of the meeting.

    Source: forvaltningsloven 1967 § 6 third paragraph.  One query, and none where nobody is disqualified.
    """
    superiors = [one.attendance for one in case.declared if one.is_disqualified and one.ground != Impartiality.Ground.DERIVED]  # fmt: skip
    asked = [row for row in case.voters if not _is_settled(case.by_row.get(row.pk))]
    if not superiors or not asked:
        return []
    day = timezone.localdate(case.item.meeting.starts_at)
    people = {row.person_id for row in [*superiors, *asked]}
    held = RoleAssignment.objects.in_force(day).filter(
        person_id__in=people, role__in=[Role.EMPLOYEE, *_LEADS]
    )
    leads: dict[int, list[str]] = {}
    works: dict[int, list[tuple[str, bool]]] = {}
    for person, role, path in held.values_list("person_id", "role", "unit__path"):
        is_leading = role in _LEADS
        works.setdefault(person, []).append((path, is_leading))
        if is_leading:
            leads.setdefault(person, []).append(path)
    return [
        Derived(row, superior)
        for row in asked
        for superior in superiors
        if any(_is_below(works.get(row.person_id, []), path) for path in leads.get(superior.person_id, []))
    ]


@transaction.atomic
def settle_derived(
    item: AgendaItem, *, attendance: Attendance, follows: bool, by: Actor, now: datetime
) -> Impartiality:
    """Record whether somebody is disqualified because a superior is.

    :raises TransitionDenied: ``by`` neither leads the meeting nor keeps its minutes.
    :raises TransitionBlocked: the case is decided, or nobody they work under is disqualified, or it is settled already.
    """
    if not policies.may_lead_meeting(by, item.meeting):
        raise TransitionDenied
    locked = locked_item(item)
    check_open(locked, in_session=False)
    found = next((one for one in derived_in(case_of(locked)) if one.attendance.pk == attendance.pk), None)
    if found is None:
        raise TransitionBlocked([_("Det er alt tatt stilling til dette. Last siden på nytt.")])
    words = (
        _("Arbeider under %(name)s, som er inhabil.")
        if follows
        else _("Arbeider ikke direkte under %(name)s i det saken gjelder.")
    )
    with record("declare_impartiality", actor=by):
        return _answer(
            locked, found.attendance, Said.YES if follows else Said.NO, by=by, now=now,
            ground=Impartiality.Ground.DERIVED, explanation=words % {"name": found.superior.person},
        )  # fmt: skip


def _is_settled(row: Impartiality | None) -> bool:
    return row is not None and (bool(row.is_disqualified) or row.ground == Impartiality.Ground.DERIVED)


def _is_below(works: list[tuple[str, bool]], led: str) -> bool:
    """Tell whether somebody works in or under a unit, and does not lead it or one above it."""
    leads_it = any(is_leading and led.startswith(path) for path, is_leading in works)
    return not leads_it and any(path.startswith(led) for path, _is_leading in works)


# --- Ready? ------------------------------------------------------------------------------------
def open_questions(case: Case) -> list[str]:
    """Return what must be settled about impartiality before the case is voted on or decided."""
    reasons = []
    if case.open_doubts:
        names = get_text_list([str(one.attendance.person) for one in case.open_doubts], _("og"))
        reasons.append(_("%(names)s er i tvil om habiliteten. Rådet avgjør det først.") % {"names": names})
    if case.unanswered:
        names = get_text_list([str(row.person) for row in case.unanswered], _("og"))
        reasons.append(_("%(names)s har ikke svart om habilitet. Spør, og før svaret.") % {"names": names})
    reasons += [
        _(
            "%(name)s arbeider under %(superior)s, som er inhabil. Ta stilling til om inhabiliteten følger med."
        )
        % {"name": one.attendance.person, "superior": one.superior.person}
        for one in derived_in(case)
    ]
    return reasons
