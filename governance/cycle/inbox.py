"""What the annual cycle puts in people's inbox, beside the deadlines that other rows have of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.inbox import InboxSource, Task
from governance.cycle.hearings import cases_without_answers
from governance.cycle.rules import meeting_words, track_words
from governance.models import BudgetTrack, CyclePeriod, Initiative
from organization.roles import Permission

if TYPE_CHECKING:
    from django.db.models import QuerySet

SOON = timedelta(days=31)


def sentences(*words: Any) -> str:
    """Return what says something, as sentences."""
    return ". ".join(str(one) for one in words if one)


# --- Drafts ----------------------------------------------------------------------------------------
def with_submission(rows: Any, day: date) -> Any:
    """Annotate ``submission``: what ``submission_of`` reads of the period that a draft last touched then is on its way to."""
    periods = CyclePeriod.objects.filter(municipality_id=OuterRef("municipality_id"))
    told = JSONObject(name="name", on="submission_on", track="budget_track")
    first = (
        periods.reached_by_draft(OuterRef("changed_at"), day).order_by("submission_on").annotate(told=told)
    )
    return rows.annotate(submission=Subquery(first.values("told")[:1]))


@dataclass(frozen=True, slots=True)
class Submission:
    due: date | None
    why: str


def submission_of(draft: Any) -> Submission:
    """Return by when a draft must be sent in to reach the next meeting, and which that is."""
    told = draft.submission
    if told is None:
        return Submission(None, "")
    why = _("Fristen er for innmelding til perioden «%(period)s»") % {"period": told["name"]}
    track = BudgetTrack(told["track"])
    budget = _("Budsjettløp: %(track)s") % {"track": str(track.label).lower()}
    return Submission(
        date.fromisoformat(told["on"]), sentences(why, "" if track == BudgetTrack.OUTSIDE else budget)
    )


# --- Answers that are missing -----------------------------------------------------------------------
def _cases(actor: Any) -> QuerySet[Any]:
    if actor.is_system or not actor.holds(Permission.PREPARE):
        return Initiative.objects.none()
    day = timezone.localdate()
    rows = Initiative.objects.visible_to(actor).filter(pk__in=cases_without_answers())
    rows = rows.filter(
        case_handler_id=actor.person_id, cycle_period__hearing_on__lte=day + SOON, cycle_period__meeting_on__gte=day
    )  # fmt: skip
    return rows.select_related("unit", "cycle_period__meeting").order_by("cycle_period__hearing_on", "pk")


def _case_task(case: Any, _actor: Any) -> Task:
    why = _("Høringsfristen for %(meeting)s, og svar mangler") % {"meeting": meeting_words(case.cycle_period)}
    return Task(
        verb=_("Få inn svar på høringen om"), title=case.card_title, due=case.cycle_period.hearing_on, where=str(case.unit),
        why=sentences(why, track_words(case.cycle_period)), url=reverse("governance:initiative_hearings_ask", args=[case.pk]),
    )  # fmt: skip


# --- Meetings that nobody has set up ----------------------------------------------------------------
def _periods(actor: Any) -> QuerySet[Any]:
    arranged = frozenset() if actor.is_system else actor.municipalities_where(Permission.ARRANGE_MEETINGS)
    if not arranged:
        return CyclePeriod.objects.none()
    day = timezone.localdate()
    rows = CyclePeriod.objects.visible_to(actor).filter(
        municipality_id__in=arranged, meeting=None, papers_on__lte=day + SOON, meeting_on__gte=day
    )
    return rows.select_related("municipality", "meeting").order_by("papers_on", "pk")


def _period_task(period: Any, _actor: Any) -> Task:
    return Task(
        verb=_("Sett opp"), title=meeting_words(period), due=period.papers_on, where=str(period.municipality),
        why=sentences(_("Papirene skal ut, og møtet er ikke satt opp"), track_words(period)),
        url=f"{reverse('governance:meeting_create')}?periode={period.pk}",
    )  # fmt: skip


answers_to_bring_in = InboxSource(key="cycle_hearings", rows=_cases, task=_case_task)
meetings_to_set_up = InboxSource(key="cycle_meetings", rows=_periods, task=_period_task)
