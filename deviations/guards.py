"""What must be true before a deviation moves on, in words the user can act on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from deviations.models import ActionStatus, CorrectiveAction, DeviationRules, DutyStatus
from deviations.routing import Route, landing_of, route
from deviations.triage import unanswered

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

    from deviations.models import Deviation, Duty, Lift

_UNFINISHED = (ActionStatus.PROPOSED, ActionStatus.ACCEPTED, ActionStatus.IN_PROGRESS)


def rules_of(deviation: Deviation) -> DeviationRules:
    return DeviationRules.of(deviation.municipality)


def has_words(deviation: Deviation, /) -> StrOrPromise | None:
    return None if deviation.description.strip() else _("Skriv kort hva som skjedde.")


def somebody_can_receive(deviation: Deviation, /) -> StrOrPromise | None:
    if landing_of(deviation, day=timezone.localdate()):
        return None
    return _("Ingen leder i linjen kan ta imot saken. Velg en annen enhet, eller si fra til administrator.")


def next_receiver(deviation: Deviation) -> Route | None:
    """Return who comes after everybody who has had the case: the leader above."""
    had = set(deviation.routings.values_list("person_id", flat=True))
    return route(deviation, day=timezone.localdate(), passed_over=had)


def somebody_above_can_receive(deviation: Deviation, /) -> StrOrPromise | None:
    return None if next_receiver(deviation) else _("Det er ingen leder over som kan se på saken.")


def case_is_open(duty: Duty, /) -> StrOrPromise | None:
    return _("Saken er avsluttet. Gjenåpne den først.") if duty.deviation.is_final else None


def duties_are_done(deviation: Deviation, /) -> StrOrPromise | None:
    names = [duty.name for duty in deviation.duties.all() if duty.status == DutyStatus.OPEN]
    if not names:
        return None
    return _(
        "Meldeplikten er ikke gjort ferdig: %(names)s. Stemple punktene, eller vurder at den ikke gjelder."
    ) % {"names": ", ".join(names)}


def is_categorized(deviation: Deviation, /) -> StrOrPromise | None:
    return None if deviation.category else _("Velg kategori for saken.")


def questions_are_answered(deviation: Deviation, /) -> StrOrPromise | None:
    """Every question that can start a duty has an answer, so that none is overlooked."""
    missing = unanswered(deviation) if deviation.is_harmful else []
    if not missing:
        return None
    return _("Svar på spørsmålene om meldeplikt: %(first)s") % {"first": missing[0].text}


def severity_is_judged(deviation: Deviation, /) -> StrOrPromise | None:
    if not deviation.is_harmful or deviation.severity:
        return None
    return _("Vurder alvorligheten.")


def cause_is_described(deviation: Deviation, /) -> StrOrPromise | None:
    if not deviation.is_harmful or deviation.causes.all() or deviation.cause_note.strip():
        return None
    return _("Velg minst én årsak, eller beskriv den.")


def has_actions(deviation: Deviation, /) -> StrOrPromise | None:
    return None if _counted(deviation) else _("Legg til minst ett tiltak først.")


def has_no_actions(deviation: Deviation, /) -> StrOrPromise | None:
    if not _counted(deviation):
        return None
    return _("Saken har tiltak. Start tiltakene, og lukk saken når de er gjort.")


def actions_are_done(deviation: Deviation, /) -> StrOrPromise | None:
    left = [action.title for action in _counted(deviation) if action.status in _UNFINISHED]
    if not left:
        return None
    return _("Tiltak som ikke er gjort ennå: %(titles)s.") % {"titles": "; ".join(left[:5])}


def actions_need_no_evaluation(deviation: Deviation, /) -> StrOrPromise | None:
    if all(action.is_immediate_without_evaluation for action in _counted(deviation)):
        return None
    return _("Minst ett tiltak skal evalueres. Vurder effekten før saken lukkes.")


def is_within_reopening(deviation: Deviation, /) -> StrOrPromise | None:
    days = rules_of(deviation).reopening_days
    if deviation.can_be_reopened_by_reporter(timezone.now(), days):
        return None
    return _("Saken ble lukket for mer enn %(days)s dager siden. Meld det som et nytt avvik.") % {
        "days": days
    }


def words_are_kept(deviation: Deviation, /) -> StrOrPromise | None:
    if deviation.identity_dropped_at is None:
        return None
    return _("Navn og tekst i saken er fjernet etter kommunens frister. Meld det som et nytt avvik.")


def stamps_are_set(duty: Duty, /) -> StrOrPromise | None:
    left = [stamp.label for stamp in duty.stamps.all() if stamp.done_at is None]
    return _("Ikke stemplet: %(labels)s.") % {"labels": ", ".join(left)} if left else None


def has_offers(lift: Lift, /) -> StrOrPromise | None:
    if lift.offers.standing().exists():
        return None
    return _("Ingen har sagt at de kan løse dette ennå.")


def solution_is_in_place(lift: Lift, /) -> StrOrPromise | None:
    if lift.action is None or lift.action.status not in _UNFINISHED:
        return None
    return _("Tiltaket «%(title)s» er ikke gjort ennå.") % {"title": lift.action.title}


def _counted(deviation: Deviation) -> list[CorrectiveAction]:
    return [action for action in deviation.actions.all() if action.status != ActionStatus.REJECTED]
