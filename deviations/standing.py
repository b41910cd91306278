"""Where a case stands, in the words its reporter is told: what happens now, whose turn it is, and by when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.formats import long_date
from deviations.models import Status

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

    from deviations.models import Deviation

S = Status
_LONGEST_TITLE = 90
_WORDS: dict[str, tuple[StrOrPromise, StrOrPromise]] = {
    S.DRAFT: (gettext_lazy("Meldingen er ikke sendt."), ""),
    S.REPORTED: (
        gettext_lazy("%(receiver)s har fått meldingen."),
        gettext_lazy("%(receiver)s skal ta imot saken innen %(due)s."),
    ),
    S.RECEIVED: (
        gettext_lazy("%(receiver)s har tatt imot saken."),
        gettext_lazy("Saken skal være behandlet innen %(due)s."),
    ),
    S.IN_PROGRESS: (
        gettext_lazy("%(handler)s ser på saken."),
        gettext_lazy("Saken skal være behandlet innen %(due)s."),
    ),
    S.AWAITING_REPORTER: (
        gettext_lazy("%(handler)s har spurt deg om noe."),
        gettext_lazy("Svar helst innen %(due)s, så kan saken gå videre."),
    ),
    S.ACTIONS_RUNNING: (
        gettext_lazy("Tiltak er satt i gang."),
        gettext_lazy("Tiltakene skal være gjort innen %(due)s."),
    ),
    S.EVALUATING: (
        gettext_lazy("Tiltakene er gjort."),
        gettext_lazy("%(handler)s vurderer innen %(due)s om de virker."),
    ),
    S.CLOSED: (gettext_lazy("Saken er lukket."), ""),
    S.DISMISSED: (gettext_lazy("Saken er avvist."), ""),
    S.TRANSFERRED: (gettext_lazy("Saken følges opp i %(elsewhere)s."), ""),
    S.MERGED: (gettext_lazy("Saken er slått sammen med en annen, og følges opp der."), ""),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """``now`` and ``next`` are sentences; ``whose`` a name, or «deg», and empty when nobody's."""

    now: str
    next: str
    whose: str
    is_yours: bool


def own_title(case: Deviation) -> str:
    """Return what its reporter knows the case by: the title, the type, or the beginning of the own words."""
    return case.title or case.type_name or Truncator(case.description).chars(_LONGEST_TITLE)


def standing_of(case: Deviation) -> Standing:
    """Return where ``case`` stands, for its reporter.  Reads ``responsible`` and ``handler``."""
    now, later = _WORDS[case.status]
    yours = case.status in {S.AWAITING_REPORTER, S.DRAFT}
    receiver = str(case.responsible or _("lederen"))
    handler = str(case.handler or receiver)
    words = {
        "receiver": receiver, "handler": handler, "elsewhere": case.transferred_to,
        "due": long_date(case.due_on) if case.due_on else "",
    }  # fmt: skip
    holder = receiver if case.status in {S.REPORTED, S.RECEIVED} else handler
    whose = _("deg") if yours else holder if case.is_open else ""
    return Standing(str(now) % words, str(later) % words if case.due_on else "", whose, yours)
