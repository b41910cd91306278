"""When a consultation can be held, and when it is open: each rule says in words what stands in the way."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core.formats import long_date
from organization.models import ConsultationAnswer, ConsultationComment, ConsultationStatus

if TYPE_CHECKING:
    from datetime import date

    from organization.models import Consultation, Strategy

LONGEST_TIME = timedelta(days=366)


def period_problems(opens_on: date, closes_on: date, today: date) -> dict[str, str]:
    """Return what is wrong with the days, by field; empty when nothing is."""
    problems = {}
    if opens_on < today:
        problems["opens_on"] = _("Datoen er passert. Velg i dag eller en senere dag.")
    elif opens_on > today + LONGEST_TIME:
        problems["opens_on"] = _("Datoen er mer enn et år fram i tid. Sjekk årstallet.")
    if closes_on < opens_on:
        problems["closes_on"] = _("Høringen kan ikke slutte før den åpner.")
    elif closes_on > opens_on + LONGEST_TIME:
        problems["closes_on"] = _("Høringen varer mer enn et år. Sjekk årstallet.")
    return problems


def extension_problem(consultation: Consultation, closes_on: date, today: date) -> str | None:
    """Return why the consultation cannot last until then instead, or ``None``."""
    if closes_on <= consultation.closes_on:
        return _("Fristen er alt %(day)s. Velg en senere dag.") % {"day": long_date(consultation.closes_on)}
    if closes_on < today:
        return _("Datoen er passert. Velg i dag eller en senere dag.")
    if closes_on > today + LONGEST_TIME:
        return _("Høringen varer mer enn et år. Sjekk årstallet.")
    return None


def no_other_stands(consultation: Consultation, /) -> str | None:
    """A strategy is heard in one consultation at a time."""
    others = consultation.strategy.consultations.standing().exclude(pk=consultation.pk)
    return _("Strategien er på høring i en ny runde. Avlys den først.") if others.exists() else None


def closed_reason(consultation: Consultation, today: date) -> str | None:
    """Return why nobody writes in the consultation today, or ``None`` while it is open."""
    if consultation.status == ConsultationStatus.CANCELLED:
        return _("Høringen er avlyst, så innspill kan ikke skrives eller endres.")
    if consultation.is_unheard:
        return _("Høringen skulle vart til %(day)s, men ble aldri åpnet, så ingen ble spurt.") % {
            "day": long_date(consultation.closes_on)
        }
    if consultation.is_open_on(today):
        return None
    if today < consultation.opens_on or consultation.status == ConsultationStatus.PLANNED:
        return _("Høringen åpner %(day)s.") % {"day": long_date(consultation.opens_on)}
    return _("Høringen ble avsluttet %(day)s, så innspill kan ikke skrives eller endres.") % {
        "day": long_date(consultation.closes_on)
    }


def answer_problem(consultation: Consultation) -> str | None:
    """Return why comments are not answered now, or ``None`` from when it has closed until the answers are sent."""
    if consultation.status in {ConsultationStatus.PLANNED, ConsultationStatus.OPEN}:
        return _("Innspill besvares når høringen er avsluttet.")
    if not consultation.is_closed:
        return _("Svarene er sendt, eller høringen er avlyst, så svaret kan ikke endres.")
    return None


def hearing_problem(strategy: Strategy, adopted_on: date) -> str | None:
    """Return why the strategy cannot have been adopted that day: those who were asked were not heard to the end."""
    nobody = [ConsultationStatus.CANCELLED, ConsultationStatus.UNHEARD]
    latest = strategy.consultations.exclude(status__in=nobody).order_by("-closes_on").first()
    if latest is None:
        return None
    words = {"day": long_date(latest.closes_on)}
    if latest.is_standing:
        return (
            _("Strategien er på høring til og med %(day)s. Vent til den er avsluttet, eller avlys den.")
            % words
        )
    if adopted_on <= latest.closes_on:
        return _("Høringen varte til og med %(day)s. Vedtaket kan ikke være gjort før den var slutt.") % words
    return None


def can_be_held_anew(consultation: Consultation) -> bool:
    """Tell whether nobody was heard, and the draft can be sent out again."""
    strategy = consultation.strategy
    return (
        consultation.is_unheard and not strategy.is_adopted and not strategy.consultations.standing().exists()
    )


def strategy_is_a_draft(consultation: Consultation, /) -> str | None:
    return (
        _("Strategien er vedtatt, så høringen kan ikke åpnes.") if consultation.strategy.is_adopted else None
    )


def nothing_is_answered(consultation: Consultation, /) -> str | None:
    if ConsultationAnswer.objects.filter(comment__point__consultation=consultation).exists():
        return _("Dere har begynt å svare. Avslutt denne høringen og åpne en ny hvis flere skal bli hørt.")
    return None


def everything_is_answered(consultation: Consultation, /) -> str | None:
    rest = (
        ConsultationComment.objects.standing().filter(point__consultation=consultation, answer=None).count()
    )
    return _("%(count)d innspill er ikke besvart ennå.") % {"count": rest} if rest else None
