"""What the case paper says of a pilot: what is believed, its cap, its last day, when it stops, and how it went."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from core.formats import kroner, long_date
from governance.paper_parts import PaperPart

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

    from benefits.models import Pilot
    from governance.models import Initiative


def said_of(pilot: Pilot) -> list[tuple[StrOrPromise, str]]:
    """Return what is written of a pilot, as pairs of words."""
    rows: list[tuple[StrOrPromise, str]] = [
        (_("Hva dere tror, og hvorfor"), pilot.hypothesis), (_("Kan koste på det meste"), kroner(pilot.cap)),
        (_("Ferdig"), long_date(pilot.ends_on)), (_("Stopper før tiden"), pilot.stop_criterion),
    ]  # fmt: skip
    if pilot.is_concluded:
        rows += [(_("Resultat"), str(pilot.get_outcome_display())), (_("Hva dere lærte"), pilot.learned)]
    return rows


def pilot_part(initiative: Initiative) -> PaperPart | None:
    pilot: Pilot | None = getattr(initiative, "pilot", None)
    return None if pilot is None else PaperPart(_("Utprøving"), said_of(pilot))
