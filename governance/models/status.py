"""The states of an initiative: code in database and API, label on screen (domain/states)."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Status(TextChoices):
    DRAFT = "draft", _("Kladd")
    SUBMITTED = "submitted", _("Innmeldt")
    AWAITING_ENDORSEMENT = "awaiting_endorsement", _("Til forankring hos sektorleder")
    NOT_ENDORSED = "not_endorsed", _("Ikke tilrådd av sektorleder")
    RECEIVED = "received", _("Mottatt i sekretariatet")
    RETURNED = "returned", _("Returnert for komplettering")
    UNDER_PREPARATION = "under_preparation", _("Under utredning")
    FAST_TRACK = "fast_track", _("Til avgjørelse i sekretariatet")
    READY_FOR_COUNCIL = "ready_for_council", _("Klar for digitaliseringsrådet")
    ON_AGENDA = "on_agenda", _("Satt på saksliste")
    POSTPONED = "postponed", _("Utsatt")
    SENT_BACK = "sent_back", _("Sendt tilbake for ny utredning")
    PRIORITIZED = "prioritized", _("Prioritert av rådet")
    RECOMMENDED = "recommended", _("Innstilt til kommunedirektør eller politisk nivå")
    REJECTED = "rejected", _("Avslått")
    ON_HOLD = "on_hold", _("I kø")
    ADOPTED = "adopted", _("Vedtatt")
    IN_PORTFOLIO = "in_portfolio", _("I porteføljen")
    PAUSED = "paused", _("Satt på vent i gjennomføring")
    STOPPED = "stopped", _("Stoppet")
    REALIZING = "realizing", _("Gevinstrealisering i linjen")
    CLOSED = "closed", _("Lukket")
    WITHDRAWN = "withdrawn", _("Trukket")
    MERGED = "merged", _("Slått sammen med et annet tiltak")
    REFERRED = "referred", _("Henvist videre")


S = Status
FINAL = frozenset({S.REJECTED, S.STOPPED, S.CLOSED, S.WITHDRAWN, S.MERGED, S.REFERRED})
UNDER_WAY = frozenset({S.IN_PORTFOLIO, S.PAUSED, S.REALIZING})
ADOPTED_AND_LATER = frozenset({S.ADOPTED, S.IN_PORTFOLIO, S.PAUSED, S.STOPPED, S.REALIZING, S.CLOSED})
EDITABLE_BY_SUBMITTER = frozenset({S.DRAFT, S.RETURNED})
# Where the case paper is written, and where people are heard.
WRITABLE = frozenset(
    {S.UNDER_PREPARATION, S.READY_FOR_COUNCIL, S.ON_AGENDA, S.POSTPONED, S.SENT_BACK, S.ON_HOLD}
)
# Where assessors give points: received, and not decided.
SCORABLE = WRITABLE | {S.RECEIVED}
HEARABLE = frozenset({S.RECEIVED, S.UNDER_PREPARATION})

# The stages a newcomer thinks in.  Filters and the stepper of a case use them.
STAGES: tuple[tuple[str, object, frozenset[Status]], ...] = (
    ("intake", _("Innmelding"), frozenset({S.DRAFT, S.SUBMITTED, S.RETURNED})),
    ("endorsement", _("Forankring"), frozenset({S.AWAITING_ENDORSEMENT, S.NOT_ENDORSED})),
    (
        "secretariat",
        _("Sekretariat"),
        frozenset({S.RECEIVED, S.UNDER_PREPARATION, S.FAST_TRACK, S.SENT_BACK}),
    ),
    ("council", _("Råd"), frozenset({S.READY_FOR_COUNCIL, S.ON_AGENDA, S.POSTPONED, S.ON_HOLD})),
    ("decision", _("Vedtak"), frozenset({S.PRIORITIZED, S.RECOMMENDED, S.ADOPTED})),
    ("portfolio", _("Portefølje"), frozenset({S.IN_PORTFOLIO, S.PAUSED})),
    ("benefits", _("Gevinster"), frozenset({S.REALIZING, S.CLOSED})),
)
_STAGE_OF: dict[str, str] = {state: key for key, _label, states in STAGES for state in states}

TONES: dict[str, str] = {
    S.DRAFT: "neutral", S.RETURNED: "warning", S.NOT_ENDORSED: "warning", S.POSTPONED: "warning",
    S.SENT_BACK: "warning", S.ON_HOLD: "warning", S.PAUSED: "warning", S.REJECTED: "danger",
    S.STOPPED: "danger", S.ADOPTED: "success", S.IN_PORTFOLIO: "success", S.REALIZING: "success",
    S.CLOSED: "success", S.PRIORITIZED: "success", S.RECOMMENDED: "success", S.WITHDRAWN: "neutral",
    S.MERGED: "neutral", S.REFERRED: "neutral",
}  # fmt: skip


def stage_of(status: str) -> str:
    """Return the key of the stage ``status`` belongs to, or ``ended`` for those outside the line."""
    return _STAGE_OF.get(status, "ended")
