"""Start statutory duties from answers, and stamp them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import notices
from core.history import label_actions, record
from core.workflow import TransitionDenied
from deviations import policies, telling, triage
from deviations.models import Answer, Duty, DutyStatus, DutyTemplate, Question, Stamp

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from core.actors import Actor
    from deviations.models import Deviation

label_actions(
    {
        "start_duty": _("Meldeplikt startet"),
        "stamp_duty": _("Meldeplikt stemplet"),
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
        for question in questions:
            Answer.objects.update_or_create(
                deviation=deviation, question=question,
                defaults={
                    "wording": question.text, "question_version": question.version, "answered_at": now,
                    "value": values[question.code].strip()[:_LONGEST], "from_reporter": from_reporter,
                },
            )  # fmt: skip
        if not deviation.is_harmful:
            return []
        return start_duties(deviation, triage.duties_started(questions, values), by=by, now=now)


def start_duties(deviation: Deviation, codes: Mapping[str, str], *, by: Actor, now: datetime) -> list[Duty]:
    """Start the duties that are not there, each with its checklist and its clock from the discovery."""
    held = set(deviation.duties.values_list("code", flat=True))
    wanted = {code: wording for code, wording in codes.items() if code not in held}
    if not wanted:
        return []
    templates = DutyTemplate.objects.active().filter(
        municipality_id=deviation.municipality_id, code__in=sorted(wanted)
    )
    with record("start_duty", actor=by):
        started = [_start(deviation, template, wanted[template.code], now) for template in templates]
    if not deviation.is_draft:
        notices.post(telling.duties_are_started(deviation, started), about=deviation, now=now)
    return started


def stamp_duty(stamp: Stamp, *, proof: str, at: datetime, by: Actor, now: datetime) -> Duty:
    """Stamp one point of the checklist.  The duty is done when the last point is stamped.

    :raises TransitionDenied: ``by`` may not.
    """
    from deviations.workflow import duty_workflow

    duty = stamp.duty
    if not policies.may_judge_duty(by, duty):
        raise TransitionDenied
    with transaction.atomic(), record("stamp_duty", actor=by, reason=proof):
        Stamp.objects.filter(pk=stamp.pk, done_at=None).update(
            done_at=min(at, now), done_by_id=by.person_id, proof=proof.strip()[:500]
        )
        if duty.is_open and not duty.stamps.filter(done_at=None).exists():
            return duty_workflow.perform("complete", duty, by=by, now=now)
        duty.stamp(now)
        duty.save(update_fields=["changed_at"])
    return duty


def _known_questions(deviation: Deviation, values: Mapping[str, str]) -> list[Question]:
    given = [code for code, value in values.items() if value.strip()]
    return list(Question.objects.filter(municipality_id=deviation.municipality_id, code__in=given))


def _start(deviation: Deviation, template: DutyTemplate, wording: str, now: datetime) -> Duty:
    duty = Duty(
        deviation=deviation, code=template.code, status=DutyStatus.OPEN, name=template.name, recipients=template.recipients,
        deadline=template.deadline, channel=template.channel, phone=template.phone, guidance=template.guidance,
        source=template.source, started_by=wording[:300], started_at=now,
        due_at=deviation.discovered_at + timedelta(hours=template.hours) if template.hours else None,
    )  # fmt: skip
    duty.stamp(now)
    duty.save()
    Stamp.objects.bulk_create(
        Stamp(duty=duty, code=point["code"], label=point["label"], position=position)
        for position, point in enumerate(template.stamps)
    )
    return duty
