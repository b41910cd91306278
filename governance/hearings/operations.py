"""Asking and answering: the writes of hearings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core import notices
from core.errors import StaleVersion
from core.workflow import TransitionDenied
from governance import policies
from governance.filing import file_hearing
from governance.guards import answer_is_own, deadline_may_be_noted, hearing_is_open
from governance.hearings.duties import OF_EACH_MUNICIPALITY, names_of, participants_of, roles_to_hear
from governance.mandates import mandate_on
from governance.models import Hearing, Initiative
from governance.operations import deadline, refuse_when, touching
from organization.actors import people_in_roles

if TYPE_CHECKING:
    from datetime import date, datetime

    from core.actors import Actor
    from organization.models import Person, Unit
    from organization.roles import Role


def hear_those_concerned(initiative: Initiative, *, now: datetime) -> None:
    """Ask those whom the mandate says shall be heard on a case like this."""
    _ask(initiative, roles=roles_to_hear(initiative), due_on=None, now=now)


def ask_hearings(
    initiative: Initiative, *, roles: list[Role], due_on: date | None, by: Actor, now: datetime
) -> list[Hearing]:
    """Ask everyone who holds one of ``roles`` in the municipalities concerned, and tell them.

    :raises TransitionDenied: ``by`` does not prepare this initiative.
    :raises TransitionBlocked: the case has gone on to the council.
    """
    from governance import telling

    if not policies.may_prepare(by, initiative):
        raise TransitionDenied
    refuse_when(hearing_is_open(initiative))
    with touching(initiative, "ask_hearing", by=by, now=now):
        asked = _ask(initiative, roles=roles, due_on=due_on, now=now)
        notices.post(telling.hearing_is_asked(asked), about=initiative, now=now)
    return asked


def _ask(initiative: Initiative, *, roles: list[Role], due_on: date | None, now: datetime) -> list[Hearing]:
    day = timezone.localdate(now)
    due_on = due_on or deadline(now, mandate_on(initiative.municipality, day).hearing_days)
    asked = []
    for role in roles:
        for person, home in _people_heard(initiative, role, day):
            # Who answers for several municipalities answers once, except for the money of each.
            once = {"on_behalf_of": home} if role in OF_EACH_MUNICIPALITY else {}
            row, is_new = Hearing.objects.get_or_create(
                initiative=initiative, role=role, person=person, round=initiative.hearing_round, **once,
                defaults={"on_behalf_of": home, "asked_at": now, "due_on": due_on, "changed_at": now},
            )  # fmt: skip
            if not is_new and not row.is_answered and row.due_on < day:
                row.asked_at, row.due_on, is_new = now, due_on, True
                row.noted_at = row.noted_by = None  # history has it; a new deadline runs
                row.stamp(now)
                row.save(update_fields=["asked_at", "due_on", "noted_at", "noted_by", "changed_at"])
            asked += [row] if is_new else []
    return asked


def _people_heard(initiative: Initiative, role: Role, day: date) -> list[tuple[Person, Unit]]:
    """Return who is heard in a role, each with the municipality answered for.

    Somebody who holds the role for several is heard once, but for a role of each municipality.
    """
    found: list[tuple[Person, Unit]] = []
    for home in [initiative.municipality, *participants_of(initiative)]:
        person = _heard_as(role, home, initiative.unit.path, day)
        known = {one for one, _home in found}
        if person is not None and (role in OF_EACH_MUNICIPALITY or person not in known):
            found.append((person, home))
    return found


def begin_hearing_round(initiative: Initiative, *, now: datetime) -> None:
    """Let those who have answered be asked anew; who has not still has the same question."""
    if not initiative.hearings.filter(round=initiative.hearing_round, answered_at__isnull=False).exists():
        return
    initiative.hearing_round += 1
    initiative.hearings.filter(answered_at=None).update(round=initiative.hearing_round, changed_at=now)


def _heard_as(role: Role, entity: Unit, unit_path: str, day: date) -> Person | None:
    """Return who is heard in one legal entity.

    First the one nearest the initiative's own unit (its verneombud, say), then the entity's
    own, last the region's where the service is shared.
    """
    for scope in (
        {"municipality_id": entity.pk, "unit_path": unit_path},
        {"municipality_id": entity.pk},
        {"municipality_id": entity.region_id},
    ):
        people = people_in_roles([role], day=day, **scope) if scope["municipality_id"] else []
        if people:
            # Without a line to follow, the one who holds the role highest up speaks for the whole.
            return people[0] if "unit_path" in scope else people[-1]
    return None


def answer_hearing(
    hearing: Hearing, *, position: str, by: Actor, now: datetime, answer: str = "", stamp: str | None = None
) -> Hearing:
    """Record the answer of the person asked, or of a stand-in; who has answered may change it.

    :param answer: the words, which are needed with every position but the one of no remarks.
    :param stamp: when the answer this one begins from was given, empty where there was none.
    :raises TransitionDenied: ``by`` was not asked.
    :raises TransitionBlocked: the case has gone on to the council, or somebody else has answered.
    :raises StaleVersion: the same person has answered anew meanwhile, in another window.
    """
    if not policies.may_answer_hearing(by, hearing):
        raise TransitionDenied
    with touching(hearing.initiative, "answer_hearing", by=by, now=now, reason=_reason(hearing, by)):
        locked = lock_open(hearing)
        refuse_when(answer_is_own(locked, by))
        if stamp is not None and stamp != locked.stamp_of_answer:
            label = str(_("Uttalelse"))
            raise StaleVersion(mine={label: answer}, theirs={label: locked.answer})
        locked.answer, locked.position = answer, position
        locked.answered_at, locked.answered_by_id = now, by.person_id
        locked.stamp(now)
        locked.save()
        locked = Hearing.objects.select_related("initiative", "person", "answered_by").get(pk=locked.pk)
        file_hearing(locked, now=now)
    return locked


def _reason(hearing: Hearing, by: Actor) -> str:
    """Return what history says of an answer: the role that was heard, and whom a stand-in answers for."""
    who = capfirst(names_of(hearing.initiative, [hearing]))
    if hearing.stand_in_id is None or hearing.stand_in_id != by.person_id:
        return who
    return _("%(role)s, som stedfortreder for %(asked)s") % {"role": who, "asked": hearing.person}


def note_deadline(hearing: Hearing, *, by: Actor, now: datetime) -> Hearing:
    """Note that the deadline passed without an answer, with the day and who noted it.

    :raises TransitionDenied: ``by`` does not prepare the case.
    :raises TransitionBlocked: the hearing is closed, answered or in time, or the mandate requires an answer.
    """
    if not policies.may_prepare(by, hearing.initiative):
        raise TransitionDenied
    who = capfirst(names_of(hearing.initiative, [hearing]))
    with touching(hearing.initiative, "note_deadline", by=by, now=now, reason=who):
        locked = lock_open(hearing)
        refuse_when(deadline_may_be_noted(locked, timezone.localdate(now)))
        locked.noted_at, locked.noted_by_id = now, by.person_id
        locked.stamp(now)
        locked.save(update_fields=["noted_at", "noted_by", "changed_at"])
    return locked


def lock_open(hearing: Hearing) -> Hearing:
    """Return the hearing as it now stands, locked after its initiative."""
    rows = Initiative.objects.select_for_update(of=("self",)).select_related("municipality", "cycle_period")
    initiative = rows.get(pk=hearing.initiative_id)
    refuse_when(hearing_is_open(initiative))
    people = Hearing.objects.select_for_update(of=("self",))
    known = people.select_related("person", "answered_by", "noted_by", "on_behalf_of", "stand_in")
    locked = known.get(pk=hearing.pk)
    locked.initiative = initiative
    return locked
