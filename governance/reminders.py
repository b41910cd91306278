"""What governance reminds people of, and who hears of it when nothing happens."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.formats import in_sentence, short_date
from core.reminders import Reminder, Step
from governance.composition import ending_terms
from governance.council import papers_due
from governance.models import FollowUp, Hearing, Initiative, Meeting, MunicipalDecision, Status
from governance.telling import due_words
from governance.telling_follow_up import called, keepers_of
from organization.actors import nearest_in_roles, people_in_roles, people_with
from organization.roles import Permission, Role

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from organization.models import Person, RoleAssignment

SOON = timedelta(days=21)


def _standing(*statuses: Status) -> Any:
    def due(day: date) -> QuerySet[Any]:
        rows = Initiative.objects.filter(status__in=statuses, due_on__isnull=False, due_on__lte=day + SOON)
        return rows.select_related("unit", "municipality", "submitter", "case_handler").order_by("pk")

    return due


def _due_on(initiative: Initiative) -> date:
    assert initiative.due_on is not None
    return initiative.due_on


def _title(text: Any) -> Any:
    def title(obj: Any, step: Step) -> str:
        return _with_time(str(text) % {"title": getattr(obj, "initiative", obj)}, step)

    return title


def _with_time(title: str, step: Step) -> str:
    """Say with a title whether the deadline comes or has passed."""
    return f"{title} ({_('forfalt') if step.after > 0 else _('frist nærmer seg')})"


def _body(obj: Any, _step: Step) -> str:
    return _("Frist %(date)s.") % {"date": short_date(obj.due_on)}


def _director(municipality_id: int) -> list[Person]:
    return people_in_roles([Role.KOMMUNEDIREKTOR], municipality_id=municipality_id)


def _endorsers(initiative: Initiative, level: int) -> Iterable[Person]:
    """The sector leader; later also the secretariat, last the kommunedirektor."""
    entity, path = initiative.municipality_id, initiative.unit.path
    people = nearest_in_roles([Role.SECTOR_LEADER], municipality_id=entity, unit_path=path)
    if level >= 1:
        people = [*people, *people_with(Permission.TRIAGE, municipality_id=entity)]
    return [*people, *_director(entity)] if level > 1 else people


def _authors(initiative: Initiative, level: int) -> Iterable[Person]:
    """The authors; later also the nearest leader, and the secretariat that waits for the answer."""
    people = [initiative.submitter, *initiative.co_editors.all()]
    if level == 0:
        return people
    entity = initiative.municipality_id
    leaders = nearest_in_roles([Role.LEADER], municipality_id=entity, unit_path=initiative.unit.path)
    return [*people, *leaders, *people_with(Permission.TRIAGE, municipality_id=entity)]


def _handlers(initiative: Initiative, level: int) -> Iterable[Person]:
    entity = initiative.municipality_id
    leading = people_in_roles([Role.SECRETARIAT], municipality_id=entity, leading=True)
    own = [initiative.case_handler] if initiative.case_handler else leading
    return [*own, *leading] if level else own


def _open_hearings(day: date) -> QuerySet[Any]:
    rows = Hearing.objects.open().awaited()
    rows = rows.filter(due_on__lte=day + SOON, initiative__status=Status.UNDER_PREPARATION)
    return rows.select_related(
        "person",
        "stand_in",
        "on_behalf_of",
        "initiative__municipality",
        "initiative__case_handler",
        "initiative__cycle_period",
    ).order_by("pk")


def _heard(hearing: Hearing, level: int) -> list[Person]:
    """The stand-in where there is one, else who is asked; who is asked too when the deadline has passed."""
    named = [hearing.stand_in] if hearing.stand_in is not None else []
    return [*named, hearing.person] if level or not named else named


def _pending_decisions(day: date) -> QuerySet[Any]:
    rows = MunicipalDecision.objects.pending().filter(due_on__isnull=False, due_on__lte=day + SOON)
    return rows.select_related("initiative", "municipality").order_by("pk")


def _deciders(row: MunicipalDecision, level: int) -> Iterable[Person]:
    people = people_with(Permission.DECIDE_FOR_MUNICIPALITY, municipality_id=row.municipality_id)
    return (
        [*people, *people_with(Permission.TRIAGE, municipality_id=row.initiative.municipality_id)]
        if level
        else people
    )


def _without_leader(day: date) -> QuerySet[Any]:
    """Cases that are sent in and go no further: where a sector leader is known they do so at once."""
    rows = Initiative.objects.filter(status=Status.SUBMITTED, status_since__date__lte=day)
    return rows.select_related("unit", "municipality").order_by("pk")


def _on_hold(day: date) -> QuerySet[Any]:
    rows = Initiative.objects.filter(status=Status.ON_HOLD, review_on__lte=day + SOON)
    return rows.select_related("unit", "municipality").order_by("pk")


def _triage(initiative: Initiative, level: int) -> Iterable[Person]:
    """The secretariat; later also the kommunedirektor."""
    entity = initiative.municipality_id
    people = people_with(Permission.TRIAGE, municipality_id=entity)
    return [*people, *_director(entity)] if level else people


def _plain_title(text: Any) -> Any:
    return lambda obj, _step: str(text) % {"title": obj}


def _of_case(text: Any) -> Any:
    return lambda row, _step: str(text) % {"title": row.initiative}


def _leader_is_missing(initiative: Initiative, _step: Step) -> str:
    return _("Ingen har rollen sektorleder over %(unit)s.") % {"unit": initiative.unit}


def _unsummoned(day: date) -> QuerySet[Any]:
    rows = Meeting.objects.filter(status="planned", starts_at__date__lte=day + timedelta(days=40))
    return rows.select_related("municipality", "mandate", "cycle_period").order_by("pk")


def _term_people(row: RoleAssignment, level: int) -> Iterable[Person]:
    """Who has the role, the council's leader and its secretariat; later the kommunedirektor too."""
    entity = row.unit.municipality_id or row.unit_id
    leaders = people_in_roles([Role.COUNCIL_LEADER], municipality_id=entity)
    people = [row.person, *leaders, *people_with(Permission.ARRANGE_MEETINGS, municipality_id=entity)]
    return [*people, *_director(entity)] if level else people


def _term_title(row: RoleAssignment, _step: Step) -> str:
    return _("%(name)s slutter som %(role)s") % {
        "name": row.person, "role": in_sentence(row.get_role_display()),
    }  # fmt: skip


def _arrangers(meeting: Meeting, level: int) -> Iterable[Person]:
    people = people_with(Permission.ARRANGE_MEETINGS, municipality_id=meeting.municipality_id)
    return (
        [*people, *people_with(Permission.LEAD_COUNCIL, municipality_id=meeting.municipality_id)]
        if level
        else people
    )


def _papers_title(meeting: Meeting, _step: Step) -> str:
    return _("Send ut papirene til møte %(number)s") % {"number": meeting.number}


# What is later than its last reminder: nobody is told anew, nor of what was late before anybody followed it up here.
_LONG_PAST = timedelta(days=45)


def _follow_ups(day: date) -> QuerySet[Any]:
    rows = FollowUp.objects.unfinished().filter(due_on__lte=day + SOON, due_on__gt=day - _LONG_PAST)
    rows = rows.with_somebody(day).select_related(
        "decision__initiative", "decision__agenda_item", "responsible"
    )
    return rows.order_by("pk")


def _followers(row: Any, level: int) -> Iterable[Person]:
    """Who is responsible; later also the secretariat, last who leads the council.  The secretariat where nobody is."""
    own = [row.responsible] if row.has_somebody else []
    people = [*own, *keepers_of(row)] if level or not own else own
    leaders = people_with(Permission.LEAD_COUNCIL, municipality_id=row.decision.municipality_id)
    return [*people, *leaders] if level > 1 else people


def _follow_up_title(row: FollowUp, step: Step) -> str:
    return _with_time(_("Følg opp vedtak %(called)s") % {"called": called(row)}, step)


REMINDERS = (
    Reminder(
        key="endorsement_due", due=_standing(Status.AWAITING_ENDORSEMENT), due_on=_due_on, recipients=_endorsers,
        steps=(Step(after=-3), Step(after=1), Step(after=4, level=1), Step(after=10, level=2)),
        title=_title(gettext_lazy("Gi tilråding til «%(title)s»")), body=_body,
    ),
    Reminder(
        key="returned_untouched", due=_standing(Status.RETURNED), due_on=_due_on, recipients=_authors,
        steps=(Step(after=-5), Step(after=1), Step(after=5, level=1)),
        title=_title(gettext_lazy("Kompletter «%(title)s»")), body=_body,
    ),
    Reminder(
        key="case_paper_due", due=_standing(Status.UNDER_PREPARATION), due_on=_due_on, recipients=_handlers,
        steps=(Step(after=-5), Step(after=1), Step(after=5, level=1)),
        title=_title(gettext_lazy("Gjør ferdig saksframlegget til «%(title)s»")), body=_body,
    ),
    Reminder(
        key="hearing_due", due=_open_hearings, due_on=lambda h: h.due_on, recipients=_heard,
        steps=(Step(after=-2), Step(after=1, level=1)), title=_title(gettext_lazy("Svar på høring om «%(title)s»")),
        body=lambda hearing, _step: due_words(hearing),
    ),
    Reminder(
        key="hearing_passed", due=_open_hearings, due_on=lambda h: h.due_on, recipients=lambda h, _level: _handlers(h.initiative, 0),
        steps=(Step(after=1),), title=_of_case(gettext_lazy("Følg opp høringen om «%(title)s»")),
        body=lambda h, _step: _("Fristen gikk ut %(date)s uten svar. Noter det, eller spør på nytt med ny frist.") % {"date": short_date(h.due_on)},
        url=lambda h: reverse("governance:initiative_hearings_ask", args=[h.initiative_id]),
    ),
    Reminder(
        key="decision_waiting", due=_pending_decisions, due_on=lambda row: row.due_on, recipients=_deciders,
        steps=(Step(after=-2), Step(after=1), Step(after=5, level=1)), title=_title(gettext_lazy("Avgjør «%(title)s»")), body=_body,
    ),
    Reminder(
        key="leader_missing", due=_without_leader, due_on=lambda i: timezone.localdate(i.status_since), recipients=_triage,
        steps=(Step(after=0), Step(after=3), Step(after=8, level=1)),
        title=_plain_title(gettext_lazy("Finn sektorleder til «%(title)s»")), body=_leader_is_missing,
    ),
    Reminder(
        key="review_due", due=_on_hold, due_on=lambda i: i.review_on, recipients=_triage,
        steps=(Step(after=0), Step(after=5), Step(after=10, level=1)),
        title=_plain_title(gettext_lazy("Vurder «%(title)s» på nytt")),
        body=lambda i, _step: _("Saken skulle vurderes på nytt %(date)s.") % {"date": short_date(i.review_on)},
    ),
    Reminder(
        key="term_ends", due=lambda day: ending_terms(day).select_related("person", "unit").order_by("pk"),
        due_on=lambda row: row.valid_to, recipients=_term_people, title=_term_title,
        url=lambda row: reverse("organization:person_detail", args=[row.person_id]),
        steps=(Step(after=-250), Step(after=-10), Step(after=-3, level=1)),
        body=lambda row, _step: _("Siste dag er før %(date)s. Forleng perioden, eller finn en ny.") % {"date": short_date(row.valid_to)},
    ),
    Reminder(
        key="follow_up_due", due=_follow_ups, due_on=lambda row: row.due_on, recipients=_followers,
        steps=(Step(after=-5), Step(after=1), Step(after=5, level=1), Step(after=15, level=2)), title=_follow_up_title, body=_body,
    ),
    Reminder(
        key="papers_out", due=_unsummoned, due_on=papers_due, recipients=_arrangers,
        steps=(Step(after=-3), Step(after=0), Step(after=2, level=1)), title=_papers_title,
    ),
)  # fmt: skip
