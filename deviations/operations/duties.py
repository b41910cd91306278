"""Start statutory duties from answers, and stamp them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import transaction
from django.db.models import BigIntegerField, CharField
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core import notices
from core.conditions import is_in_slot
from core.history import label_actions, record
from core.statements import Slot, prepare_records
from core.workflow import TransitionBlocked, TransitionDenied
from deviations import policies, telling, triage
from deviations.duty_clock import hours_after
from deviations.models import Answer, Duty, DutyStatus, DutyTemplate, Question, Stamp
from deviations.operations.injuries import is_about_injury, register_first_injury, register_injury

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from core.actors import Actor
    from core.statements import Records
    from deviations.models import Deviation

label_actions(
    {
        "start_duty": _("Meldeplikt startet"),
        "stamp_duty": _("Meldeplikt stemplet"),
        "unstamp_duty": _("Stempel fjernet"),
        "judge_answers": _("Svarte på spørsmål"),
    }
)
_LONGEST = 2000


def judge_answers(
    deviation: Deviation, values: Mapping[str, str], *, from_reporter: bool, by: Actor, now: datetime
) -> list[Duty]:
    """Keep the answers with the wording they were given to, and start the duties they call for.

    An answer that is changed later never ends a duty: that takes stamps, or a judgement with
    a name.  Returns the duties that are new.
    """
    questions = _known_questions(deviation, values)
    with transaction.atomic(), record("judge_answers", actor=by):
        _keep(deviation, questions, values, from_reporter=from_reporter, now=now)
        if not deviation.is_harmful:
            return []
        if any(is_about_injury(question) for question in questions):
            register_injury(deviation, now=now)
        return start_duties(deviation, triage.duties_started(questions, values), by=by, now=now)


def judge_first_answers(
    deviation: Deviation, values: Mapping[str, str], *, by: Actor, now: datetime
) -> list[Duty]:
    """Do the same for a report that this transaction has written: there is nothing yet to compare with."""
    questions = _known_questions(deviation, values)
    with record("judge_answers", actor=by):
        answers = _keep(deviation, questions, values, from_reporter=True, now=now)
        if not deviation.is_harmful:
            return []
        register_first_injury(deviation, answers, now=now)
        codes = triage.duties_started(questions, values)
        return _start_all(deviation, codes, by=by, now=now) if codes else []


def _keep(
    deviation: Deviation, questions: Iterable[Question], values: Mapping[str, str], *, from_reporter: bool, now: datetime
) -> list[Answer]:  # fmt: skip
    """Write the answers in one statement; one that was given before is written over."""
    answers = [
        Answer(
            deviation=deviation, question=question, wording=question.text, question_version=question.version,
            answered_at=now, value=values[question.code].strip()[:_LONGEST], from_reporter=from_reporter,
        )
        for question in questions
    ]  # fmt: skip
    return Answer.objects.bulk_create(
        answers, update_conflicts=True, unique_fields=["deviation", "question"],
        update_fields=["wording", "question_version", "answered_at", "value", "from_reporter"],
    )  # fmt: skip


def start_duties(deviation: Deviation, codes: Mapping[str, str], *, by: Actor, now: datetime) -> list[Duty]:
    """Start the duties that are not there, each with its checklist and its clock from the discovery."""
    held = set(deviation.duties.values_list("code", flat=True)) if codes else set()
    wanted = {code: wording for code, wording in codes.items() if code not in held}
    if not wanted:
        return []
    started = _start_all(deviation, wanted, by=by, now=now)
    if not deviation.is_draft:
        notices.post(telling.duties_are_started(deviation, started), about=deviation, now=now)
    return started


def _start_all(deviation: Deviation, wanted: Mapping[str, str], *, by: Actor, now: datetime) -> list[Duty]:
    templates = DutyTemplate.objects.active().filter(
        municipality_id=deviation.municipality_id, code__in=sorted(wanted)
    )
    with record("start_duty", actor=by):
        return [_start(deviation, template, wanted[template.code], now) for template in templates]


def stamp_duty(stamp: Stamp, *, proof: str, at: datetime, by: Actor, now: datetime) -> Duty:
    """Stamp one point of the checklist, or put right what a stamp says.

    The duty is done when the last point is stamped.

    :raises TransitionDenied: ``by`` may not.
    :raises TransitionBlocked: the duty is not open, or ``at`` is yet to come or before the discovery.
    """
    from deviations.workflow import duty_workflow

    with transaction.atomic(), record("stamp_duty", actor=by, reason=proof):
        duty = open_duty(stamp.duty, by=by)
        if reason := why_not_at(duty, at, now=now):
            raise TransitionBlocked([reason])
        _write(stamp, at=at, by_id=by.person_id, proof=proof, now=now)
        if not duty.stamps.filter(done_at=None).exists():
            return duty_workflow.perform("complete", duty, by=by, now=now)
        duty.stamp(now)
        duty.save(update_fields=["changed_at"])
    return duty


def unstamp_duty(stamp: Stamp, *, reason: str, by: Actor, now: datetime) -> Duty:
    """Take away a stamp that was set by mistake; who set it stays in the history.

    :raises TransitionDenied: ``by`` may not.
    :raises TransitionBlocked: the duty is not open.
    """
    with transaction.atomic(), record("unstamp_duty", actor=by, reason=reason):
        duty = open_duty(stamp.duty, by=by)
        _write(stamp, at=None, by_id=None, proof="", now=now)
        duty.stamp(now)
        duty.save(update_fields=["changed_at"])
    return duty


def open_duty(duty: Duty, *, by: Actor) -> Duty:
    """Return the duty, locked, for somebody who may write to it while it is open.

    :raises TransitionDenied: ``by`` may not.
    :raises TransitionBlocked: the duty is done, or judged not notifiable.
    """
    rows = Duty.objects.visible_to(by).select_for_update(of=("self",))
    locked: Duty | None = rows.select_related("deviation__unit").filter(pk=duty.pk).first()
    if locked is None or not policies.may_judge_duty(by, locked):
        raise TransitionDenied
    if not locked.is_open:
        raise TransitionBlocked([_t("Meldeplikten er ikke åpen. Åpne den igjen for å endre den.")])
    return locked


def why_not_at(duty: Duty, at: datetime, *, now: datetime) -> str:
    """Return why something cannot have been done for the duty at that time, or nothing."""
    if at > now:
        return _t("Tidspunktet er ikke kommet ennå. Oppgi når det ble gjort.")
    if at < duty.deviation.discovered_at.replace(second=0, microsecond=0):
        return _t("Tidspunktet er før avviket ble oppdaget. Sjekk dato og klokkeslett.")
    return ""


def _known_questions(deviation: Deviation, values: Mapping[str, str]) -> list[Question]:
    given = [code for code, value in values.items() if value.strip()]
    if not given:
        return []
    return _questions().load(municipality=deviation.municipality_id, codes=given)


@cache
def _questions() -> Records[Question]:
    codes = is_in_slot("code", Slot("codes", ArrayField(CharField())))
    return prepare_records(
        Question.objects.filter(codes, municipality_id=Slot("municipality", BigIntegerField()))
    )


def _start(deviation: Deviation, template: DutyTemplate, wording: str, now: datetime) -> Duty:
    duty = Duty(
        deviation=deviation, code=template.code, status=DutyStatus.OPEN, name=template.name, recipients=template.recipients,
        deadline=template.deadline, channel=template.channel, phone=template.phone, guidance=template.guidance,
        source=template.source, started_by=wording[:300], started_at=now,
        due_at=hours_after(deviation.discovered_at, template.hours) if template.hours else None,
    )  # fmt: skip
    duty.stamp(now)
    duty.save()
    Stamp.objects.bulk_create(
        Stamp(
            duty=duty, code=point["code"], label=point["label"], meets_deadline=bool(point.get("meets_deadline")),
            position=position, changed_at=now,
        )
        for position, point in enumerate(template.stamps)
    )  # fmt: skip
    return duty


def _write(stamp: Stamp, *, at: datetime | None, by_id: int | None, proof: str, now: datetime) -> None:
    stamp.done_at, stamp.done_by_id, stamp.proof = at, by_id, proof.strip()[:500]
    stamp.stamp(now)
    stamp.save(update_fields=["done_at", "done_by", "proof", "changed_at"])
