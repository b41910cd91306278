"""The minutes: what the secretary writes until they are approved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from core import notices
from core.errors import StaleVersion
from core.history import record
from core.workflow import TransitionBlocked, TransitionDenied
from governance import policies, telling_meeting
from governance.filing import file_addendum
from governance.models import Meeting, MinutesAddendum
from organization.actors import as_person

if TYPE_CHECKING:
    from datetime import datetime

    from core.actors import Actor
    from governance.models import AgendaItem


@transaction.atomic
def write_minutes(
    meeting: Meeting,
    *,
    notes: str,
    items: dict[int, dict[str, str]],
    version: int | None,
    by: Actor,
    now: datetime,
) -> Meeting:
    """Save what the secretary writes in the minutes until they are approved.

    :raises TransitionDenied: ``by`` does not keep the minutes.
    :raises TransitionBlocked: they are approved and locked.
    :raises StaleVersion: somebody else wrote in the meantime.
    """
    if not policies.may_arrange_meeting(by, meeting):
        raise TransitionDenied
    locked: Meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    if locked.minutes_are_locked:
        raise TransitionBlocked([_("Protokollen er godkjent og låst.")])
    rows = {row.pk: row for row in locked.items.on_agenda().filter(pk__in=items)}
    if version is not None and locked.version != version:
        raise _stale(locked, rows, notes=notes, items=items)
    with record("write_item", actor=by):
        for pk, row in rows.items():
            write_item(row, now=now, **items[pk])
        locked.notes = notes
        locked.version += 1
        locked.stamp(now)
        locked.save(update_fields=["notes", "version", "changed_at"])
    return locked


def write_item(
    item: AgendaItem, *, now: datetime, discussion: str | None = None, impartiality: str | None = None
) -> None:
    """Save the texts of one case; ``None`` leaves a text as it is."""
    before = (item.discussion, item.impartiality)
    item.discussion = item.discussion if discussion is None else discussion
    item.impartiality = item.impartiality if impartiality is None else impartiality
    if (item.discussion, item.impartiality) == before:
        return
    item.stamp(now)
    item.save(update_fields=["discussion", "impartiality", "changed_at"])


def _stale(
    meeting: Meeting, rows: dict[int, AgendaItem], *, notes: str, items: dict[int, dict[str, str]]
) -> StaleVersion:
    """Return the refusal with every text that differs: what was typed and what stands now."""
    pairs = [(str(_("Merknader")), notes, meeting.notes)]
    for pk, row in rows.items():
        for field, words in (("discussion", _("drøfting")), ("impartiality", _("habilitet"))):
            pairs.append(
                (f"{row.case_number or row.title}: {words}", items[pk].get(field, ""), getattr(row, field))
            )
    differing = [(label, mine, theirs) for label, mine, theirs in pairs if mine != theirs]
    return StaleVersion(
        mine={label: mine for label, mine, _theirs in differing},
        theirs={label: theirs for label, _mine, theirs in differing},
    )


@transaction.atomic
def add_addendum(
    meeting: Meeting, *, text: str, by: Actor, now: datetime, item: AgendaItem | None = None
) -> MinutesAddendum:
    """Add a correction to minutes that are locked, of the meeting or of one case; the same text twice is one.

    :raises TransitionDenied: ``by`` does not keep the minutes.
    :raises TransitionBlocked: they are not approved yet, and can be corrected themselves.
    """
    if not policies.may_arrange_meeting(by, meeting):
        raise TransitionDenied
    held: Meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    if not held.minutes_are_locked:
        raise TransitionBlocked([_("Protokollen er ikke godkjent ennå. Rett den i selve protokollen.")])
    if same := held.addenda.filter(text=text, item=item).first():
        return same
    number = (held.addenda.aggregate(last=Max("number"))["last"] or 0) + 1
    with record("add_addendum", actor=by):
        added = MinutesAddendum.objects.create(
            meeting=held, item=item, number=number, text=text, written_by_id=as_person(by).person_id, written_at=now,
            changed_at=now,
        )  # fmt: skip
    file_addendum(held, added, now=now)
    notices.post(telling_meeting.minutes_have_addendum(held, added), about=held, now=now)
    return added
