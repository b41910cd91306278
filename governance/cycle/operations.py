"""Writes to the annual cycle: its periods, the meeting of each, and what a case aims at."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Refused
from core.history import label_actions, record
from core.workdays import add_working_days, is_working_day
from core.workflow import TransitionBlocked, TransitionDenied
from governance import policies
from governance.cycle.rules import aims_of, lateness_is_explained, meeting_words
from governance.models import CyclePeriod, Meeting, MeetingStatus
from organization.models import Unit
from organization.operations import Edit, create, save

if TYPE_CHECKING:
    from collections.abc import Container
    from datetime import date, datetime

    from core.actors import Actor
    from governance.models import Initiative

label_actions({
    "add_period": gettext_lazy("Periode lagt til"),
    "change_period": gettext_lazy("Periode endret"),
    "remove_period": gettext_lazy("Periode fjernet"),
    "make_cycle": gettext_lazy("Laget fra året før"),
})  # fmt: skip


# --- What a case aims at (called by the workflow inside its own record) -------------------------
def aim(
    initiative: Initiative, period: CyclePeriod | None, *, category: str, reason: str, now: datetime
) -> None:
    """Let a case that is sent in aim at ``period``, or at the first it is in time for.

    :raises TransitionBlocked: the papers of that meeting are due, or the case is late without saying why.
    """
    aims = aims_of(initiative, timezone.localdate(now))
    if period is not None and period not in aims.choices:
        raise TransitionBlocked([
            _("Det er for sent å melde inn til %(meeting)s. Velg et senere møte.") % {"meeting": meeting_words(period)}
        ])  # fmt: skip
    chosen = period or aims.next
    if lacking := lateness_is_explained(aims, chosen, category=category, reason=reason):
        raise TransitionBlocked([lacking])
    held = CyclePeriod.objects.select_for_update(no_key=True, of=("self",))
    if chosen is not None and not held.filter(pk=chosen.pk).exists():
        raise TransitionBlocked([_("Perioden er fjernet imens. Velg et annet møte.")])
    is_late = chosen in aims.late
    initiative.cycle_period = chosen
    initiative.late_category = category if is_late else ""
    initiative.late_reason = reason.strip() if is_late else ""


# --- Periods -----------------------------------------------------------------------------------
def _require(by: Actor, municipality_id: int) -> None:
    if not policies.may_arrange_in(by, municipality_id):
        raise TransitionDenied


@transaction.atomic
def add_period(period: CyclePeriod, *, by: Actor, now: datetime) -> CyclePeriod:
    """Put a period into the cycle, with the meeting of that day where one is set up.

    :raises TransitionDenied: ``by`` does not arrange meetings there.
    :raises ValidationError: a day is not a working day, or the days are not in order.
    """
    _require(by, period.municipality_id)
    period.full_clean()
    period.meeting = _meeting_on(period)
    return create(period, action="add_period", by=by, now=now)


def _meeting_on(period: CyclePeriod) -> Meeting | None:
    rows = Meeting.objects.filter(municipality_id=period.municipality_id, cycle_period=None)
    found: Meeting | None = (
        rows.exclude(status=MeetingStatus.CANCELLED)
        .filter(starts_at__date=period.meeting_on)
        .order_by("starts_at", "pk")
        .first()
    )
    return found


@transaction.atomic
def change_period(edit: Edit[CyclePeriod], *, by: Actor, now: datetime, reason: str = "") -> CyclePeriod:
    """Save new days of a period.

    :raises TransitionDenied: ``by`` does not arrange meetings there.
    :raises StaleVersion: somebody else saved in the meantime.
    """
    _require(by, edit.row.municipality_id)
    if not edit.fields:
        return edit.row
    edit.row.full_clean()
    edit.row.version += 1
    fields = (*edit.fields, "version")
    if edit.row.meeting_id is None and (meeting := _meeting_on(edit.row)) is not None:
        edit.row.meeting, fields = meeting, (*fields, "meeting")
    whole = Edit(edit.row, fields, edit.seen)
    return save(whole, action="change_period", by=by, now=now, reason=reason)


@transaction.atomic
def remove_period(period: CyclePeriod, *, by: Actor, now: datetime) -> None:
    """Take a period out of the cycle.

    :raises TransitionDenied: ``by`` does not arrange meetings there.
    :raises Refused: cases aim at it, or its meeting is set up.
    """
    _require(by, period.municipality_id)
    locked = CyclePeriod.objects.select_for_update(of=("self",)).filter(pk=period.pk).first()
    if locked is None:
        return  # somebody else was first
    if locked.initiatives.exists():
        raise Refused(_("Tiltak er meldt inn til perioden. Flytt datoene i stedet for å fjerne den."))
    if locked.meeting_id is not None:
        raise Refused(_("Møtet i perioden er satt opp. Avlys møtet først."))
    with record("remove_period", actor=by):
        locked.stamp(now)
        locked.save(update_fields=["changed_at"])
        locked.delete()


@transaction.atomic
def make_year(municipality: Unit, *, year: int, by: Actor, now: datetime) -> list[CyclePeriod]:
    """Make the cycle of a year from that of the year before, every day of it a working day.

    :raises TransitionDenied: ``by`` does not arrange meetings there.
    :raises Refused: the year before has no cycle, or the year has one.
    """
    _require(by, municipality.pk)
    Unit.objects.select_for_update(no_key=True).get(pk=municipality.pk)
    rows = CyclePeriod.objects.filter(municipality=municipality)
    if rows.leading_to_meetings_in(year).exists():
        raise Refused(_("Årshjulet for %(year)s er laget. Endre periodene i det.") % {"year": year})
    before = list(rows.leading_to_meetings_in(year - 1))
    if not before:
        raise Refused(
            _(
                "Det er ikke noe årshjul for %(year)s å begynne fra. Legg inn periodene for %(next)s én for én."
            )
            % {"year": year - 1, "next": year}
        )
    made: list[CyclePeriod] = []
    for period in before:
        made.append(_a_year_later(period, year, taken={one.meeting_on for one in made}))
    with record("make_cycle", actor=by):
        for period in made:
            period.stamp(now)
            period.meeting = _meeting_on(period)
        return CyclePeriod.objects.bulk_create(made)


def _a_year_later(period: CyclePeriod, year: int, *, taken: Container[date] = ()) -> CyclePeriod:
    """Return the period moved to ``year``: the same weekday of the same week, and no day that is not a working day.

    A meeting on a holiday moves to the next working day; a deadline to the one before, so that nobody gets less time
    than they were told after it.  A meeting whose day is ``taken`` moves on, so that each has a day of its own.
    """
    meeting_on = add_working_days(_same_week_of(period.meeting_on, year), 0)
    while meeting_on in taken:
        meeting_on = add_working_days(meeting_on, 1)
    moved = timedelta(days=(_same_week_of(period.meeting_on, year) - period.meeting_on).days)
    later = CyclePeriod(
        municipality_id=period.municipality_id, name=period.name, budget_track=period.budget_track, meeting_on=meeting_on
    )  # fmt: skip
    latest = meeting_on
    for name in reversed(CyclePeriod.DAYS[:-1]):
        day = _working_day_before(min(getattr(period, name) + moved, latest - timedelta(days=1)))
        setattr(later, name, day)
        latest = day
    return later


def _same_week_of(day: date, year: int) -> date:
    iso = day.isocalendar()
    weeks_on = timedelta(days=364)
    try:
        later = day.fromisocalendar(iso.year + year - day.year, iso.week, iso.weekday)
    except ValueError:  # week 53 of a year that has 52
        later = day + weeks_on
    later = later if later.year == year else day + weeks_on
    return later if later.year >= year else later + timedelta(days=7)  # 2 January after a leap year


def _working_day_before(day: date) -> date:
    return day if is_working_day(day) else add_working_days(day, -1)


# --- The meeting of a period (called inside the record of the meeting's own operation) ----------
def link_meeting(meeting: Meeting, *, period: CyclePeriod | None, now: datetime) -> bool:
    """Let a meeting without a period be that of ``period``, else of the one that is meant to meet on its day.

    :return: whether it had no period before.
    """
    if CyclePeriod.objects.filter(meeting=meeting).exists():
        return False
    rows = CyclePeriod.objects.filter(municipality_id=meeting.municipality_id, meeting=None)
    meant = Q(pk=period.pk) if period else Q(meeting_on=timezone.localdate(meeting.starts_at))
    rows.filter(meant).update(meeting=meeting, changed_at=now, version=F("version") + 1)
    return True


def follow_meeting(meeting: Meeting, *, now: datetime) -> None:
    """Let the period of a moved meeting count as changed: its day for papers may be another, and calendars must hear."""
    CyclePeriod.objects.filter(meeting=meeting).update(changed_at=now, version=F("version") + 1)


def let_go_of(meeting: Meeting, *, now: datetime) -> None:
    """Leave the period of a cancelled meeting open for another one."""
    rows: Any = CyclePeriod.objects.filter(meeting=meeting)
    rows.update(meeting=None, changed_at=now, version=F("version") + 1)
