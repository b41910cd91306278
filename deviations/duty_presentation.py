"""Turn statutory duties into what pages show: why they began, how long is left, and what is stamped.

Nothing is decided here.  A deadline that the law does not give in hours is never put as a time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.formats import NBSP, moment
from core.presentation import Actions, actions_of
from deviations import policies
from deviations.models import Duty, DutyStatus, DutyTemplate, Stamp
from deviations.triage import answer_in_words
from deviations.workflow import duty_workflow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet
    from django.utils.functional import _StrOrPromise as StrOrPromise

    from core.actors import Actor
    from deviations.models import Deviation

_NEAR = timedelta(hours=24)
_VERY_NEAR = timedelta(hours=6)
_SHOWN_IN_HOURS = timedelta(hours=100)
TONES: dict[str, str] = {
    DutyStatus.OPEN: "warning",
    DutyStatus.DONE: "success",
    DutyStatus.NOT_NOTIFIABLE: "neutral",
}
_WITHOUT_HOURS: dict[str, tuple[StrOrPromise, str]] = {
    DutyTemplate.Deadline.IMMEDIATELY: (gettext_lazy("Straks"), "danger"),
    DutyTemplate.Deadline.SOON: (gettext_lazy("Snarest mulig"), "warning"),
    DutyTemplate.Deadline.CLARIFY: (gettext_lazy("Avklar frist"), "warning"),
}


@dataclass(frozen=True, slots=True)
class Clock:
    """How a duty stands against its deadline: a few words, a tone, and a line that explains."""

    text: str
    tone: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyCard:
    """One duty as a page shows it."""

    duty: Duty
    tone: str
    clock: Clock | None
    answer: str
    stamps: Sequence[Stamp]
    may_judge: bool
    actions: Actions

    @property
    def done(self) -> int:
        return sum(1 for stamp in self.stamps if stamp.done_at)

    @property
    def progress(self) -> str:
        return _("%(done)s av %(all)s punkter er stemplet") % {"done": self.done, "all": len(self.stamps)}

    @property
    def phone(self) -> str:
        """The number, never broken over two lines."""
        return self.duty.phone.replace(" ", NBSP)

    @property
    def phone_url(self) -> str:
        """The number as a phone dials it."""
        digits = re.sub(r"[^0-9+]", "", self.duty.phone)
        return f"tel:{digits}" if digits else ""

    @property
    def is_urgent(self) -> bool:
        return self.clock is not None and self.clock.tone == "danger"

    @property
    def may_stamp(self) -> bool:
        return self.may_judge and self.duty.is_open


def duties_context(
    case: Deviation, actor: Actor, *, loaded: Sequence[Duty] | None = None, now: datetime | None = None
) -> dict[str, Any]:
    """Return the duties of ``case`` for the template ``deviations/duty_list.html``, in three queries.

    Whoever sees the case without its words gets none of them.

    :param loaded: the duties where a page has them already, from ``duties_of``.
    """
    at = now or timezone.now()
    rows = with_stamps(Duty.objects.visible_to(actor).filter(deviation=case)) if loaded is None else loaded
    answers = {answer.wording: answer.value for answer in case.answers.all()} if rows else {}
    for duty in rows:
        duty.deviation = case
    cards = [card_of(duty, actor, answers, now=at) for duty in rows]
    cards.sort(key=lambda card: (not card.duty.is_open, not card.is_urgent, card.duty.pk))
    return {
        "duties": cards,
        "urgent_duties": [card for card in cards if card.duty.is_open and card.is_urgent],
    }


def duties_of(actor: Actor) -> Prefetch:
    """Return what loads the duties of a case once, for its buttons and for their list."""
    return Prefetch("duties", queryset=with_stamps(Duty.objects.visible_to(actor)))


def with_stamps(rows: QuerySet[Duty]) -> QuerySet[Duty]:
    """Load what a card shows."""
    stamps = Prefetch("stamps", queryset=Stamp.objects.select_related("done_by"))
    return rows.select_related("judged_by").prefetch_related(stamps)


def card_of(duty: Duty, actor: Actor, answers: dict[str, str], *, now: datetime) -> DutyCard:
    """Return one duty as a card.  ``answers`` maps the wording of questions to what was answered."""
    return DutyCard(
        duty=duty,
        tone=TONES[duty.status],
        clock=clock_of(duty, now) if duty.is_open else None,
        answer=answer_in_words(answers.get(duty.started_by, "")),
        stamps=list(duty.stamps.all()),
        may_judge=policies.may_judge_duty(actor, duty),
        actions=_actions(duty, actor),
    )


def _actions(duty: Duty, actor: Actor) -> Actions:
    """Return the steps; the last stamp completes a duty by itself, so that one stands only where all are set."""
    offers = [offer for offer in duty_workflow.offers(duty, actor) if offer.is_ready]
    return actions_of(offers, lambda name: reverse("deviations:duty_transition", args=[duty.pk, name]))


def clock_of(duty: Duty, now: datetime) -> Clock:
    """Return how long is left, or how urgent it is where the law gives no hours."""
    if met := _met(duty):
        return met
    discovered = _("Oppdaget %(moment)s, for %(span)s siden.") % {
        "moment": moment(duty.deviation.discovered_at), "span": span(now - duty.deviation.discovered_at),
    }  # fmt: skip
    if duty.due_at is None:
        text, tone = _WITHOUT_HOURS.get(duty.deadline, _WITHOUT_HOURS[DutyTemplate.Deadline.CLARIFY])
        return Clock(str(text), tone, discovered)
    left = duty.due_at - now
    is_over = left <= timedelta(0)
    words = _("Fristen var %(moment)s") if is_over else _("Fristen er %(moment)s")
    due = _("%(deadline)s, regnet fra det ble oppdaget.") % {
        "deadline": words % {"moment": moment(duty.due_at)}
    }
    if is_over:
        return Clock(
            _("Fristen gikk ut for %(span)s siden") % {"span": span(-left)}, "danger", f"{due} {discovered}"
        )
    tone = "danger" if left <= _VERY_NEAR else "warning" if left <= _NEAR else "info"
    return Clock(_("%(span)s igjen") % {"span": span(left)}, tone, f"{due} {discovered}")


def _met(duty: Duty) -> Clock | None:
    """Return the clock of a duty that is told as the deadline asks, though more of it remains."""
    times = [stamp.done_at for stamp in duty.stamps.all() if stamp.meets_deadline]
    done = [time for time in times if time is not None]
    if not done or len(done) < len(times):
        return None
    note = _("Meldt %(moment)s. Resten av sjekklista gjenstår.") % {"moment": moment(max(done))}
    if duty.due_at is None:
        return Clock(_("Meldt"), "success", note)
    if max(done) <= duty.due_at:
        return Clock(_("Meldt i tide"), "success", note)
    late = span(max(done) - duty.due_at)
    return Clock(_("Meldt %(span)s etter fristen") % {"span": late}, "warning", note)


def span(length: timedelta) -> str:
    """Write a length of time in whole hours, begun ones not counted: «62 timer», «1 time og 20 minutter», «9 døgn»."""
    minutes = max(int(length.total_seconds()) // 60, 0)
    hours, rest = divmod(minutes, 60)
    if length >= _SHOWN_IN_HOURS:
        return ngettext("%(n)d døgn", "%(n)d døgn", hours // 24) % {"n": hours // 24}
    if hours > 1:
        return ngettext("%(n)d time", "%(n)d timer", hours) % {"n": hours}
    parts = [
        ngettext("%(n)d time", "%(n)d timer", hours) % {"n": hours} if hours else "",
        ngettext("%(n)d minutt", "%(n)d minutter", rest) % {"n": rest} if rest else "",
    ]
    return _(" og ").join(filter(None, parts)) or _("under ett minutt")
