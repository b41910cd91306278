"""What the case paper and the intake say of a pilot: what is believed, its cap, its last day, and when it stops."""

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
    """Return the limits a pilot begins with, as pairs of words.  How it went is no part of what was decided on."""
    return [
        (_("Hva dere tror, og hvorfor"), pilot.hypothesis), (_("Kan koste på det meste"), kroner(pilot.cap)),
        (_("Ferdig"), long_date(pilot.ends_on)), (_("Stopper før tiden"), pilot.stop_criterion),
    ]  # fmt: skip


def pilot_part(initiative: Initiative) -> PaperPart | None:
    pilot: Pilot | None = getattr(initiative, "pilot", None)
    return None if pilot is None else PaperPart(_("Utprøving"), said_of(pilot))
