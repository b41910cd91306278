"""Writes to the notes of a meeting of a group, and what comes of them.

Everything that is written in a meeting waits for the lock on the meeting, so that two first saves of one note meet here.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Refused
from core.history import label_actions, record
from governance.arena.meetings import locked_for_group, locked_for_responsible, refuse_unless_open
from governance.drafting import ground_of
from governance.models import GroupNote, GroupOutcome
from governance.operations import create_initiative
from governance.policies import may_raise_for
from governance.text_versions import version_of
from governance.writing import Typed, put, put_back, put_before, refuse_stale, store_next

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime
    from uuid import UUID

    from core.actors import Actor
    from governance.models import GroupMeeting, GroupPoint, Initiative
    from organization.actors import PersonActor
    from organization.models import ProfessionalGroup, Unit

label_actions({
    "write_group_note": gettext_lazy("Notat skrevet"), "take_back_group_note": gettext_lazy("Eldre versjon av notatet hentet tilbake"),
    "note_became_initiative": gettext_lazy("Notat ble til tiltak"), "set_note_aside": gettext_lazy("Notat ikke tatt videre"),
    "take_note_up": gettext_lazy("Notat tatt opp igjen"),
})  # fmt: skip
LABEL = gettext_lazy("Notat")
_LONGEST_TITLE = 200
_LONGEST_NEED = 10_000


# --- Writing ------------------------------------------------------------------------------------
def standing(meeting: GroupMeeting, key: UUID) -> GroupNote:
    """Return the note as it stands; version 0, unsaved, where nothing is written under the key."""
    row: GroupNote | None = meeting.notes.select_related("written_by", "point").filter(key=key).first()
    return row or GroupNote(meeting=meeting, key=key, version=0)


@transaction.atomic
def save_note(meeting: GroupMeeting, note: GroupNote, typed: Typed, *, by: Actor, now: datetime) -> GroupNote:
    """Save what was typed as the next version of the note; the same text again, and nothing at all, is no version.

    :param note: what ``standing`` returned; where nothing is saved yet, with its point.
    :raises Http404: ``by`` does not see the meeting; TransitionDenied: ``by`` is not of the group.
    :raises Refused: the meeting is cancelled or finished, or the note became an initiative and is emptied.
    :raises StaleText: somebody else saved the note since ``typed.version``.
    """
    row = _locked(meeting, note, by)
    if typed.text == row.text:
        return row
    refuse_stale(str(LABEL), typed, row)
    _refuse_emptied(row, typed.text)
    with record("write_group_note", actor=by):
        return put(row, typed, partial(store_next, by=by, now=now))


@transaction.atomic
def keep_standing(
    meeting: GroupMeeting, note: GroupNote, typed: Typed, *, by: Actor, now: datetime
) -> GroupNote:
    """Let the text that stands go on standing, and keep what was typed as a version before it.

    :raises Http404: ``by`` does not see the meeting; TransitionDenied: ``by`` is not of the group.
    :raises Refused: the meeting is cancelled or finished.
    :raises StaleText: the note was saved once more since the two texts were shown.
    """
    row = _locked(meeting, note, by)
    refuse_stale(str(LABEL), typed, row)
    if typed.text == row.text or not row.version:
        return row
    with record("write_group_note", actor=by):
        return put_before(row, typed, partial(store_next, by=by, now=now))


@transaction.atomic
def take_back(
    meeting: GroupMeeting, note: GroupNote, number: int, *, version: int, by: Actor, now: datetime
) -> GroupNote:
    """Let the text of an earlier version stand again, as a new version.

    :raises Http404: there is no such version, or ``by`` does not see the meeting.
    :raises TransitionDenied: ``by`` is not of the group.
    :raises Refused: the meeting is cancelled or finished, or the note became an initiative and is emptied.
    :raises StaleText: somebody else saved the note since ``version``.
    """
    row = _locked(meeting, note, by)
    earlier = version_of(row, number)
    if earlier is None:
        raise Http404
    refuse_stale(str(LABEL), Typed(text=earlier.text, version=version), row)
    if earlier.text == row.text:
        return row
    _refuse_emptied(row, earlier.text)
    with record("take_back_group_note", actor=by):
        return put_back(row, earlier, partial(store_next, by=by, now=now))


def _locked(meeting: GroupMeeting, note: GroupNote, by: Actor) -> GroupNote:
    """Return the note as it now stands, with its meeting locked and open."""
    current = locked_for_group(meeting, by)
    refuse_unless_open(current)
    row = standing(current, note.key)
    if row.pk is None:
        row.point = _point_of(current, note.point)
    return row


def _refuse_emptied(row: GroupNote, text: str) -> None:
    """Stop that nothing is left of a note that an initiative was made of.

    :raises Refused: it became an initiative, and ``text`` is empty.
    """
    if not text.strip() and GroupOutcome.objects.filter(note=row, initiative__isnull=False).exists():
        raise Refused(_("Notatet er blitt til et tiltak, og kan ikke tømmes."))


def _point_of(meeting: GroupMeeting, point: GroupPoint | None) -> GroupPoint | None:
    return meeting.points.filter(pk=point.pk).first() if point is not None else None


# --- What comes of them -------------------------------------------------------------------------
@transaction.atomic
def make_initiative(
    meeting: GroupMeeting, notes: Collection[GroupNote], *, by: PersonActor, now: datetime
) -> Initiative:
    """Begin a draft on behalf of the group with the text of one note or several; sent twice it is one draft.

    :raises Http404: ``by`` does not see the meeting; TransitionDenied: ``by`` is not responsible for the group.
    :raises Refused: a note became another initiative, was set aside or is empty; they are too long; or there is no unit.
    """
    current = locked_for_responsible(meeting, by)
    rows = list(
        current.notes.filter(pk__in=[note.pk for note in notes]).select_related("outcome__initiative")
    )
    made = {initiative_of(row) for row in rows}
    if len(made) == 1 and (same := made.pop()) is not None:
        return same
    need = _need_of(rows)
    unit = unit_for(by, current.group, timezone.localdate(now))
    if unit is None:
        raise Refused(
            _("Du har ingen rolle i en kommune som gruppen kan melde inn tiltak i. Be administratoren om en.")
        )
    draft = create_initiative(
        title=Truncator(rows[0].first_line).chars(_LONGEST_TITLE), unit=unit, professional_group=current.group, need=need,
        by=by, now=now,
    )  # fmt: skip
    with record("note_became_initiative", actor=by):
        GroupOutcome.objects.bulk_create(
            GroupOutcome(note=row, initiative=draft, decided_by=by.person, changed_at=now) for row in rows
        )
    return draft


def outcome_of(note: GroupNote) -> GroupOutcome | None:
    found: GroupOutcome | None = getattr(note, "outcome", None)
    return found


def initiative_of(note: GroupNote) -> Initiative | None:
    outcome = outcome_of(note)
    return outcome.initiative if outcome is not None else None


def _need_of(rows: list[GroupNote]) -> str:
    """Return the text of the notes together.

    :raises Refused: one of them cannot become an initiative, or they are too long for one.
    """
    if not rows:
        raise Refused(_("Velg minst ett notat."))
    for row in rows:
        if initiative_of(row) is not None:
            raise Refused(_("«%(note)s» er alt blitt til et tiltak.") % {"note": _short(row)})
        if outcome_of(row) is not None:
            raise Refused(
                _("«%(note)s» er ikke tatt videre. Ta det opp igjen først.") % {"note": _short(row)}
            )
        if not row.first_line:
            raise Refused(_("Notatet er tomt. Skriv hva det gjelder først."))
    need = "\n\n".join(row.text.strip() for row in rows)
    if len(need) > _LONGEST_NEED:
        raise Refused(_("Notatene er for lange til ett tiltak. Velg færre av dem."))
    return need


def _short(row: GroupNote) -> str:
    return Truncator(row.first_line).chars(60)


def unit_for(actor: PersonActor, group: ProfessionalGroup, day: date) -> Unit | None:
    """Return where an initiative of the group begins: the actor's own unit, first where the group belongs.

    The unit can be changed in the draft.
    """
    own = [
        grant.unit_id
        for grant in sorted(actor.grants, key=lambda one: one.municipality_id != group.municipality_id)
    ]
    rows = ground_of(actor, day).units.filter(Q(pk__in=own) | Q(pk=group.municipality_id))
    open_to = {
        unit.pk: unit
        for unit in rows.select_related("municipality")
        if unit.municipality is not None and may_raise_for(actor, group, unit.municipality)
    }
    return next((open_to[pk] for pk in [*own, group.municipality_id] if pk in open_to), None)


@transaction.atomic
def set_aside(meeting: GroupMeeting, note: GroupNote, *, reason: str, by: Actor, now: datetime) -> None:
    """Say that nothing comes of a note, and why.

    :raises Http404: ``by`` does not see the meeting; TransitionDenied: ``by`` is not responsible for the group.
    :raises Refused: it became an initiative.
    """
    row = _row(locked_for_responsible(meeting, by), note)
    if initiative_of(row) is not None:
        raise Refused(_("«%(note)s» er alt blitt til et tiltak.") % {"note": _short(row)})
    outcome = outcome_of(row) or GroupOutcome(note=row)
    outcome.reason, outcome.decided_by_id = reason.strip(), cast("int", by.person_id)
    outcome.stamp(now)
    with record("set_note_aside", actor=by, reason=outcome.reason):
        outcome.save()


@transaction.atomic
def take_up(meeting: GroupMeeting, note: GroupNote, *, by: Actor) -> None:
    """Undo ``set_aside``; a note that is not set aside stays as it is.

    :raises Http404: ``by`` does not see the meeting; TransitionDenied: ``by`` is not responsible for the group.
    """
    row = _row(locked_for_responsible(meeting, by), note)
    with record("take_note_up", actor=by):
        GroupOutcome.objects.filter(note=row, initiative=None).delete()


def _row(meeting: GroupMeeting, note: GroupNote) -> GroupNote:
    row: GroupNote = meeting.notes.select_related("outcome__initiative").get(pk=note.pk)
    return row
