"""The states, kinds and scales of deviations: code in database and API, label on screen (domain/states)."""

from __future__ import annotations

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Status(TextChoices):
    DRAFT = "draft", _("Kladd")
    REPORTED = "reported", _("Meldt")
    RECEIVED = "received", _("Mottatt")
    IN_PROGRESS = "in_progress", _("Under behandling")
    AWAITING_REPORTER = "awaiting_reporter", _("Venter på svar fra melder")
    ACTIONS_RUNNING = "actions_running", _("Tiltak pågår")
    EVALUATING = "evaluating", _("Effekt vurderes")
    CLOSED = "closed", _("Lukket")
    DISMISSED = "dismissed", _("Avvist")
    TRANSFERRED = "transferred", _("Overført til annet system")
    MERGED = "merged", _("Slått sammen med et annet avvik")


class Kind(TextChoices):
    """What is reported (catalogue, *meldingsarter*)."""

    DEVIATION = "deviation", _("Avvik")
    NEAR_MISS = "near_miss", _("Nestenulykke")
    DANGEROUS_CONDITION = "dangerous_condition", _("Farlig forhold")
    SUGGESTION = "suggestion", _("Forbedringsforslag")
    POSITIVE = "positive", _("Noe som gikk bra")


class Category(TextChoices):
    HMS = "hms", _("Helse, miljø og sikkerhet")
    SERVICE = "service", _("Tjeneste")
    ENVIRONMENT = "environment", _("Ytre miljø")
    ORGANIZATION = "organization", _("Organisasjon")
    INFORMATION_SECURITY = "information_security", _("Informasjonssikkerhet og personvern")


class Danger(TextChoices):
    """The reporter's answer to whether somebody is hurt or in danger."""

    NONE = "none", _("Nei")
    INJURED = "injured", _("Ja, noen er skadet")
    ONGOING = "ongoing", _("Ja, det er fare nå")
    UNSURE = "unsure", _("Usikker")


class Anonymity(TextChoices):
    """How far the reporter's name goes.

    Hidden: the name is kept, but nobody who handles the case sees it.  Anonymous: the name
    is never written anywhere; a code lets the reporter follow the case.
    """

    OPEN = "open", _("Vis navnet mitt")
    HIDDEN = "hidden", _("Skjul navnet mitt for den som behandler saken")
    ANONYMOUS = "anonymous", _("Helt anonymt")


class Severity(IntegerChoices):
    LOW = 1, _("Lav")
    MEDIUM = 2, _("Middels")
    HIGH = 3, _("Høy")
    CRITICAL = 4, _("Kritisk")


SEVERE = (Severity.HIGH, Severity.CRITICAL)
SEVERITY_HELP = {
    Severity.LOW: _("Ingen eller ubetydelig følge"),
    Severity.MEDIUM: _("Ubehag, mindre skade eller kort stans"),
    Severity.HIGH: _("Skade med behandling, lovbrudd eller vesentlig tap"),
    Severity.CRITICAL: _("Død, varig skade, fare for liv eller stor personvernkonsekvens"),
}


class Effect(TextChoices):
    """Whether the corrective actions worked, as it stands when the case is closed."""

    WORKED = "worked", _("Ja, tiltakene virker")
    PARTLY = "partly", _("Delvis")
    NOT = "not", _("Nei")


S = Status
FINAL = frozenset({S.CLOSED, S.DISMISSED, S.TRANSFERRED, S.MERGED})
OPEN = frozenset(Status) - FINAL - {S.DRAFT}
HANDLED = frozenset({S.IN_PROGRESS, S.AWAITING_REPORTER, S.ACTIONS_RUNNING, S.EVALUATING})
"""States in which somebody has taken the case in hand."""
UNHURT = frozenset({Kind.SUGGESTION, Kind.POSITIVE})
"""Kinds without severity, duties and evaluation (domain/states)."""

STAGES: tuple[tuple[str, object, frozenset[Status]], ...] = (
    ("reported", _("Meldt"), frozenset({S.REPORTED})),
    ("received", _("Mottatt"), frozenset({S.RECEIVED})),
    ("handling", _("Behandles"), frozenset({S.IN_PROGRESS, S.AWAITING_REPORTER})),
    ("actions", _("Tiltak"), frozenset({S.ACTIONS_RUNNING})),
    ("effect", _("Effekt"), frozenset({S.EVALUATING})),
    ("closed", _("Lukket"), frozenset({S.CLOSED})),
)
TONES: dict[str, str] = {
    S.DRAFT: "neutral", S.REPORTED: "warning", S.RECEIVED: "info", S.IN_PROGRESS: "info",
    S.AWAITING_REPORTER: "warning", S.ACTIONS_RUNNING: "info", S.EVALUATING: "info", S.CLOSED: "success",
    S.DISMISSED: "neutral", S.TRANSFERRED: "neutral", S.MERGED: "neutral",
}  # fmt: skip
SEVERITY_TONES: dict[int, str] = {
    Severity.LOW: "neutral", Severity.MEDIUM: "info", Severity.HIGH: "warning", Severity.CRITICAL: "danger",
}  # fmt: skip
