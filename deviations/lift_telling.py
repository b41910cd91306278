"""Who is told what about lifts.  No notice names who raised one, or leads to the deviation behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from core.formats import short_date
from core.notices import Draft
from deviations.models import LiftMessage, LiftReply
from organization.models import RoleAssignment
from organization.roles import PERMISSIONS, Permission, Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from core.actors import Actor
    from deviations.models import Lift, LiftOffer
    from organization.models import Person


def _tell(
    people: Iterable[Person], lift: Lift, *, event: str, by: Actor, title: str, body: str = ""
) -> Iterator[Draft]:
    """Yield a notice for each of ``people`` once, apart from whoever did it."""
    for person in {one.pk: one for one in people if one.pk != by.person_id}.values():
        yield Draft(
            person=person, event=event, title=title % {"title": lift.title}, body=body, url=lift.get_absolute_url()
        )  # fmt: skip


def problem_is_raised(lift: Lift, /, *, by: Actor) -> Iterator[Draft]:
    """Those in the role, the sector or the group it was raised to.  All leaders find it among their tasks."""
    if not lift.role and lift.sector is None and lift.group is None:
        return
    yield from _tell(_asked(lift), lift, event="lift_raised", by=by, title=_("Kan du løse dette? %(title)s"))


def _asked(lift: Lift) -> list[Person]:
    if lift.group is not None:
        return [lift.group.responsible, *lift.group.members.order_by("pk")]
    leading = [role for role in Role if Permission.HANDLE_DEVIATIONS in PERMISSIONS[role]]
    held = RoleAssignment.objects.in_force(timezone.localdate(lift.raised_at)).filter(
        role__in=[lift.role] if lift.role else leading,
        unit__municipality_id=lift.municipality_id,
        person__is_active=True,
    )
    if lift.sector is not None:
        held = held.filter(unit__path__startswith=lift.sector.path)
    return [row.person for row in held.select_related("person").order_by("pk")]


def somebody_can_solve(lift: Lift, offer: LiftOffer, /, *, by: Actor) -> Iterator[Draft]:
    words = {"unit": offer.unit, "date": short_date(offer.due_on)}
    body = _("%(unit)s kan ha det på plass %(date)s. Ta imot tilbudet, eller spør om mer.") % words
    yield from _tell(
        [lift.raised_by], lift, event=f"lift_offer_{offer.pk}", by=by, title=_("Noen kan løse «%(title)s»"), body=body
    )  # fmt: skip


def offer_is_withdrawn(lift: Lift, offer: LiftOffer, /, *, by: Actor) -> Iterator[Draft]:
    title = _("Tilbudet om å løse «%(title)s» er trukket")
    yield from _tell(
        [lift.raised_by], lift, event=f"lift_offer_gone_{offer.pk}", by=by, title=title, body=str(offer.unit)
    )


def somebody_has_written(lift: Lift, message: LiftMessage, /, *, by: Actor) -> Iterator[Draft]:
    """A question goes to who raised it; an answer to those who have asked or offered."""
    event = f"lift_message_{message.pk}"
    if not message.from_raiser:
        yield from _tell([lift.raised_by], lift, event=event, by=by, title=_("Spørsmål om «%(title)s»"))
        return
    asked = [row.author for row in lift.messages.filter(from_raiser=False).select_related("author")]
    yield from _tell([*asked, *_offering(lift)], lift, event=event, by=by, title=_("Svar om «%(title)s»"))


def offer_is_accepted(lift: Lift, /, *, by: Actor, now: datetime) -> Iterator[Draft]:
    """The one whose offer it was has a task now; the others who offered need not wait."""
    chosen = lift.offers.filter(accepted_at=now).select_related("person", "owner").get()
    event = f"lift_accepted@{now:%Y%m%d%H%M%S}"
    yield from _tell(
        [chosen.person, chosen.owner], lift, event=event, by=by, title=_("Tilbudet ditt er tatt imot: %(title)s"),
        body=_("Tiltaket ligger hos dere, med frist %(date)s.") % {"date": short_date(chosen.due_on)},
    )  # fmt: skip
    others = [row.person for row in lift.offers.standing().select_related("person")]
    yield from _tell(others, lift, event=event, by=by, title=_("En annen løser «%(title)s»"))
    yield from _tell(_having_the_same(lift), lift, event=event, by=by, title=_("Noen løser «%(title)s»"))


def help_is_asked_again(lift: Lift, /, *, by: Actor, now: datetime) -> Iterator[Draft]:
    people = [*_offering(lift), *_having_the_same(lift)]
    event = f"lift_again@{now:%Y%m%d%H%M%S}"
    yield from _tell(people, lift, event=event, by=by, title=_("«%(title)s» venter på løsning igjen"))


def problem_has_ended(lift: Lift, /, *, by: Actor, now: datetime) -> Iterator[Draft]:
    people = [lift.raised_by, *_offering(lift), *_having_the_same(lift)]
    if lift.action is not None:
        people.append(lift.action.owner)
    title = _("«%(title)s»: {state}").format(state=str(lift.get_status_display()).lower())
    event = f"lift_ended@{now:%Y%m%d%H%M%S}"
    yield from _tell(people, lift, event=event, by=by, title=title, body=lift.solution)


def _offering(lift: Lift) -> list[Person]:
    return [row.person for row in lift.offers.filter(withdrawn_at=None).select_related("person")]


def _having_the_same(lift: Lift) -> list[Person]:
    rows = lift.replies.filter(kind=LiftReply.Kind.SAME).select_related("person")
    return [row.person for row in rows]
