"""Make the annual cycle of each council in the demo: the periods of the meetings it has held, and those to come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format

from core.workdays import add_working_days
from governance.cycle.operations import add_period
from governance.models import BudgetTrack, CyclePeriod, Initiative, Meeting, MeetingStatus, Status
from organization.actors import people_in_roles
from organization.roles import Role

if TYPE_CHECKING:
    from datetime import date

    from demo.seeding.player import Player
    from organization.models import Unit

_MADE_ON, _CLOCK = -20, "09:40"
_BEFORE = {"submission_on": -25, "hearing_on": -15, "papers_on": -6}  # working days before the meeting
_COMING, _BETWEEN = 6, 30
# What the meetings of a month feed, as the cycle of Kristiansand 2025 has it.
_TRACKS = {
    4: BudgetTrack.FIRST_TERTIAL,
    5: BudgetTrack.FIRST_TERTIAL,
    9: BudgetTrack.SECOND_TERTIAL,
    10: BudgetTrack.ECONOMIC_PLAN,
}


def seed_cycle(player: Player) -> None:
    for key in dict.fromkeys(meeting.council for meeting in player.content.meetings):
        _seed_council(player.index.units[key], player)


def _seed_council(municipality: Unit, player: Player) -> None:
    index = player.index
    by_role = people_in_roles([Role.SECRETARIAT], municipality_id=municipality.pk, day=index.day(_MADE_ON))
    by = player.actor(by_role[0].username, index.day(_MADE_ON))
    for day in _days_of(municipality, index.day(0)):
        days = {name: add_working_days(day, before) for name, before in _BEFORE.items()}
        period = CyclePeriod(
            municipality=municipality, name=date_format(day, "F").capitalize(), meeting_on=day,
            budget_track=_TRACKS.get(day.month, BudgetTrack.OUTSIDE), **days,
        )  # fmt: skip
        add_period(period, by=by, now=index.at(_MADE_ON, _CLOCK))
    _aim_those_in_work(municipality, index.day(0))


def _aim_those_in_work(municipality: Unit, today: date) -> None:
    """Let the cases under preparation, sent in before there was a cycle, aim at the first meeting that is not set up."""
    period = CyclePeriod.objects.open_for(municipality.pk, today).filter(meeting=None).first()
    in_work = Initiative.objects.filter(municipality=municipality, status=Status.UNDER_PREPARATION)
    in_work.filter(cycle_period=None).update(cycle_period=period)


def _days_of(municipality: Unit, today: date) -> list[date]:
    """Return the days of the meetings that were set up, and of so many after them at an even distance."""
    meetings = Meeting.objects.filter(municipality=municipality).exclude(status=MeetingStatus.CANCELLED)
    days = sorted({timezone.localdate(meeting.starts_at) for meeting in meetings})
    latest = max([today, *days])
    return days + [add_working_days(latest, _BETWEEN * number) for number in range(1, _COMING + 1)]
