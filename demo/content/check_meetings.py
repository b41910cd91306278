"""Check the meetings against the stories: agenda, attendance, conflicts of interest and votes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo.content.build import ContentError
from demo.content.tree import holders

if TYPE_CHECKING:
    from demo.content.collection import Content
    from demo.content.model import AgendaItem, Initiative, Meeting, Step

SEATS = ("council_leader", "council_deputy", "council_member")


def check_meetings(content: Content) -> None:
    """Check all meetings.

    :raises ContentError: at the first mistake.
    """
    initiatives = {initiative.key: initiative for initiative in content.initiatives}
    for meeting in content.meetings:
        where = f"meetings.yaml: {meeting.key}"
        _people(content, meeting, where)
        _days(meeting, where)
        _agenda(meeting, initiatives, where)
        if meeting.state == "minutes_approved":
            _attendance(content, meeting, where)
            for item in meeting.agenda:
                if item.kind == "decision":
                    _decision(meeting, item, initiatives[item.initiative], f"{where}.{item.initiative}")


def _demand(holds_true: object, where: str, text: str) -> None:
    """Raise unless something holds."""
    if not holds_true:
        raise ContentError(f"{where}: {text}")


def _people(content: Content, meeting: Meeting, where: str) -> None:
    """Check that everybody who is named exists."""
    named = {meeting.chair, meeting.secretary, meeting.minutes_approved_by, *meeting.others_present}
    for attendance in meeting.attendance:
        named |= {attendance.person, attendance.substitute}
    for item in meeting.agenda:
        named |= {conflict.person for conflict in item.conflicts}
        named |= {conflict.substitute for conflict in item.conflicts}
        named |= {proposal.by for proposal in item.proposals}
    unknown = named - {""} - set(content.people_by_username)
    _demand(not unknown, where, f"unknown people {sorted(unknown)}")
    councils = {council.municipality for council in content.councils}
    _demand(meeting.council in councils, where, f"unknown council {meeting.council}")


def _days(meeting: Meeting, where: str) -> None:
    """Check the order of the days of a meeting, and that it is as far as its days say."""
    days = [meeting.planned_day, meeting.submission_day, meeting.summons_day, meeting.day]
    held = meeting.minutes_approved_day is not None
    days += [meeting.minutes_approved_day] if meeting.minutes_approved_day is not None else []
    _demand(days == sorted(set(days)), where, "the days are not in order")
    _demand(meeting.time < meeting.end_time, where, "the meeting ends before it starts")
    _demand(held == (meeting.state == "minutes_approved"), where, "approval of the minutes")
    _demand(held == (days[-1] < 0), where, "a past meeting has minutes, a coming one has not")
    if not held:
        _demand((meeting.summons_day < 0) == (meeting.state == "summoned"), where, "the summons")


def _agenda(meeting: Meeting, initiatives: dict[str, Initiative], where: str) -> None:
    """Check that the agenda and the stories agree on which cases were there."""
    unknown = {item.initiative for item in meeting.agenda} - set(initiatives) - {""}
    _demand(not unknown, where, f"unknown initiatives {sorted(unknown)}")
    listed = [item.initiative for item in meeting.agenda if item.kind == "decision"]
    told = {key for key, initiative in initiatives.items() if _steps(initiative, "put_on_agenda", meeting)}
    _demand(set(listed) == told, where, f"agenda {sorted(listed)} and stories {sorted(told)} differ")
    for key in listed:
        _demand(initiatives[key].municipality == meeting.council, where, f"{key} belongs to another council")
        put = _steps(initiatives[key], "put_on_agenda", meeting)[0]
        before = meeting.planned_day < put.day < min(meeting.submission_day, meeting.summons_day)
        _demand(before, where, f"{key} was put on the agenda too early or too late")


def _steps(initiative: Initiative, name: str, meeting: Meeting) -> list[Step]:
    """Return the steps of one kind that an initiative has at a meeting."""
    return [step for step in initiative.story if step.do == name and step.data.get("meeting") == meeting.key]


def _attendance(content: Content, meeting: Meeting, where: str) -> None:
    """Check that every seat is accounted for, by its holder on that day."""
    seats = {
        person.username
        for name in SEATS
        for person, _ in holders(content.people, name, meeting.council, meeting.day)
    }
    listed = {attendance.person for attendance in meeting.attendance}
    _demand(seats == listed, where, f"seats {sorted(seats)} and attendance {sorted(listed)} differ")
    substitutes = {
        person.username
        for person, _ in holders(content.people, "council_substitute", meeting.council, meeting.day)
    }
    for attendance in meeting.attendance:
        came = {attendance.substitute} - {""}
        _demand(came <= substitutes, where, f"{attendance.substitute} is no substitute")
        _demand(not (attendance.present and came), where, f"{attendance.person} is both there and replaced")
    _demand(meeting.minutes, where, "minutes are missing")


def _decision(meeting: Meeting, item: AgendaItem, initiative: Initiative, where: str) -> None:
    """Check that one decision was taken in the meeting by those who could vote."""
    steps = _steps(initiative, "decide", meeting)
    _demand(len(steps) == 1, where, "one decision is needed in the story")
    step = steps[0]
    inside = step.day == meeting.day and meeting.time < step.time < meeting.end_time
    _demand(inside, where, "the decision was not taken during the meeting")
    voters = {attendance.person for attendance in meeting.attendance if attendance.present}
    voters |= {attendance.substitute for attendance in meeting.attendance if attendance.substitute}
    for conflict in item.conflicts:
        _demand(conflict.person in voters, where, f"{conflict.person} is not there")
        if conflict.disqualified:
            voters.discard(conflict.person)
            voters |= {conflict.substitute} - {""}
    _demand(step.by in voters, where, f"{step.by} cannot lead the case")
    votes = step.data["votes_for"] + step.data["votes_against"] + step.data["blank"]
    _demand(votes == len(voters), where, f"{votes} votes by {len(voters)} who can vote")
