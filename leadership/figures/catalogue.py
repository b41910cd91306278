"""The numbers of the page: how each is measured, what it means, and which way is better."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from deviations.figures.scope import View
from leadership.figures import parts, rows
from leadership.models import Key

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from django.utils.functional import _StrOrPromise as StrOrPromise

    from leadership.areas import Place
    from leadership.figures.parts import Part

HUNDRED = 100


class Kind(Enum):
    """What a number is written as: how many, a share of a whole, or days."""

    COUNT = "count"
    SHARE = "share"
    DAYS = "days"


class Better(Enum):
    LESS = "less"
    MORE = "more"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Measured:
    """What a number is; ``whole`` is what it is a part of, or how many it is the median of."""

    value: Decimal | None
    whole: Decimal | None

    def score(self, kind: Kind) -> Decimal | None:
        """Return what is shown, compared and held against a target."""
        if kind != Kind.SHARE:
            return self.value
        if self.value is None or not self.whole:
            return None
        return self.value / self.whole * HUNDRED


def _of_everybody(_place: Place) -> bool:
    return True


def _of_line(place: Place) -> bool:
    return place.view == View.LINE


def _of_counting(place: Place) -> bool:
    return place.view is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """``measure`` gives the value and its whole as SQL; ``definition`` says what is counted, in words.

    ``has_past``: what it was is computed from the rows themselves, for who looks; else it is kept each night.
    """

    key: Key
    kind: Kind
    better: Better
    definition: StrOrPromise
    measure: Callable[[Place], tuple[Part, Part]]
    is_shown: Callable[[Place], bool] = _of_everybody
    has_past: bool = False

    @property
    def label(self) -> str:
        return str(self.key.label)

    @property
    def may_have_target(self) -> bool:
        """Whether a target can do good: one for how much is reported would only teach people to keep quiet."""
        return self.better != Better.NEITHER


def _needy(place: Place) -> tuple[Part, Part]:
    return parts.count(rows.needy(place)), parts.count(rows.running(place))


def _money(place: Place) -> tuple[Part, Part]:
    lines = rows.money(place)
    return parts.total(lines, "forecast"), parts.total(lines, "budget")


def _measurements(place: Place) -> tuple[Part, Part]:
    due = rows.measurements(place)
    return parts.count(due.filter(~Q(value=None))), parts.count(due)


def _queue(place: Place) -> tuple[Part, Part]:
    return parts.count(rows.queue(place)), parts.NONE


def _deciding(place: Place) -> tuple[Part, Part]:
    ended = rows.decided(place)
    return parts.median(ended, "days"), parts.count(ended)


def _reported(place: Place) -> tuple[Part, Part]:
    return parts.count(rows.reported(place)), parts.NONE


def _closing(place: Place) -> tuple[Part, Part]:
    ended = rows.closed(place)
    return parts.median(ended, "days"), parts.count(ended)


def _duties(place: Place) -> tuple[Part, Part]:
    return parts.count(rows.duties(place)), parts.NONE


def _actions(place: Place) -> tuple[Part, Part]:
    return parts.count(rows.actions(place)), parts.NONE


FIGURES: tuple[Figure, ...] = (
    Figure(
        key=Key.NEEDY, kind=Kind.COUNT, better=Better.LESS, measure=_needy,
        definition=_(
            "Prosjekter som er i gang eller på vent, der siste publiserte statusrapport sier «Trenger hjelp» på minst ett av seks "
            "områder. Drift og forvaltning og skjermede prosjekter er ikke med."
        ),
    ),
    Figure(
        key=Key.MONEY, kind=Kind.SHARE, better=Better.LESS, measure=_money,
        definition=_(
            "Prognosen for året delt på budsjettet for året, i alle prosjekter som har budsjettlinjer. Over 100 % er mer enn budsjettet. "
            "Drift og forvaltning og skjermede prosjekter er ikke med."
        ),
    ),
    Figure(
        key=Key.BENEFITS, kind=Kind.SHARE, better=Better.MORE, measure=_measurements,
        definition=_("Målinger av gevinster som skulle vært gjort fra nyttår til i dag, og hvor mange av dem som er gjort."),
    ),
    Figure(
        key=Key.QUEUE, kind=Kind.COUNT, better=Better.LESS, measure=_queue,
        definition=_("Tiltak som er meldt inn, og som verken er vedtatt, avslått, trukket eller henvist videre."),
    ),
    Figure(
        key=Key.DECIDING, kind=Kind.DAYS, better=Better.LESS, measure=_deciding, has_past=True,
        definition=_("Median fra tiltaket ble meldt inn til det ble vedtatt eller avslått, for det som ble avgjort siste år."),
    ),
    Figure(
        key=Key.REPORTED, kind=Kind.COUNT, better=Better.NEITHER, measure=_reported, is_shown=_of_counting, has_past=True,
        definition=_("Avvik meldt de siste 30 dagene, av dem du kan se. Flere meldinger kan bety at flere sier fra."),
    ),
    Figure(
        key=Key.CLOSING, kind=Kind.DAYS, better=Better.LESS, measure=_closing, is_shown=_of_counting, has_past=True,
        definition=_("Median fra avviket ble meldt til det ble lukket, for dem som ble lukket de siste 30 dagene."),
    ),
    Figure(
        key=Key.DUTIES, kind=Kind.COUNT, better=Better.LESS, measure=_duties, is_shown=_of_line, has_past=True,
        definition=_("Lovpålagte meldinger, for eksempel til Datatilsynet, der fristen er gått ut uten at den er oppfylt."),
    ),
    Figure(
        key=Key.ACTIONS, kind=Kind.COUNT, better=Better.LESS, measure=_actions, is_shown=_of_line, has_past=True,
        definition=_("Tiltak etter avvik som har passert fristen og ikke er utført. Avviste tiltak er ikke med."),
    ),
)  # fmt: skip
BY_KEY: dict[str, Figure] = {figure.key.value: figure for figure in FIGURES}


def shown_in(place: Place) -> list[Figure]:
    """Return the numbers that the actor may see of the area."""
    return [figure for figure in FIGURES if figure.is_shown(place)]


def measure(figures: list[tuple[Figure, Place]]) -> list[Measured]:
    """Return several numbers, by one statement."""
    asked = [part for figure, place in figures for part in figure.measure(place)]
    answers = parts.ask(asked)
    return [Measured(answers[at], answers[at + 1]) for at in range(0, len(answers), 2)]
