"""Papers of other apps before the council: laid before it, placed on an agenda, taken back, and settled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Refused
from core.history import label_actions, record
from core.seeing import lock
from core.workflow import TransitionBlocked, TransitionDenied
from governance import policies
from governance.matters import kind_of
from governance.models import AgendaItem, Decision, Initiative, Matter, Meeting, Outcome
from organization.operations import next_number

if TYPE_CHECKING:
    from datetime import datetime

    from core.actors import Actor

label_actions({"place_matter": gettext_lazy("Satt på sakslista"), "take_off_matter": gettext_lazy("Tatt av sakslista")})  # fmt: skip


def lay_before(  # noqa: PLR0913 - the fields of one row, keyword-only
    initiative: Initiative, *, kind: str, subject_id: int, title: str, recommendation: str, proposed: str, by: Actor,
    now: datetime,
) -> Matter:  # fmt: skip
    """Lay a paper before the council.  The operation that calls this has checked its own policy."""
    return Matter.objects.create(
        municipality_id=initiative.municipality_id, initiative=initiative, kind=kind, subject_id=subject_id, title=title[:200],
        recommendation=recommendation, proposed=proposed, sent_by_id=by.person_id, sent_at=now, changed_at=now,
    )  # fmt: skip


def take_back(kind: str, subject_id: int, *, now: datetime) -> None:
    """Take a paper back that stands on no agenda.

    :raises Refused: it stands on one.
    """
    matter = Matter.objects.select_for_update().get(kind=kind, subject_id=subject_id, closed_at=None)
    item = _standing(matter)
    if item is not None:
        raise Refused(
            _("Saken står på sakslista for møte %(number)s. Be sekretariatet ta den av først.")
            % {"number": item.meeting.number}
        )
    _close(matter, now)


def _standing(matter: Matter) -> AgendaItem | None:
    """Return where the matter waits for its decision."""
    rows = AgendaItem.objects.on_agenda().filter(matter=matter, decision=None)
    item: AgendaItem | None = rows.select_related("meeting").first()
    return item


def _close(matter: Matter, now: datetime) -> None:
    matter.closed_at = now
    matter.stamp(now)
    matter.save(update_fields=["closed_at", "changed_at"])


@transaction.atomic
def place(matter: Matter, *, meeting: Meeting, by: Actor, now: datetime) -> AgendaItem:
    """Put a matter last on the agenda of a meeting that still takes cases.

    :raises Http404: ``by`` does not see it.
    :raises TransitionDenied: ``by`` does not arrange meetings there.
    :raises TransitionBlocked: the meeting takes no more cases, or the matter does not wait.
    """
    if not policies.may_arrange_in(by, matter.municipality_id):
        raise TransitionDenied
    held = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    if not held.takes_cases or held.municipality_id != matter.municipality_id:
        raise TransitionBlocked([_("Møtet tar ikke imot flere saker. Velg et annet møte.")])
    current = lock(matter, by)
    if current.closed_at is not None or _standing(current) is not None:
        raise TransitionBlocked([_("Saken er trukket, eller står alt på en saksliste.")])
    year = timezone.localdate(held.starts_at).year
    number = f"DR {next_number(held.municipality_id, 'council_case', year)}/{year % 100:02d}"
    last = held.items.aggregate(last=Max("position"))["last"] or 0
    with record("place_matter", actor=by):
        item = AgendaItem.objects.create(
            meeting=held, initiative_id=current.initiative_id, matter=current, position=last + 1, title=current.title,
            case_number=number, recommendation=current.recommendation, changed_at=now,
        )  # fmt: skip
        if held.papers_are_out:
            kind_of(current).publish(current.subject_id, now)
    return item


@transaction.atomic
def take_off(matter: Matter, *, reason: str, by: Actor, now: datetime) -> None:
    """Take a matter off the agenda it stands on, until the meeting is opened.

    :raises TransitionDenied: ``by`` does not arrange meetings there.
    :raises TransitionBlocked: it stands on no agenda, or the meeting has begun.
    """
    if not policies.may_arrange_in(by, matter.municipality_id):
        raise TransitionDenied
    item = _standing(matter)
    if item is None:
        raise TransitionBlocked([_("Saken står ikke på noen saksliste.")])
    held = Meeting.objects.select_for_update(of=("self",)).get(pk=item.meeting_id)
    if not held.takes_cases:
        raise TransitionBlocked([
            _("Møtet er begynt. Nå avgjør rådet saken, for eksempel ved å utsette den.")
        ])  # fmt: skip
    with record("take_off_matter", actor=by, reason=reason):
        remove(item, now=now)


def remove(item: AgendaItem, *, now: datetime) -> None:
    item.removed_at = now
    item.stamp(now)
    item.save(update_fields=["removed_at", "changed_at"])


def settle(matter: Matter, decision: Decision, *, by: Actor, now: datetime) -> None:
    """Tell the app what was decided; what is postponed goes on waiting."""
    if decision.outcome == Outcome.POSTPONE:
        return
    kind_of(matter).settle(matter, decision, by, now)
    _close(Matter.objects.select_for_update().get(pk=matter.pk), now)
