"""File a report: once, whatever the network does, and without a trace of who when it is anonymous."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from django.db import IntegrityError, transaction
from django.utils import timezone

from core.actors import System
from core.history import record
from core.queries import hold, let_go
from core.workflow import TransitionDenied
from deviations import policies
from deviations.models import Anonymity, Danger, Deviation, Kind, Status
from deviations.operations.duties import judge_first_answers
from deviations.operations.routing import lay_in_hands
from deviations.routing import landing_of
from organization.operations import next_number

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from core.actors import Actor
    from deviations.models import DeviationType
    from organization.models import Person, Service, Unit

SERIES = "deviation"
ANONYMOUS = System("anonymous reporter")
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without what is misread on paper
_CODE_LENGTH = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportInput:
    """What a reporter has said.  ``answers`` maps codes of questions to values.

    ``follow_code`` is the code that an anonymous reporter's own page holds, so that the answer
    to a report sent twice can show it again; without one it is made here.
    """

    unit: Unit
    description: str
    kind: str = Kind.DEVIATION
    danger: str = Danger.NONE
    category: str = ""
    type: DeviationType | None = None
    title: str = ""
    place: str = ""
    immediate_action: str = ""
    discovered_at: datetime | None = None
    reported_severity: int | None = None
    service: Service | None = None
    anonymity: str = Anonymity.OPEN
    concerned: tuple[Person, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    submission_key: UUID | None = None
    follow_code: str = ""


def report(given: ReportInput, *, by: Actor, now: datetime) -> tuple[Deviation, str]:
    """File a report, and return it with the code that follows it (empty unless it is anonymous).

    The same ``submission_key`` again returns the report that is there: a phone that sends
    twice files once.  The code is returned again only to whoever sends it along.

    :raises TransitionDenied: ``by`` may not report in the municipality of the unit.
    :raises TransitionBlocked: nobody in the line can receive the case.
    """
    if not policies.may_report(by, cast("int", given.unit.municipality_id)):
        raise TransitionDenied
    actor = ANONYMOUS if given.anonymity == Anonymity.ANONYMOUS else by
    try:
        with transaction.atomic():
            return _file(given, by=actor, now=now)
    except IntegrityError:
        if (known := _sent_before(given)) is None:
            raise
        return known, _code_again(known, given)


def _file(given: ReportInput, *, by: Actor, now: datetime) -> tuple[Deviation, str]:
    from deviations.workflow import deviation_workflow

    deviation, code = _create(given, by=by, now=now)
    hold(deviation, "concerned", given.concerned)
    hold(deviation, "duties", judge_first_answers(deviation, given.answers, by=by, now=now))
    deviation_workflow.perform_on_new("submit", deviation, by=by, now=now)
    let_go(deviation)
    return deviation, code


def _create(given: ReportInput, *, by: Actor, now: datetime) -> tuple[Deviation, str]:
    code = (plain(given.follow_code) or new_code()) if given.anonymity == Anonymity.ANONYMOUS else ""
    deviation = Deviation(
        municipality_id=cast("int", given.unit.municipality_id), unit=given.unit, status=Status.DRAFT, status_since=now, created_at=now,
        kind=given.kind, danger=given.danger, title=given.title, description=given.description, place=given.place,
        immediate_action=given.immediate_action, discovered_at=min(given.discovered_at or now, now),
        reported_severity=given.reported_severity, service=given.service, anonymity=given.anonymity,
        reporter_id=by.person_id, follow_hash=hash_of(code), submission_key=given.submission_key,
    )  # fmt: skip
    place_in_catalogue(deviation, type_=given.type, category=given.category)
    with record("write_report", actor=by):
        deviation.stamp(now)
        deviation.save()
        if given.concerned:
            deviation.concerned.set(given.concerned)
    return deviation, code


def place_in_catalogue(deviation: Deviation, *, type_: DeviationType | None, category: str) -> None:
    """Set the type with the words it has today, and the category and confidentiality that follow from it.

    A case that keeps its type keeps the words and the category it got then, whatever the type has become.
    """
    if type_ is None or type_.pk != deviation.type_id:
        deviation.type = type_
        deviation.type_name = type_.name if type_ else ""
        deviation.type_version = type_.version if type_ else None
        deviation.category = type_.category if type_ else category
    if type_ and type_.is_confidential:
        deviation.is_confidential = True


def register_report(deviation: Deviation, *, by: Actor, now: datetime) -> None:
    """Give the report its number and lay it in the hands of whoever receives it."""
    deviation.reported_at = now
    year = timezone.localdate(now).year
    deviation.number = case_number(year, next_number(deviation.municipality_id, SERIES, year))
    found = landing_of(deviation, day=timezone.localdate(now))
    assert found is not None
    lay_in_hands(deviation, found, by=by, now=now)


def case_number(year: int, number: int) -> str:
    return f"A{year}-{number:04d}"


def receipt_of(code: str) -> Deviation | None:
    """Return the anonymous report that ``code`` follows, however it is typed."""
    wanted = hash_of(plain(code))
    return Deviation.objects.filter(follow_hash=wanted).first() if wanted else None


def hash_of(code: str) -> str:
    """Return what is kept of a code: 80 random bits, so that the hash cannot be searched."""
    return hashlib.sha256(code.encode()).hexdigest() if len(code) == _CODE_LENGTH else ""


def new_code() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH))


def plain(code: str) -> str:
    """Return the code in what was typed, or nothing when it cannot be one."""
    letters = "".join(character for character in code.upper() if character in _ALPHABET)
    return letters if len(letters) == _CODE_LENGTH else ""


def _code_again(known: Deviation, given: ReportInput) -> str:
    code = plain(given.follow_code)
    return code if code and hash_of(code) == known.follow_hash else ""


def _sent_before(given: ReportInput) -> Deviation | None:
    if given.submission_key is None:
        return None
    return Deviation.objects.filter(submission_key=given.submission_key).first()
