"""A draft strategy that is heard, brought to each of its states as people would."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from organization.models import (
    Consultation,
    ConsultationAnswer,
    ConsultationComment,
    ConsultationPoint,
    Goal,
    Strategy,
)
from organization.operations import Edit, move_consultations, open_consultation, save_answer, save_comment
from organization.roles import Role
from organization.workflow import consultation_workflow

if TYPE_CHECKING:
    from datetime import datetime

    from tests.world import Place

REP = Role.ELECTED_REPRESENTATIVE
DAYS = 10


def draft(place: Place, title: str = "Plan for digital omsorg") -> Strategy:
    now = timezone.now()
    strategy = Strategy.objects.create(
        municipality=place.municipality, title=title, version="1", changed_at=now
    )
    for code, words in (("1", "Tid til brukerne"), ("2", "Trygg drift")):
        Goal.objects.create(strategy=strategy, unit=place.unit, code=code, title=words, changed_at=now)
    return strategy


def hearing(strategy: Strategy, *, now: datetime, **fields) -> Consultation:
    today = timezone.localdate(now)
    given = {
        "text": "Er målene de rette?",
        "opens_on": today,
        "closes_on": today + timedelta(days=DAYS),
        **fields,
    }
    return Consultation(strategy=strategy, **given)


def opened(
    place: Place, *, now: datetime | None = None, title: str = "Plan for digital omsorg", **fields
) -> Consultation:
    """Return a consultation that opened at ``now`` and lasts ten days."""
    now = now or timezone.now()
    by = place.actor(Role.ADMINISTRATOR)
    return open_consultation(hearing(draft(place, title), now=now, **fields), by=by, now=now)


def point(consultation: Consultation, code: str = "") -> ConsultationPoint:
    return ConsultationPoint.objects.select_related("consultation").get(consultation=consultation, code=code)


def comment(
    consultation: Consultation, place: Place, text: str = "Legg til frivilligheten.", *, code: str = "1", role: Role = REP,
    now: datetime | None = None,
) -> ConsultationComment:  # fmt: skip
    actor = place.actor(role)
    row = ConsultationComment.objects.own_or_new(point(consultation, code), actor.person_id)
    seen = row.changed_at.isoformat() if row.pk else ""
    row.text = text
    return save_comment(Edit(row, ("text",), seen), by=actor, now=now or timezone.now())


def closed(place: Place, **fields) -> ConsultationComment:
    """Return the one comment of a consultation that closed yesterday."""
    then = timezone.now() - timedelta(days=DAYS + 1)
    consultation = opened(place, now=then, **fields)
    said = comment(consultation, place, now=then)
    move_consultations(now=timezone.now())
    return ConsultationComment.objects.get(pk=said.pk)


def answer(said: ConsultationComment, place: Place, text: str = "Innarbeidet i mål 1.") -> ConsultationAnswer:
    row = ConsultationAnswer(comment=said, outcome="followed", text=text)
    return save_answer(Edit(row, ()), by=place.actor(Role.ADMINISTRATOR), now=timezone.now())


def answered(place: Place) -> ConsultationComment:
    """Return the one comment of a consultation whose answers are sent."""
    said = closed(place)
    answer(said, place)
    consultation = said.point.consultation
    consultation_workflow.perform(
        "send_answers", consultation, by=place.actor(Role.ADMINISTRATOR), now=timezone.now()
    )
    return said
