"""Who is told what about the follow-up of a decision: its number and open title, never its words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core.formats import short_date
from core.notices import Draft
from organization.actors import people_with
from organization.roles import Permission

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from core.actors import Actor
    from governance.models import FollowUp
    from organization.models import Person


def called(row: FollowUp) -> str:
    """Return the decision by its number and the title that is open to all."""
    title = row.decision.open_title
    return f"{row.decision.number}: {title}" if title else row.decision.number


def keepers_of(row: FollowUp) -> list[Person]:
    """Return the secretariat that keeps the decision."""
    return people_with(Permission.ARRANGE_MEETINGS, municipality_id=row.decision.municipality_id)


def it_is_given(row: FollowUp, /, *, by: Actor) -> Iterator[Draft]:
    """Tell who is to carry it out."""
    yield from _tell(
        [row.responsible], row, "follow_up_given", _("Følg opp vedtak %(called)s"), _deadline(row), by=by
    )


def it_is_taken(row: FollowUp, /, *, by: Actor, before: Person | None) -> Iterator[Draft]:
    """Tell who is to carry it out no longer."""
    if before is not None and before.pk != row.responsible_id:
        yield from _tell(
            [before], row, "follow_up_taken", _("Du følger ikke lenger opp vedtak %(called)s"), by=by
        )


def _deadline(row: FollowUp) -> str:
    return _("Frist %(date)s.") % {"date": short_date(row.due_on)} if row.due_on else ""


def it_is_done(row: FollowUp, /, *, by: Actor, now: datetime) -> Iterator[Draft]:
    yield from _tell(_concerned(row), row, "follow_up_done", _("Utført: vedtak %(called)s"), by=by)


def it_has_lapsed(row: FollowUp, /, *, by: Actor, now: datetime) -> Iterator[Draft]:
    yield from _tell(_concerned(row), row, "follow_up_lapsed", _("Bortfalt: vedtak %(called)s"), by=by)


def it_is_open_again(row: FollowUp, /, *, by: Actor, now: datetime) -> Iterator[Draft]:
    yield from _tell(
        _concerned(row),
        row,
        "follow_up_reopened",
        _("Skal følges opp på nytt: vedtak %(called)s"),
        _deadline(row),
        by=by,
    )


def _concerned(row: FollowUp) -> list[Person | None]:
    return [row.responsible, *keepers_of(row)]


def _tell(
    people: Iterable[Person | None], row: FollowUp, event: str, title: str, body: str = "", *, by: Actor
) -> Iterator[Draft]:
    """Yield a notice per person but the one who did it."""
    for person in people:
        if person is not None and person.pk != by.person_id:
            yield Draft(
                person=person, event=f"{event}@{row.changed_at:%Y%m%d%H%M%S%f}", title=title % {"called": called(row)},
                body=body, url=row.get_absolute_url(),
            )  # fmt: skip
