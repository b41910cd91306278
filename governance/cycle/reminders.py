"""What the annual cycle reminds people of: that a draft must be sent in, and that a meeting is not set up."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from core.formats import short_date
from core.reminders import Reminder, Step
from governance.cycle.hearings import answers_owed, cases_without_answers
from governance.cycle.queries import IN_WORK
from governance.cycle.rules import meeting_words
from governance.models import CyclePeriod, Initiative, Status
from organization.actors import people_with
from organization.models import Person
from organization.roles import Permission

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

_SOON = timedelta(days=31)
_JUST_PASSED = timedelta(days=14)


def _to_submit(day: date) -> QuerySet[Any]:
    """Return the periods whose deadline is near and not over: after it there is nothing to remind of."""
    rows = CyclePeriod.objects.filter(submission_on__gte=day, submission_on__lte=day + _SOON)
    return rows.select_related("municipality", "meeting").order_by("pk")


def _who_write(period: CyclePeriod, _level: int) -> Iterable[Person]:
    """Return those who write in a draft there, sector leaders or others.

    Cases that were sent in have deadlines of their own, of which others remind.
    """
    drafts = Initiative.objects.filter(
        municipality_id=period.municipality_id, status=Status.DRAFT,
        changed_at__date__gte=period.submission_on - IN_WORK,
    )  # fmt: skip
    written = Q(submitted_initiatives__in=drafts) | Q(co_edited_initiatives__in=drafts)
    people = Person.objects.filter(written, is_active=True)
    return Person.objects.filter(pk__in=people.values("pk")).order_by("pk")


def _submission_title(period: CyclePeriod, _step: Step) -> str:
    return _("Innmeldingsfristen for %(meeting)s er %(day)s") % {
        "meeting": meeting_words(period), "day": short_date(period.submission_on),
    }  # fmt: skip


def _to_hear(day: date) -> QuerySet[Any]:
    """Return the periods whose deadline of hearings is near or just passed, and whose meeting is ahead."""
    rows = CyclePeriod.objects.filter(
        hearing_on__lte=day + _SOON, hearing_on__gt=day - _JUST_PASSED, meeting_on__gte=day
    )
    return rows.select_related("municipality", "meeting").order_by("pk")


def _who_hear(period: CyclePeriod, _level: int) -> Iterable[Person]:
    """Return those who prepare cases that lack answers, and those who are to give them.

    Whose own deadline is the same day is reminded of that.
    """
    owed = answers_owed().filter(initiative__cycle_period=period).exclude(due_on=period.hearing_on)
    waiting = cases_without_answers().filter(cycle_period=period)
    asked = Q(pk__in=owed.answerers()) | Q(pk__in=waiting.values("case_handler"))
    return Person.objects.filter(asked, is_active=True).order_by("pk")


def _hearing_title(period: CyclePeriod, step: Step) -> str:
    words = {"meeting": meeting_words(period), "day": short_date(period.hearing_on)}
    if step.after > 0:
        return _("Høringsfristen for %(meeting)s gikk ut %(day)s") % words
    return _("Høringsfristen for %(meeting)s er %(day)s") % words


def _without_meeting(day: date) -> QuerySet[Any]:
    rows = CyclePeriod.objects.filter(meeting=None, papers_on__gte=day, papers_on__lte=day + _SOON)
    return rows.select_related("municipality", "meeting").order_by("pk")


def _who_arrange(period: CyclePeriod, level: int) -> Iterable[Person]:
    """Return the secretariat; later also who leads the council."""
    people = people_with(Permission.ARRANGE_MEETINGS, municipality_id=period.municipality_id)
    leads = people_with(Permission.LEAD_COUNCIL, municipality_id=period.municipality_id) if level else []
    return [*people, *leads]


def _meeting_title(period: CyclePeriod, _step: Step) -> str:
    words = {"meeting": meeting_words(period), "day": short_date(period.papers_on)}
    return _("Sett opp %(meeting)s. Papirene skal ut %(day)s") % words


REMINDERS = (
    Reminder(
        key="cycle_submission", due=_to_submit, due_on=lambda period: period.submission_on, recipients=_who_write,
        steps=(Step(after=-5), Step(after=-1)), title=_submission_title, url=lambda _period: reverse("core:inbox"),
        body=lambda _period, _step: _("Du har en kladd som ikke er sendt inn. Etter fristen går den til et senere møte."),
    ),
    Reminder(
        key="cycle_hearing", due=_to_hear, due_on=lambda period: period.hearing_on, recipients=_who_hear,
        steps=(Step(after=-3), Step(after=1)), title=_hearing_title, url=lambda _period: reverse("core:inbox"),
        body=lambda _period, _step: _("Det mangler svar på høring i saker til møtet. De står i oppgavene dine."),
    ),
    Reminder(
        key="cycle_meeting", due=_without_meeting, due_on=lambda period: period.papers_on, recipients=_who_arrange,
        steps=(Step(after=-10), Step(after=-3, level=1)), title=_meeting_title,
        url=lambda period: f"{reverse('governance:meeting_create')}?periode={period.pk}",
    ),
)  # fmt: skip
