"""Who is told what when a deviation moves on.  No notice names a reporter, or quotes the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core.formats import moment, short_date
from core.notices import Draft
from deviations.models import Message
from organization.actors import people_in_roles
from organization.roles import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from core.actors import Actor
    from deviations.models import CorrectiveAction, Deviation, Duty
    from organization.models import Person


def _tell(
    people: Iterable[Person | None], deviation: Deviation, event: str, title: str, body: str = ""
) -> Iterator[Draft]:
    """Yield a notice per person.  The version makes the event unique when the same step is taken again."""
    for person in people:
        yield Draft(
            person=person, event=f"{event}@{deviation.version}", body=body, url=deviation.get_absolute_url(),
            title=title % {"number": deviation.number, "title": deviation.headline},
        )  # fmt: skip


def _reporters(deviation: Deviation) -> list[Person]:
    """The reporter, whoever said «me too», and those whose own report was merged into this one."""
    own = [deviation.reporter] if deviation.reporter else []
    merged = [case.reporter for case in deviation.merged_from.select_related("reporter") if case.reporter]
    return [*own, *(row.person for row in deviation.followers.select_related("person")), *merged]


def report_has_come(deviation: Deviation, /, *, by: Actor, now: datetime) -> Iterator[Draft]:
    due = _("Frist for mottak %(date)s.") % {"date": short_date(deviation.due_on)} if deviation.due_on else ""
    yield from _tell([deviation.responsible], deviation, "reported", _("Ta imot %(number)s: %(title)s"), due)
    yield from duties_are_started(deviation, deviation.duties.all())


def case_is_sent_on(deviation: Deviation, /, *, by: Actor, now: datetime) -> Iterator[Draft]:
    yield from _tell([deviation.responsible], deviation, "rerouted", _("Sendt til deg: %(number)s %(title)s"))


def handler_is_named(deviation: Deviation, /, *, by: Actor, now: datetime) -> Iterator[Draft]:
    if deviation.handler_id != by.person_id:
        due = _("Frist %(date)s.") % {"date": short_date(deviation.due_on)} if deviation.due_on else ""
        yield from _tell([deviation.handler], deviation, "handling", _("Behandle %(number)s: %(title)s"), due)
    yield from reporter_is_told(deviation, by=by, now=now)


def reporter_is_told(deviation: Deviation, /, *, by: Actor, now: datetime) -> Iterator[Draft]:
    """The last line of the talk is what the reporter gets."""
    last = deviation.messages.filter(from_reporter=False).order_by("-pk").first()
    title = _("%(number)s: {state}").format(state=str(deviation.get_status_display()).lower())
    yield from _tell(_reporters(deviation), deviation, "moved", title, last.text if last else "")


def reporter_is_asked(deviation: Deviation, /, *, by: Actor, now: datetime) -> Iterator[Draft]:
    last = deviation.messages.filter(kind=Message.Kind.QUESTION).order_by("-pk").first()
    yield from _tell(
        [deviation.reporter],
        deviation,
        "question",
        _("Svar på spørsmål om %(number)s"),
        last.text if last else "",
    )


def reporter_has_answered(deviation: Deviation, /, *, by: Actor, now: datetime) -> Iterator[Draft]:
    yield from _tell(
        [deviation.handler], deviation, "answered", _("Melder har svart på %(number)s: %(title)s")
    )


def reporter_has_written(deviation: Deviation, message: Message) -> Iterator[Draft]:
    people = [deviation.handler or deviation.responsible]
    yield from _tell(
        people, deviation, f"addition_{message.pk}", _("Melder har lagt til mer på %(number)s: %(title)s")
    )


def reporter_is_written_to(deviation: Deviation, message: Message) -> Iterator[Draft]:
    """A line between the steps; whoever only follows the case is not told of the talk."""
    merged = [case.reporter for case in deviation.merged_from.select_related("reporter")]
    yield from _tell(
        [deviation.reporter, *merged], deviation, f"message_{message.pk}", _("Beskjed til deg om %(number)s"), message.text
    )  # fmt: skip


def case_is_reopened(deviation: Deviation, /, *, by: Actor, now: datetime) -> Iterator[Draft]:
    people = [
        person
        for person in (deviation.handler, deviation.responsible)
        if person and person.pk != by.person_id
    ]
    yield from _tell(people, deviation, "reopened", _("Gjenåpnet: %(number)s %(title)s"))
    if deviation.reporter_id != by.person_id:
        yield from reporter_is_told(deviation, by=by, now=now)


def duties_are_started(deviation: Deviation, duties: Iterable[Duty]) -> Iterator[Draft]:
    """The receiver, and for breaches of personal data security the privacy officer."""
    for duty in duties:
        people: list[Person | None] = [deviation.handler or deviation.responsible]
        if duty.code.startswith("GDPR"):
            people += people_in_roles([Role.PRIVACY_OFFICER], municipality_id=deviation.municipality_id)
        yield from _tell(
            people, deviation, f"duty_{duty.code}", _("Meldeplikt på %(number)s: {name}").format(name=duty.name),
            duty.guidance,
        )  # fmt: skip


def duty_stands_open(duty: Duty, person: Person, *, hours: int) -> Draft:
    """An hour of the duty's clock has passed.  Neither the title of the case nor a word of it is quoted."""
    case = duty.deviation
    due = _("Fristen er %(moment)s.") % {"moment": moment(duty.due_at)} if duty.due_at else ""
    discovered = _("Oppdaget %(moment)s.") % {"moment": moment(case.discovered_at)}
    return Draft(
        person=person, event=f"duty_clock@{duty.pk}-{hours}", url=duty.get_absolute_url(), body=f"{discovered} {due}".strip(),
        title=_("Fortsatt åpen etter %(hours)s timer: %(duty)s (%(number)s)")
        % {"hours": hours, "duty": duty.name, "number": case.number},
    )  # fmt: skip


def some_duty_stands_open(duty: Duty, person: Person, *, hours: int) -> Draft:
    """For whoever answers for the municipality but may not know of the case: nothing that leads to it."""
    return Draft(
        person=person, event=f"duty_clock@{duty.pk}-{hours}",
        title=_("En meldeplikt i en fortrolig sak er fortsatt åpen"),
        body=_("Du har ikke innsyn i saken. Den som behandler den, er varslet. Be om at meldeplikter i fortrolige saker blir fulgt opp."),
    )  # fmt: skip


def action_is_given(
    action: CorrectiveAction, /, *, by: Actor, now: datetime | None = None
) -> Iterator[Draft]:
    if action.owner_id != by.person_id:
        yield Draft(
            person=action.owner, event=f"action_given@{action.changed_at:%Y%m%d%H%M%S}", url=action.get_absolute_url(),
            title=_("Du er satt opp på et tiltak: %(title)s") % {"title": action.title},
            body=_("Frist %(date)s.") % {"date": short_date(action.due_on)},
        )  # fmt: skip


def action_has_moved(action: CorrectiveAction, /, *, by: Actor, now: datetime) -> Iterator[Draft]:
    """Whoever handles the cases the action serves hears how it goes."""
    handlers = {case.handler for case in action.deviations.select_related("handler") if case.handler}
    for person in sorted({*handlers, action.proposed_by}, key=lambda person: person.pk):
        if person.pk != by.person_id:
            yield Draft(
                person=person, event=f"action_moved@{now:%Y%m%d%H%M%S}", url=action.get_absolute_url(),
                title=_("Tiltaket «%(title)s»: %(state)s")
                % {"title": action.title, "state": str(action.get_status_display()).lower()},
                body=action.outcome,
            )  # fmt: skip
